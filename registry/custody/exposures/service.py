"""Recording what probes read, with the samples it concerns, and deciding of each.

The probe or the excursion is locked first, then samples, as everybody does.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.custody import policies as custody, recording
from registry.custody.exposures.inheriting import unjudged
from registry.custody.exposures.models import Exposure
from registry.custody.incidents import service as incidents
from registry.custody.incidents.models import Incident
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import Message, T
from registry.persistence import lock_row, registry_session, transactional
from registry.samples import queries as samples
from registry.samples.models import Sample
from registry.samples.refusals import Refusals
from registry.storage.temperatures import service as temperatures
from registry.storage.temperatures.models import KnownExcursion
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.incidents import IncidentKind
from registry.vocab.storage import ExposureDecision


class Recorded(NamedTuple):
    """What a file of a probe came to."""

    taken: temperatures.Taken
    #: How many samples wait for a decision since.
    waiting: int

    @property
    def news(self) -> Message:
        """What was recorded, in a sentence."""
        if not self.taken.new:
            return T("Every reading of the file was recorded before: nothing has changed.")
        return T("{count} readings are recorded.", count=len(self.taken.new))

    @property
    def warning(self) -> Message | None:
        """That somebody has to decide, if so."""
        if not self.waiting:
            return None
        return T("Tubes that were exposed wait for a decision: {count}.", count=self.waiting)


class Decided(NamedTuple):
    """What was decided of how many samples."""

    samples: int
    #: Those that were opened, one for each site of the samples.
    incidents: Sequence[Incident]


@transactional
def record(
    actor: Actor, probe_id: int, content: bytes, *, day_first: bool | None = None
) -> Recorded:
    """Record the file of a probe; the samples that its excursions exposed wait for a decision.

    Raises as `temperatures.service.record` does.
    """
    taken, changed = temperatures.record(actor, probe_id, content, day_first=day_first)
    for one in changed:
        _trace(one)
    registry_session.flush()
    waiting = {row.sample_id for one in changed for row in _waiting(one)}
    return Recorded(taken, len(waiting))


@transactional
def decide(
    actor: Actor,
    excursion_id: int,
    codes: Sequence[str],
    *,
    decision: ExposureDecision,
    remark: str,
    everything: bool = False,
    with_children: bool = True,
) -> Decided:
    """Decide of samples that an excursion exposed, all or none; `everything` is all that wait
    at the actor's sites.

    :raises RuleBroken: none waits.
    :raises InvalidInput: the remark says nothing, or some do not wait; each is
        named under ``codes``.
    """
    excursion = lock_row(KnownExcursion, excursion_id)
    require(actor, Permission.EXCURSION_DECIDE, excursion)
    custody.check_reason(remark)
    _trace(excursion)
    registry_session.flush()
    rows = _chosen(actor, excursion, None if everything else codes)
    opened = (
        _report(actor, rows, remark.strip(), with_children=with_children)
        if decision is ExposureDecision.INCIDENT
        else {}
    )
    for row in rows:
        row.decision = decision
        row.remark = remark.strip()
        row.peak = excursion.peak
        row.incident = opened.get(row.sample.site_id)
        row.decided_at = clock.now()
        row.decided_by_id = actor.id
    tubes = list(dict.fromkeys(row.sample.code for row in rows))
    audit.record(
        actor,
        AuditTag.EXCURSION_DECIDED,
        excursion,
        reason=remark.strip(),
        decision=decision,
        tubes=tubes,
    )
    return Decided(len(tubes), list(opened.values()))


def _chosen(
    actor: Actor, excursion: KnownExcursion, codes: Sequence[str] | None
) -> Sequence[Exposure]:
    """What waits of the samples with these codes, or of all that the actor sees for None."""
    waiting: dict[str, list[Exposure]] = defaultdict(list)
    for row in _waiting(excursion, actor):
        waiting[row.sample.code].append(row)
    scanned = list(waiting) if codes is None else recording.read_codes(codes, field="codes")
    if not scanned:
        raise RuleBroken(T("No tube of your sites waits for a decision here."))
    refusals = Refusals("codes")
    for code in scanned:
        with refusals.gathered(code):
            if code not in waiting:
                raise RuleBroken(T("{code} waits for no decision here.", code=code))
    refusals.raise_if_any()
    return [row for code in scanned for row in waiting[code]]


def _report(
    actor: Actor, rows: Sequence[Exposure], account: str, *, with_children: bool
) -> Mapping[int, Incident]:
    """An incident for the samples of each site, by the site."""
    codes: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        if row.sample.code not in codes[row.sample.site_id]:
            codes[row.sample.site_id].append(row.sample.code)
    opened: dict[int, Incident] = {}
    most = limits.SCANS_AT_ONCE_MAX
    for site_id, there in codes.items():
        opened[site_id] = incidents.report(
            actor,
            there[:most],
            kind=IncidentKind.TEMPERATURE,
            account=account,
            with_children=with_children,
        )
        for begin in range(most, len(there), most):
            incidents.add(
                actor,
                opened[site_id].id,
                there[begin : begin + most],
                with_children=with_children,
            )
    return opened


def _waiting(excursion: KnownExcursion, actor: Actor | None = None) -> Sequence[Exposure]:
    """What waits for a decision, of the samples that the actor sees if one is given."""
    query = (
        sa.select(Exposure)
        .join(Exposure.sample)
        .where(Exposure.excursion_id == excursion.id, Exposure.decision.is_(None))
        .order_by(Sample.code, Exposure.since)
    )
    return registry_session.scalars(query if actor is None else samples.visible(actor, query)).all()


def _trace(excursion: KnownExcursion) -> None:
    """Have those wait that were there then, or are made of such, for what is not decided yet."""
    meant = set()
    if excursion.dropped_at is None:
        meant = {
            (sample_id, begin, min(end, excursion.end))
            for sample_id, times in unjudged(excursion).items()
            for begin, end in times
        }
    there = {(row.sample_id, row.since, row.until): row for row in _waiting(excursion)}
    for key in there.keys() - meant:
        registry_session.delete(there[key])
    registry_session.flush()
    registry_session.add_all(
        Exposure(excursion_id=excursion.id, sample_id=sample_id, since=since, until=until)
        for sample_id, since, until in sorted(meant - there.keys())
    )
