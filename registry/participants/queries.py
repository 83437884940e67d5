"""Reading participants, always within the actor's sites; cohorts are no secret."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from registry.access import Permission, require
from registry.kernel.actor import Actor, SiteScope
from registry.kernel.codes import participant as participant_code
from registry.kernel.errors import InvalidInput, NotFound
from registry.kernel.messages import T
from registry.participants.models import (
    Cohort,
    KitCollection,
    Participant,
    ParticipantSource,
    Visit,
    VisitPlan,
)
from registry.persistence import registry_session
from registry.vocab import limits
from registry.vocab.people import ParticipantStatus, Role

#: The roles that see participants, each at its own sites.
READERS = (
    Role.NURSE,
    Role.TECHNICIAN,
    Role.DATA_MANAGER,
    Role.DPO,
    Role.IDENTITY_OFFICER,
)


@dataclass(frozen=True)
class Wanted:
    """Which participants a list is to show; what is None does not matter."""

    cohort_id: int | None = None
    site_id: int | None = None
    status: ParticipantStatus | None = None
    is_incomplete: bool | None = None


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and the code after which the next rows begin."""

    rows: Sequence[Participant]
    next_after: str | None


@dataclass(frozen=True)
class PlannedVisit:
    """A visit that the protocol foresees for a participant, and the one that took place."""

    plan: VisitPlan
    due_on: date
    earliest: date
    latest: date
    visit: Visit | None


def get(actor: Actor, code: str) -> Participant:
    """The participant with this code, however it was typed.

    :raises NotFound: there is none, or it is followed at a site that is not the actor's.
    """
    require(actor, Permission.PARTICIPANT_READ)
    try:
        wanted = participant_code.read(code)
    except InvalidInput as unreadable:
        raise _not_found() from unreadable
    found = registry_session.scalar(_visible(actor).where(Participant.code == wanted))
    if found is None:
        raise _not_found()
    return found


def get_by_id(actor: Actor, participant_id: int) -> Participant:
    """The participant with this id.

    :raises NotFound: there is none, or it is followed at a site that is not the actor's.
    """
    require(actor, Permission.PARTICIPANT_READ)
    found = registry_session.scalar(_visible(actor).where(Participant.id == participant_id))
    if found is None:
        raise _not_found()
    return found


def find_by_source(actor: Actor, *, system: str, source_code: str) -> Participant | None:
    """Whom another system knows under this number: the survivor, if it was merged."""
    require(actor, Permission.PARTICIPANT_READ)
    found = registry_session.scalar(
        _visible(actor)
        .join(ParticipantSource)
        .where(ParticipantSource.system == system, ParticipantSource.source_code == source_code)
    )
    while found is not None and found.merged_into is not None:
        found = found.merged_into
    return found


def of_persons(
    actor: Actor, person_uids: Collection[str], *, with_merged: bool = False
) -> Sequence[Participant]:
    """The participants that these persons are at the actor's sites, oldest first."""
    require(actor, Permission.PARTICIPANT_READ)
    query = _visible(actor).where(Participant.person_uid.in_(person_uids))
    if not with_merged:
        query = query.where(Participant.status != ParticipantStatus.MERGED)
    return registry_session.scalars(query.order_by(Participant.id)).all()


def with_codes(actor: Actor, codes: Collection[str]) -> Sequence[Participant]:
    """Those of the participants with these codes who are at the actor's sites."""
    require(actor, Permission.PARTICIPANT_READ)
    return registry_session.scalars(_visible(actor).where(Participant.code.in_(codes))).all()


def in_cohort(actor: Actor, person_uid: str, cohort_id: int) -> Participant | None:
    """Who the person already is in a cohort, if at one of the actor's sites."""
    return next(
        (one for one in of_persons(actor, [person_uid]) if one.cohort_id == cohort_id), None
    )


def page(
    actor: Actor, wanted: Wanted, *, after: str | None = None, most: int | None = None
) -> Page:
    """One page of participants, newest first, beginning after the code `after`.

    `most` is the number of rows, when it is not that of a page.
    """
    require(actor, Permission.PARTICIPANT_READ)
    most = most or limits.PAGE_ROWS
    query = _wanted(actor, wanted).order_by(Participant.id.desc()).limit(most + 1)
    if after is not None:
        query = query.where(Participant.id < get(actor, after).id)
    rows = registry_session.scalars(query).all()
    more = len(rows) > most
    rows = rows[:most]
    return Page(rows=rows, next_after=rows[-1].code if more else None)


def followed(
    actor: Actor, wanted: Wanted, *, codes: Collection[str] = (), most: int
) -> Sequence[Participant]:
    """The participants that are wanted, by code, `most` and one more; with `codes`, of these."""
    require(actor, Permission.PARTICIPANT_READ)
    query = _wanted(actor, wanted).order_by(Participant.code).limit(most + 1)
    if codes:
        query = query.where(Participant.code.in_(codes))
    return registry_session.scalars(query).all()


def planned_visits(participant: Participant) -> list[PlannedVisit]:
    """Every visit that the protocol foresees for the participant, in order of its day."""
    taken = {visit.plan_id: visit for visit in participant.visits if visit.plan_id is not None}
    planned = []
    for plan in participant.cohort.visit_plans:
        due_on = participant.included_on + timedelta(days=plan.day_offset)
        planned.append(
            PlannedVisit(
                plan=plan,
                due_on=due_on,
                earliest=due_on - timedelta(days=plan.days_before),
                latest=due_on + timedelta(days=plan.days_after),
                visit=taken.get(plan.id),
            )
        )
    return planned


def get_collection(actor: Actor, code: str, collection_id: int) -> KitCollection:
    """A kit that was drawn from the participant with this code.

    :raises NotFound: there is none, or the participant is not at the actor's sites.
    """
    participant = get(actor, code)
    found = registry_session.get(KitCollection, collection_id)
    if found is None or found.visit.participant_id != participant.id:
        raise NotFound(T("The participant has no such kit."))
    return found


def cohorts() -> Sequence[Cohort]:
    """Every cohort, by code."""
    return registry_session.scalars(sa.select(Cohort).order_by(Cohort.code)).all()


def cohort(cohort_id: int) -> Cohort:
    """One cohort with its protocol.

    :raises NotFound: there is none.
    """
    found = registry_session.get(Cohort, cohort_id)
    if found is None:
        raise NotFound(T("There is no such cohort."))
    return found


def _wanted(actor: Actor, wanted: Wanted) -> sa.Select[Participant]:
    query = _visible(actor)
    for column, value in (
        (Participant.cohort_id, wanted.cohort_id),
        (Participant.site_id, wanted.site_id),
        (Participant.status, wanted.status),
        (Participant.is_incomplete, wanted.is_incomplete),
    ):
        if value is not None:
            query = query.where(column == value)
    return query


def _visible(actor: Actor) -> sa.Select[Participant]:
    """The participants of the actor's sites."""
    query = sa.select(Participant)
    scope: SiteScope = actor.sites(*READERS)
    return query if scope.everywhere else query.where(Participant.site_id.in_(scope.ids))


def _not_found() -> NotFound:
    return NotFound(T("There is no participant with this code at your sites."))


def with_aliases(participant_id: int) -> sa.Select[int]:
    """The participant and whoever was merged into it."""
    return sa.select(Participant.id).where(
        sa.or_(Participant.id == participant_id, Participant.merged_into_id == participant_id)
    )
