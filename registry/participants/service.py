"""Enrolling participants, and recording their visits and kits."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeVar

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.kernel import clock, events
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.participants import policies
from registry.participants.enrolment import Enrolled, Newcomer, enrol, enrol_many
from registry.participants.events import DataCollected
from registry.participants.models import (
    KitCollection,
    KitDefinition,
    MissingTube,
    Participant,
    ParticipantHistory,
    Visit,
    VisitPlan,
)
from registry.participants.sources import add_source, survivor
from registry.persistence import RegistryModel, lock_row, registry_session, transactional
from registry.vocab.audit import AuditTag
from registry.vocab.people import MissingTubeReason

__all__ = [
    "Enrolled",
    "Newcomer",
    "add_source",
    "enrol",
    "enrol_many",
    "keep_history",
    "open_visit",
    "record_kit",
    "survivor",
]

M = TypeVar("M", bound=RegistryModel)


@transactional
def open_visit(
    actor: Actor, participant_id: int, *, plan_id: int | None, occurred_on: date
) -> Visit:
    """Record that a visit takes place; a planned visit that is recorded is found again.

    `plan_id` None is a visit that the protocol does not foresee.

    :raises RuleBroken: the participant is merged into another, or opposed
        collection by that day.
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
    events.publish(DataCollected(participant_id=participant_id, on=occurred_on))
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

    :raises RuleBroken: the participant is merged into another, or opposed
        collection by that day.
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
    drawn_on = clock.to_paris(collected_at).date()
    events.publish(DataCollected(participant_id=visit.participant_id, on=drawn_on))
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


def _existing(model: type[M], key: int) -> M:
    row = registry_session.get(model, key)
    if row is None:
        raise NotFound(T("This no longer exists."))
    return row
