"""Reading which excursions wait, and whom they exposed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from registry.accounts.models import User
from registry.custody.exposures.models import Exposure
from registry.custody.incidents.models import Incident
from registry.custody.listing import lines, read
from registry.custody.views import Exposed, Listed
from registry.kernel.actor import Actor
from registry.persistence import among, registry_session
from registry.samples import queries as samples
from registry.samples.models import Sample
from registry.storage.temperatures import queries as temperatures
from registry.storage.temperatures.models import KnownExcursion, Probe
from registry.vocab import limits
from registry.vocab.storage import ExposureDecision, ExposureState


@dataclass(frozen=True)
class Line:
    """A time that a sample was exposed, and what was decided."""

    sample: Listed
    since: datetime
    until: datetime
    decision: ExposureDecision | None
    remark: str | None
    decided_at: datetime | None
    decided_by: str | None
    incident: str | None


def _waits() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Exposure.excursion_id == KnownExcursion.id, Exposure.decision.is_(None)
    )


def waiting(actor: Actor) -> Sequence[KnownExcursion]:
    """The excursions at the actor's sites that wait for a decision, the oldest first."""
    query = temperatures.excursions_visible(actor).where(_waits())
    return registry_session.scalars(query.order_by(KnownExcursion.start, KnownExcursion.id)).all()


def count_waiting(actor: Actor) -> int:
    """How many excursions wait for a decision at the actor's sites."""
    query = temperatures.excursions_visible(actor).where(_waits())
    return registry_session.scalar(query.with_only_columns(sa.func.count())) or 0


def undecided(excursion_ids: Collection[int]) -> Mapping[int, int]:
    """How many samples wait in each of these excursions; absent for none."""
    rows = registry_session.execute(
        sa.select(Exposure.excursion_id, sa.func.count(Exposure.sample_id.distinct()))
        .where(Exposure.excursion_id.in_(excursion_ids), Exposure.decision.is_(None))
        .group_by(Exposure.excursion_id)
    )
    return dict(rows.all())


def exposures(
    actor: Actor, excursion: KnownExcursion, *, skip: int = 0
) -> tuple[Sequence[Line], int | None]:
    """A page of the samples exposed that the actor sees, those to decide first, after `skip` of
    them, and how many to skip for the next page; None on the last.
    """
    exposed = (
        sa.select(Exposure, User.name, Incident.code)
        .join(Exposure.sample)
        .outerjoin(User, User.id == Exposure.decided_by_id)
        .outerjoin(Incident, Incident.id == Exposure.incident_id)
        .where(Exposure.excursion_id == excursion.id)
        .order_by(Exposure.decision.is_not(None), Exposure.since, Exposure.sample_id, Exposure.id)
        .offset(skip)
        .limit(limits.PAGE_ROWS + 1)
        .options(orm.raiseload("*"))
    )
    rows = registry_session.execute(samples.visible(actor, exposed)).all()
    shown = rows[: limits.PAGE_ROWS]
    ids = {row[0].sample_id for row in shown}
    tubes = {one.id: one for one in read(lines().where(Sample.id.in_(ids)))}
    found = [
        Line(
            tubes[one.sample_id],
            one.since,
            one.until,
            one.decision,
            one.remark,
            one.decided_at,
            name,
            incident,
        )
        for one, name, incident in shown
    ]
    return found, skip + limits.PAGE_ROWS if len(rows) > limits.PAGE_ROWS else None


def elsewhere(actor: Actor, excursion: KnownExcursion) -> int:
    """How many samples were exposed that the actor does not see."""
    exposed = (
        sa.select(sa.func.count(Exposure.sample_id.distinct()))
        .join(Exposure.sample)
        .where(Exposure.excursion_id == excursion.id)
    )
    every = registry_session.scalar(exposed) or 0
    return every - (registry_session.scalar(samples.visible(actor, exposed)) or 0)


def waits_for(actor: Actor, excursion: KnownExcursion) -> int:
    """How many of the actor's samples wait for a decision in the excursion."""
    waiting_ = (
        sa.select(sa.func.count(Exposure.sample_id.distinct()))
        .join(Exposure.sample)
        .where(Exposure.excursion_id == excursion.id, Exposure.decision.is_(None))
    )
    return registry_session.scalar(samples.visible(actor, waiting_)) or 0


def of_sample(sample_id: int) -> Sequence[Exposed]:
    """The times that a sample was exposed, the newest first."""
    rows = registry_session.execute(
        sa.select(
            KnownExcursion.id,
            Probe.name,
            KnownExcursion.peak,
            Exposure.since,
            Exposure.until,
            Exposure.decision,
            Exposure.remark,
        )
        .join(KnownExcursion, KnownExcursion.id == Exposure.excursion_id)
        .join(Probe, Probe.id == KnownExcursion.probe_id)
        .where(Exposure.sample_id == sample_id)
        .order_by(Exposure.since.desc(), Exposure.id.desc())
    )
    return [Exposed(*row) for row in rows]


def states(sample_ids: Collection[int]) -> Mapping[int, ExposureState]:
    """Whether those of these samples that were ever exposed wait for a decision about a time."""
    waits = sa.func.max(sa.case((Exposure.decision.is_(None), 1), else_=0))
    rows = registry_session.execute(
        sa.select(Exposure.sample_id, waits)
        .where(among(Exposure.sample_id, sample_ids))
        .group_by(Exposure.sample_id)
    )
    return {
        one: ExposureState.WAITING if is_waiting else ExposureState.DECIDED
        for one, is_waiting in rows
    }
