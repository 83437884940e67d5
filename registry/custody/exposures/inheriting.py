"""What was made of an exposed sample was exposed in it, until it was made."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from registry.custody.exposures.models import Exposure
from registry.custody.exposures.present import INSTANT, exposed
from registry.custody.exposures.tracing import Time, without
from registry.custody.models import CustodyAct, Holding
from registry.persistence import registry_session, rows_for
from registry.samples.descent import DESCENT
from registry.storage.temperatures.models import KnownExcursion, Probe
from registry.vocab.custody import HolderKind

_VALUES: sa.BindParameter[int] = sa.bindparam("values", expanding=True)


def unjudged(excursion: KnownExcursion) -> Mapping[int, Sequence[Time]]:
    """The times for which each sample that is not destroyed still has to be decided of.

    A child has those of its parent up to the moment when it was made, but for
    what had been decided of the parent by then.
    """
    judged = _judged(excursion)
    found = dict(exposed(excursion))
    parents: Mapping[int, Sequence[Time]] = found
    while parents:
        children: dict[int, Sequence[Time]] = {}
        for child in _children(parents):
            made_at = child.made_at
            left = without(parents[child.parent_id], judged.of(child.parent_id, made_at))
            if handed := [(begin, min(end, made_at)) for begin, end in left if begin < made_at]:
                # A pool has those of each of its parents.
                children[child.id] = [*children.get(child.id, ()), *handed]
        for child_id, times in children.items():
            found[child_id] = [*found.get(child_id, ()), *times]
        parents = children
    gone = _destroyed(found)
    return {
        sample_id: without(times, judged.of(sample_id))
        for sample_id, times in found.items()
        if sample_id not in gone
    }


@dataclass(frozen=True)
class _Child:
    id: int
    parent_id: int
    made_at: datetime


def _children(parent_ids: Collection[int]) -> Sequence[_Child]:
    rows = rows_for(
        registry_session,
        sa.select(DESCENT.c.child_id, DESCENT.c.parent_id, CustodyAct.happened_at)
        .join(CustodyAct, (CustodyAct.sample_id == DESCENT.c.child_id) & (CustodyAct.seq == 1))
        .where(DESCENT.c.parent_id.in_(_VALUES)),
        parent_ids,
    )
    return [_Child(*row) for row in rows]


def _destroyed(sample_ids: Collection[int]) -> frozenset[int]:
    rows = rows_for(
        registry_session,
        sa.select(Holding.sample_id).where(
            Holding.sample_id.in_(_VALUES), Holding.kind == HolderKind.DESTROYED
        ),
        sample_ids,
    )
    return frozenset(row[0] for row in rows)


class _Judged:
    """The times that were decided of, and when that was."""

    def __init__(self) -> None:
        self._times: dict[int, list[tuple[Time, datetime]]] = defaultdict(list)

    def add(self, sample_id: int, time: Time, decided_at: datetime) -> None:
        self._times[sample_id].append((time, decided_at))

    def of(self, sample_id: int, by: datetime | None = None) -> Sequence[Time]:
        """Those of a sample: all, or what had been decided by a moment."""
        found = self._times.get(sample_id, ())
        return [time for time, decided_at in found if by is None or decided_at <= by]


def _judged(excursion: KnownExcursion) -> _Judged:
    """What was decided of samples of the probe, when it was known to be as bad as it was."""
    worst = excursion.probe.bounds.beyond(excursion.peak)
    rows = registry_session.execute(
        sa.select(
            Exposure.sample_id,
            Exposure.since,
            Exposure.until,
            Exposure.peak,
            Exposure.decided_at,
        )
        .join(KnownExcursion, KnownExcursion.id == Exposure.excursion_id)
        .join(Probe, Probe.id == KnownExcursion.probe_id)
        .where(
            Probe.id == excursion.probe.id,
            Exposure.decision.is_not(None),
            Exposure.since <= excursion.end,
            Exposure.until >= excursion.start,
        )
    )
    found = _Judged()
    for sample_id, since, until, peak, decided_at in rows:
        if peak is None or decided_at is None:
            continue
        if excursion.probe.bounds.beyond(peak) >= worst:
            found.add(sample_id, (since, until + INSTANT), decided_at)
    return found
