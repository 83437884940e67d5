"""Reading who was in a place then: every sample whose acts, or whose box, were ever there."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

import sqlalchemy as sa

from registry.custody.exposures.tracing import Standing, Stay, Step, Time, presence
from registry.custody.models import CustodyAct
from registry.persistence import registry_session, rows_for
from registry.storage.models import StorageUnit, UnitStay
from registry.storage.temperatures.models import KnownExcursion
from registry.vocab.custody import HolderKind
from registry.vocab.storage import UnitKind

#: An excursion ends with the last moment of it, a time just before its end.
INSTANT = timedelta(microseconds=1)


def exposed(excursion: KnownExcursion) -> Mapping[int, Sequence[Time]]:
    """When each sample, also one that is no more, was in the place during the excursion."""
    window = excursion.start, excursion.end + INSTANT
    unit = excursion.probe.unit
    stays, boxes = _stays(unit.site_id)
    standing = Standing(stays)
    inside = [box_id for box_id in boxes if standing.within(box_id, unit.id, window)]
    found = {
        sample_id: presence(steps, standing, unit.id, window)
        for sample_id, steps in _steps(inside, excursion).items()
    }
    return {sample_id: times for sample_id, times in found.items() if times}


def count_assumed(excursion: KnownExcursion) -> int:
    """How many boxes of the place are taken for having stood where they stood when that was
    first kept, after the excursion began."""
    unit = excursion.probe.unit
    stays, boxes = _stays(unit.site_id)
    standing = Standing(stays)
    window = excursion.start, excursion.end + INSTANT
    kept = _kept_since_before(excursion)
    return sum(
        1 for box_id in boxes if box_id not in kept and standing.within(box_id, unit.id, window)
    )


def _kept_since_before(excursion: KnownExcursion) -> frozenset[int]:
    """The places of which it was kept where they stood when the excursion began."""
    rows = registry_session.scalars(
        sa.select(UnitStay.unit_id)
        .join(StorageUnit, StorageUnit.id == UnitStay.unit_id)
        .where(
            StorageUnit.site_id == excursion.site_id,
            UnitStay.since <= excursion.start,
        )
    )
    return frozenset(rows)


def _stays(site_id: int) -> tuple[Mapping[int, Sequence[Stay]], Sequence[int]]:
    """Where every place of a site stood over time, and which of them are boxes."""
    found: dict[int, list[Stay]] = defaultdict(list)
    kept = registry_session.execute(
        sa.select(UnitStay.unit_id, UnitStay.parent_id, UnitStay.since)
        .join(StorageUnit, StorageUnit.id == UnitStay.unit_id)
        .where(StorageUnit.site_id == site_id)
        .order_by(UnitStay.id)
    )
    for unit_id, parent_id, since in kept:
        found[unit_id].append(Stay(parent_id, since))
    boxes = []
    now = registry_session.execute(
        sa.select(StorageUnit.id, StorageUnit.parent_id, StorageUnit.kind).where(
            StorageUnit.site_id == site_id
        )
    )
    for unit_id, parent_id, kind in now:
        if unit_id not in found:
            found[unit_id].append(Stay(parent_id, None))
        if kind is UnitKind.BOX:
            boxes.append(unit_id)
    return found, boxes


def _steps(box_ids: Sequence[int], excursion: KnownExcursion) -> Mapping[int, Sequence[Step]]:
    """The acts on every sample that was in one of these boxes by the end of the excursion."""
    came = (
        sa.select(CustodyAct.sample_id)
        .where(
            CustodyAct.box_id.in_(sa.bindparam("values", expanding=True)),
            CustodyAct.holder_after == HolderKind.POSITION,
            CustodyAct.happened_at <= excursion.end,
        )
        .distinct()
    )
    sample_ids = {row[0] for row in rows_for(registry_session, came, box_ids)}
    acts = (
        sa.select(
            CustodyAct.sample_id,
            CustodyAct.id,
            CustodyAct.happened_at,
            CustodyAct.holder_after,
            CustodyAct.box_id,
            CustodyAct.corrects_id,
        )
        .where(CustodyAct.sample_id.in_(sa.bindparam("values", expanding=True)))
        .order_by(CustodyAct.sample_id, CustodyAct.seq)
    )
    found: dict[int, list[Step]] = defaultdict(list)
    for sample_id, act_id, at, holder, box_id, corrects in rows_for(
        registry_session, acts, sample_ids
    ):
        there = box_id if holder is HolderKind.POSITION else None
        found[sample_id].append(Step(act_id, at, there, corrects))
    return found
