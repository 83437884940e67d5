"""Shapes of deciding about identities that may be one person's."""

from collections.abc import Callable
from typing import Any

from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.identity import ReviewOutcome
from schemas.base import Shape
from schemas.dates import FrenchDate
from schemas.fields import Choice, TrimmedText, WholeNumber, refuse

_ID_MAX = 2**31 - 1


def _id(**options: Any) -> WholeNumber:
    return WholeNumber(minimum=1, maximum=_ID_MAX, **options)


def _reason() -> TrimmedText:
    return TrimmedText(
        required=True, shortest=limits.REASON_MIN, longest=limits.REASON_MAX, lines=True
    )


def _one_of(*allowed: ReviewOutcome) -> Callable[[ReviewOutcome], None]:
    def check(outcome: ReviewOutcome) -> None:
        if outcome not in allowed:
            refuse(T("Choose one of the values offered."))

    return check


class ReviewListIn(Shape):
    """Which of the pairs that wait a list is to show."""

    site_id = _id()
    cohort_id = _id()
    since = FrenchDate()


class DecidedListIn(Shape):
    """Which of the decided pairs a list is to show."""

    outcome = Choice(ReviewOutcome, validate=_one_of(ReviewOutcome.SAME, ReviewOutcome.DIFFERENT))


class CompareIn(Shape):
    """Why two identities are looked at."""

    reason = _reason()


class ReviewIn(Shape):
    """What is decided about two identities, and why."""

    outcome = Choice(
        ReviewOutcome,
        required=True,
        validate=_one_of(ReviewOutcome.SAME, ReviewOutcome.DIFFERENT, ReviewOutcome.LATER),
    )
    reason = _reason()


class UndoIn(Shape):
    """Why a merge is undone."""

    reason = _reason()


class ReviseIn(Shape):
    """What is decided instead of “not the same”, and why."""

    outcome = Choice(
        ReviewOutcome, required=True, validate=_one_of(ReviewOutcome.SAME, ReviewOutcome.LATER)
    )
    reason = _reason()
