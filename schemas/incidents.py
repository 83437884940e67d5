"""Shapes of quality incidents: what is reported, decided, closed."""

from registry.vocab import limits
from registry.vocab.incidents import IncidentKind, Verdict
from schemas.base import Shape
from schemas.dates import FrenchDateTime
from schemas.fields import Choice, Flag, ScanCodes, TrimmedText
from schemas.terms import Refined, WithTermIn


def _told() -> TrimmedText:
    return TrimmedText(
        required=True, shortest=limits.REASON_MIN, longest=limits.REASON_MAX, lines=True
    )


class AddedIn(Shape):
    """More samples that an incident concerns."""

    codes = ScanCodes(required=True)
    with_children = Flag()


class IncidentIn(AddedIn, WithTermIn):
    """What went wrong, and with which samples; without a moment, just now."""

    kind = Refined(IncidentKind, required=True)
    account = _told()
    noticed_at = FrenchDateTime()


class VerdictIn(Shape):
    """What becomes of samples."""

    codes = ScanCodes(required=True)
    verdict = Choice(Verdict, required=True)
    reason = _told()


class ClosingIn(Shape):
    """Why it happened, and what is done about it."""

    root_cause = _told()
    corrective_action = _told()
