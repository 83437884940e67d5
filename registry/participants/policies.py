"""When a participant may be changed, and what fits its protocol."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from registry.kernel import clock
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.participants.models import KitDefinition, Participant, VisitPlan
from registry.vocab.people import ParticipantStatus

#: How far a wall clock in the ward may run ahead of the server's.
CLOCK_TOLERANCE = timedelta(minutes=5)


def check_is_not_merged(participant: Participant) -> None:
    """Nothing new is recorded about a participant for whom another one stands.

    :raises RuleBroken: the participant is merged.
    """
    if participant.status is ParticipantStatus.MERGED and participant.merged_into:
        raise RuleBroken(
            T(
                "This participant is the same person as {code}. Record it there.",
                code=participant.merged_into.shown_code,
            )
        )


def still_minor_until(adult_from: date | None, included_on: date) -> date | None:
    """When somebody who was included as a minor comes of age; None for everybody else.

    Of an adult the registry keeps the birth year alone.
    """
    return adult_from if adult_from is not None and adult_from > included_on else None


def check_has_happened(day: date, field: str) -> None:
    """What is recorded as done lies in the past.

    :raises InvalidInput: the day is still to come.
    """
    if day > clock.today():
        raise InvalidInput(T("This day is still to come. Correct the date."), field=field)


def check_is_after_birth(included_on: date, birth_year: int | None) -> None:
    """Nobody is included before being born.

    :raises InvalidInput: the inclusion lies in an earlier year than the birth.
    """
    if birth_year is not None and included_on.year < birth_year:
        raise InvalidInput(
            T("The inclusion cannot come before the birth. Correct one of the dates."),
            field="included_on",
        )


def check_was_collected(moment: datetime) -> None:
    """A tube that is recorded has been drawn.

    :raises InvalidInput: the moment is still to come.
    """
    if moment > clock.now() + CLOCK_TOLERANCE:
        raise InvalidInput(
            T("The collection is still to come. Correct the date and time."), field="collected_at"
        )


def check_plan_fits(plan: VisitPlan, participant: Participant) -> None:
    """A planned visit is one of the participant's own cohort.

    :raises InvalidInput: it belongs to another cohort.
    """
    if plan.cohort_id != participant.cohort_id:
        raise InvalidInput(T("This visit belongs to another cohort."), field="plan_id")


def check_kit_fits(kit: KitDefinition, participant: Participant) -> None:
    """A kit is one of the participant's own cohort.

    :raises InvalidInput: it belongs to another cohort.
    """
    if kit.cohort_id != participant.cohort_id:
        raise InvalidInput(T("This kit belongs to another cohort."), field="kit_id")


def check_are_of_kit(kit: KitDefinition, kit_tube_ids: Collection[int]) -> None:
    """A tube that is said to be missing is one that the kit expects.

    :raises InvalidInput: it is not.
    """
    if not set(kit_tube_ids) <= {tube.id for tube in kit.tubes}:
        raise InvalidInput(T("This tube is none of the kit's."), field="kit_id")
