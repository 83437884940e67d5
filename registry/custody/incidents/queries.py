"""Reading incidents, within the actor's sites."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from registry.access import Permission, require
from registry.custody.incidents.models import Incident, IncidentLine
from registry.custody.listing import lines, read
from registry.custody.views import Concern, Listed
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.participants.terms import queries as terms
from registry.persistence import registry_session
from registry.samples import queries as samples
from registry.samples.models import Sample
from registry.vocab import limits
from registry.vocab.incidents import Verdict


@dataclass(frozen=True)
class Judged:
    """One sample of an incident, and what was decided of it; None: nothing yet."""

    sample: Listed
    verdict: Verdict | None
    reason: str | None
    decided_at: datetime | None
    decided_by: str | None


def _visible(actor: Actor) -> sa.Select[Incident]:
    require(actor, Permission.INCIDENT_READ)
    scope = actor.sites(*samples.READERS)
    query = sa.select(Incident)
    return query if scope.everywhere else query.where(Incident.site_id.in_(scope.ids))


def by_code(actor: Actor, code: str) -> Incident:
    """The incident with this code.

    :raises NotFound: there is none at the actor's sites.
    """
    found = registry_session.scalar(_visible(actor).where(Incident.code == code))
    if found is None:
        raise NotFound(T("There is no incident {code} at your sites.", code=code), field="code")
    return found


def page(
    actor: Actor, *, closed: bool = False, before: int | None = None
) -> tuple[Sequence[Incident], int | None]:
    """Some incidents, open or closed, newest first, from below the number `before`; the next."""
    ended = Incident.closed_at.is_not(None) if closed else Incident.closed_at.is_(None)
    query = _visible(actor).where(ended)
    if before is not None:
        query = query.where(Incident.id < before)
    found = registry_session.scalars(
        query.order_by(Incident.id.desc()).limit(limits.PAGE_ROWS + 1)
    ).all()
    rows = found[: limits.PAGE_ROWS]
    return rows, rows[-1].id if len(found) > len(rows) else None


def count_open(actor: Actor) -> int:
    """How many incidents are not closed at the actor's sites."""
    query = _visible(actor).where(Incident.closed_at.is_(None))
    return registry_session.scalar(query.with_only_columns(sa.func.count())) or 0


def undecided(incident_ids: Collection[int]) -> Mapping[int, int]:
    """How many samples wait for a decision in each of these incidents; absent for none."""
    rows = registry_session.execute(
        sa.select(IncidentLine.incident_id, sa.func.count())
        .where(IncidentLine.incident_id.in_(incident_ids), IncidentLine.verdict.is_(None))
        .group_by(IncidentLine.incident_id)
    )
    return dict(rows.all())


def judged(incident: Incident) -> Sequence[Judged]:
    """The samples of an incident, those to decide first."""
    found = registry_session.scalars(
        sa.select(IncidentLine)
        .where(IncidentLine.incident_id == incident.id)
        .order_by(IncidentLine.verdict.is_not(None), IncidentLine.sample_id)
    ).all()
    shown = {
        one.id: one
        for one in read(lines().where(Sample.id.in_([line.sample_id for line in found])))
    }
    return [
        Judged(
            shown[line.sample_id],
            line.verdict,
            line.reason,
            line.decided_at,
            line.decided_by.name if line.decided_by else None,
        )
        for line in found
    ]


def of_sample(sample_id: int) -> Sequence[Concern]:
    """The incidents that concern a sample, the newest first."""
    rows = registry_session.execute(
        sa.select(
            Incident.kind,
            Incident.term,
            Incident.code,
            Incident.opened_at,
            IncidentLine.verdict,
            IncidentLine.reason,
        )
        .join(IncidentLine, IncidentLine.incident_id == Incident.id)
        .where(IncidentLine.sample_id == sample_id)
        .order_by(Incident.id.desc())
    )
    return [
        Concern(code, terms.named(kind, term), opened_at, verdict, reason)
        for kind, term, code, opened_at, verdict, reason in rows
    ]


def waiting_among(sample_ids: Collection[int]) -> Mapping[int, str]:
    """Those of the samples that some incident has not decided yet, with its code."""
    rows = registry_session.execute(
        sa.select(IncidentLine.sample_id, Incident.code)
        .join(Incident, Incident.id == IncidentLine.incident_id)
        .where(IncidentLine.sample_id.in_(sample_ids), IncidentLine.verdict.is_(None))
        .order_by(Incident.id)
    )
    return dict(rows.all())
