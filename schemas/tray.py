"""Shapes of the tray of tubes without a known participant."""

from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.samples import ContainerType, SampleCondition, SampleType, Unit
from registry.vocab.sprec import Ambient
from registry.vocab.tray import REJECTIONS, TrayOutcome
from schemas.base import Shape
from schemas.dates import FrenchDateTime
from schemas.fields import (
    Choice,
    FrenchDecimal,
    ScanCode,
    ScanCodes,
    TrimmedText,
    WholeNumber,
    refuse,
)
from schemas.terms import KindIn, Refined

_ID_MAX = 2**31 - 1


def _check_rejection(outcome: TrayOutcome) -> None:
    if outcome not in REJECTIONS:
        refuse(T("Choose one of the values offered."))


class LayIn(KindIn):
    """Tubes that arrived and nobody knows whose they are; without a moment, just now."""

    codes = ScanCodes(required=True)
    site_id = WholeNumber(required=True, minimum=1, maximum=_ID_MAX)
    sender_id = WholeNumber(required=True, minimum=1, maximum=_ID_MAX)
    place = TrimmedText(required=True, longest=limits.NAME_MAX)
    sample_type = Refined(SampleType, required=True)
    container_type = Refined(ContainerType, required=True)
    volume = FrenchDecimal(required=True, above=0)
    unit = Choice(Unit, required=True)
    condition = Choice(SampleCondition, required=True)
    ambient = Choice(Ambient)
    received_at = FrenchDateTime()
    comment = TrimmedText(longest=limits.REASON_MAX, lines=True)


class WhoseIn(Shape):
    """The participant whose tube it is."""

    participant = ScanCode()


class AttachIn(Shape):
    """When and at which visit the tube was drawn; 0 is a visit that was not planned."""

    visit = WholeNumber(required=True, minimum=0, maximum=_ID_MAX)
    collected_at = FrenchDateTime(required=True)


class RejectIn(Shape):
    """How the tube leaves the tray without becoming a sample."""

    outcome = Choice(TrayOutcome, required=True, validate=_check_rejection)
    reason = TrimmedText(required=True, longest=limits.REASON_MAX, lines=True)
