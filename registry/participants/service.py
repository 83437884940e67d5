"""Enrolling participants, and recording their visits and kits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, allows, require
from registry.accounts.models import Site
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.codes import participant as participant_code
from registry.kernel.errors import NotFound, RuleBroken
from registry.kernel.messages import T
from registry.participants import policies
from registry.participants.models import (
    Cohort,
    KitCollection,
    KitDefinition,
    MissingTube,
    Participant,
    ParticipantHistory,
    ParticipantSource,
    Visit,
    VisitPlan,
)
from registry.persistence import RegistryModel, lock_row, registry_session, transactional
from registry.vocab.audit import AuditTag
from registry.vocab.people import MissingTubeReason, ParticipantStatus, Sex

#: A system and the number under which it knows the participant.
Source = tuple[str, str]

M = TypeVar("M", bound=RegistryModel)


@dataclass(frozen=True)
class _At:
    """A site as that at which leave is asked."""

    site_id: int


@transactional
def enrol(  # noqa: PLR0913 - each is one fact about the new participant
    actor: Actor,
    *,
    person_uid: str,
    cohort_id: int,
    site_id: int,
    birth_year: int | None,
    sex: Sex,
    status: ParticipantStatus = ParticipantStatus.ENROLLED,
    is_incomplete: bool = False,
    included_on: date | None = None,
    diagnosis_code: str | None = None,
    source: Source | None = None,
) -> Participant:
    """Enrol the person in the cohort, or find the participant that the person already is there.

    A participant who was there keeps site, code and status; what was missing
    (birth year, source) is added.  `included_on` is today when not given.
    While it is doubtful who the person is, every participant is tentative.

    :raises NotPermitted: the actor may not enrol at this site.
    :raises NotFound: there is no such cohort or site.
    :raises RuleBroken: the person is in the cohort at a site that is not the
        actor's, or the source's number belongs to somebody else.
    :raises InvalidInput: `included_on` is still to come.
    """
    _check_place(cohort_id, site_id)
    require(actor, Permission.PARTICIPANT_ENROL, _At(site_id))
    included_on = included_on or clock.today()
    policies.check_has_happened(included_on, "included_on")
    policies.check_is_after_birth(included_on, birth_year)

    participant = _in_cohort(person_uid, cohort_id)
    if participant is not None:
        _complete(actor, participant, birth_year=birth_year, is_incomplete=is_incomplete)
    else:
        participant = Participant(
            code=_unused_code(),
            person_uid=person_uid,
            cohort_id=cohort_id,
            site_id=site_id,
            included_on=included_on,
            birth_year=birth_year,
            sex=sex,
            diagnosis_code=diagnosis_code,
            status=ParticipantStatus.TENTATIVE if _is_doubtful(person_uid) else status,
            is_incomplete=is_incomplete,
            recorded_at=clock.now(),
        )
        _take_in(actor, participant)
    if source is not None:
        add_source(actor, participant.id, source=source)
    return participant


@transactional
def add_source(actor: Actor, participant_id: int, *, source: Source) -> ParticipantSource:
    """Note the number under which another system knows the participant; twice has no effect.

    :raises RuleBroken: the number belongs to another participant.
    """
    participant = lock_row(Participant, participant_id)
    require(actor, Permission.PARTICIPANT_ENROL, participant)
    system, source_code = source
    known = registry_session.scalar(
        sa.select(ParticipantSource).where(
            ParticipantSource.system == system, ParticipantSource.source_code == source_code
        )
    )
    if known is not None:
        if survivor(known.participant).id != survivor(participant).id:
            raise RuleBroken(
                T("This source number belongs to another participant."), field="source_code"
            )
        return known
    added = ParticipantSource(participant=participant, system=system, source_code=source_code)
    registry_session.add(added)
    audit.record(actor, AuditTag.PARTICIPANT_SOURCE_ADDED, participant, system=system)
    return added


@transactional
def open_visit(
    actor: Actor, participant_id: int, *, plan_id: int | None, occurred_on: date
) -> Visit:
    """Record that a visit takes place; a planned visit that is recorded is found again.

    `plan_id` None is a visit that the protocol does not foresee.

    :raises RuleBroken: the participant is merged into another.
    :raises InvalidInput: the day is to come, or the visit is another cohort's.
    """
    participant = lock_row(Participant, participant_id)
    require(actor, Permission.VISIT_RECORD, participant)
    policies.check_is_not_merged(participant)
    policies.check_has_happened(occurred_on, "occurred_on")
    plan = None
    if plan_id is not None:
        plan = _existing(VisitPlan, plan_id)
        policies.check_plan_fits(plan, participant)
        known = registry_session.scalar(
            sa.select(Visit).where(Visit.participant_id == participant_id, Visit.plan == plan)
        )
        if known is not None:
            return known
    visit = Visit(
        participant=participant, plan=plan, occurred_on=occurred_on, recorded_at=clock.now()
    )
    registry_session.add(visit)
    registry_session.flush()
    audit.record(
        actor, AuditTag.VISIT_RECORDED, participant, plan=plan and plan.code, on=occurred_on
    )
    return visit


@transactional
def record_kit(
    actor: Actor,
    visit_id: int,
    *,
    kit_id: int,
    collected_at: datetime,
    missing: Mapping[int, MissingTubeReason],
) -> KitCollection:
    """Record that a kit was drawn at a visit, and which of its tubes were not and why.

    `missing` goes from the ids of the kit's tubes to the reasons.  The tubes
    themselves are registered by ``custody.service.register_tubes``.

    :raises RuleBroken: the participant is merged into another.
    :raises InvalidInput: the collection is to come, the kit is another cohort's,
        or a missing tube is none of the kit's.
    """
    visit = _existing(Visit, visit_id)
    require(actor, Permission.VISIT_RECORD, visit.participant)
    policies.check_is_not_merged(visit.participant)
    policies.check_was_collected(collected_at)
    kit = _existing(KitDefinition, kit_id)
    policies.check_kit_fits(kit, visit.participant)
    policies.check_are_of_kit(kit, missing)
    collection = KitCollection(
        visit=visit,
        kit=kit,
        collected_at=collected_at,
        recorded_at=clock.now(),
        recorded_by_id=actor.id,
        missing=[MissingTube(kit_tube_id=tube, reason=why) for tube, why in missing.items()],
    )
    registry_session.add(collection)
    registry_session.flush()
    audit.record(
        actor,
        AuditTag.KIT_COLLECTED,
        visit.participant,
        kit=kit.code,
        missing=[reason for _tube, reason in sorted(missing.items())],
    )
    return collection


def survivor(participant: Participant) -> Participant:
    """The participant who stands for this one: itself, unless merged."""
    while participant.merged_into is not None:
        participant = participant.merged_into
    return participant


def keep_history(participant: Participant, *, merge_of: str | None = None) -> None:
    """Keep what the participant is from now on, and the person whose merge brought it."""
    registry_session.add(
        ParticipantHistory(
            participant_id=participant.id,
            status=participant.status,
            person_uid=participant.person_uid,
            merged_into_id=participant.merged_into_id,
            merge_of=merge_of,
            recorded_at=clock.now(),
        )
    )


def _check_place(cohort_id: int, site_id: int) -> None:
    """Refuse a cohort or a site that does not exist."""
    if not registry_session.get(Site, site_id) or not registry_session.get(Cohort, cohort_id):
        raise NotFound(T("There is no such cohort or site."))


def _take_in(actor: Actor, participant: Participant) -> None:
    registry_session.add(participant)
    registry_session.flush()
    keep_history(participant)
    audit.record(actor, AuditTag.PARTICIPANT_ENROLLED, participant, cohort=participant.cohort.code)


def _in_cohort(person_uid: str, cohort_id: int) -> Participant | None:
    found = registry_session.scalar(
        sa.select(Participant).where(
            Participant.person_uid == person_uid, Participant.cohort_id == cohort_id
        )
    )
    return None if found is None else survivor(found)


def _is_doubtful(person_uid: str) -> bool:
    """Whether the person is tentative in another cohort."""
    return bool(
        registry_session.scalar(
            sa.select(Participant.id).where(
                Participant.person_uid == person_uid,
                Participant.status == ParticipantStatus.TENTATIVE,
            )
        )
    )


def _complete(
    actor: Actor, participant: Participant, *, birth_year: int | None, is_incomplete: bool
) -> None:
    """Add what was missing when the participant was first enrolled."""
    if not allows(actor, Permission.PARTICIPANT_ENROL, participant):
        raise RuleBroken(
            T(
                "This person is in this cohort already, at another site. "
                "Ask the data manager which of you follows them."
            )
        )
    added = []
    if participant.birth_year is None and birth_year is not None:
        participant.birth_year = birth_year
        added.append("birth_year")
    if participant.is_incomplete and not is_incomplete:
        participant.is_incomplete = False
        added.append("is_incomplete")
    if added:
        audit.record(actor, AuditTag.PARTICIPANT_COMPLETED, participant, fields=added)


def _unused_code() -> str:
    while True:
        code = participant_code.new()
        if not registry_session.scalar(sa.select(Participant.id).where(Participant.code == code)):
            return code


def _existing(model: type[M], key: int) -> M:
    row = registry_session.get(model, key)
    if row is None:
        raise NotFound(T("This no longer exists."))
    return row
