"""Shapes of the technician's work on samples."""

import re
from typing import Any

from marshmallow import ValidationError, validates_schema

from registry.kernel.messages import T
from registry.vocab import limits, patterns
from registry.vocab.consent import Consenting, Use
from registry.vocab.custody import (
    PROCESSING,
    ActKind,
    CheckoutReason,
    DisposalReason,
    HolderKind,
)
from registry.vocab.samples import ContainerType, SampleCondition, SampleType, Unit
from registry.vocab.sprec import Ambient, Brake, Vessel
from registry.vocab.storage import ExposureState
from registry.vocab.tissue import Collection, Fixation
from schemas.base import Shape
from schemas.dates import FrenchDate, FrenchDateTime
from schemas.fields import (
    Choice,
    Flag,
    FrenchDecimal,
    ScanCode,
    ScanCodes,
    TrimmedText,
    WholeNumber,
    refuse,
)
from schemas.terms import KindIn, Refined, WithTermIn

_ID_MAX = 2**31 - 1


def _id(**options: Any) -> WholeNumber:
    return WholeNumber(minimum=1, maximum=_ID_MAX, **options)


def comment_field() -> TrimmedText:
    """What a person adds in words, on one line or several."""
    return TrimmedText(longest=limits.REASON_MAX, lines=True)


def _check_processing(kind: ActKind) -> None:
    if kind not in PROCESSING:
        refuse(T("Choose one of the values offered."))


class CodeStart(TrimmedText):
    """The beginning of a SPREC code, in capitals."""

    def __init__(self, **options: Any) -> None:
        super().__init__(longest=limits.CODE_MAX, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        text = super()._deserialize(value, attr, data).upper()
        if not re.fullmatch(patterns.SPREC_START, text):
            refuse(T("Write the beginning of a code, such as PL1-PED-A or PL1-*-A."))
        return text


class SampleFilterIn(Shape):
    """Which samples a list is to show."""

    use = Choice(Use)
    consenting = Choice(Consenting)

    sample_type = Choice(SampleType)
    held = Choice(HolderKind)
    site_id = _id()
    cohort_id = _id()
    collected_from = FrenchDate()
    collected_to = FrenchDate()
    thaws_from = WholeNumber(maximum=limits.THAWS_ASKED_MAX)
    thaws_to = WholeNumber(maximum=limits.THAWS_ASKED_MAX)
    out_minutes_to = WholeNumber(maximum=limits.MINUTES_ASKED_MAX)
    exposure = Choice(ExposureState)
    sprec = CodeStart()
    sprec_complete = Flag()
    delay_minutes_to = WholeNumber(maximum=limits.MINUTES_ASKED_MAX)
    warm_minutes_to = WholeNumber(maximum=limits.MINUTES_ASKED_MAX)
    cold_minutes_to = WholeNumber(maximum=limits.MINUTES_ASKED_MAX)

    @validates_schema(skip_on_field_errors=True)
    def check_bounds(self, data: dict[str, Any], **_: Any) -> None:
        """Nothing is between a bound and a smaller one."""
        for name in ("collected", "thaws"):
            first, last = data[f"{name}_from"], data[f"{name}_to"]
            if first is not None and last is not None and last < first:
                raise ValidationError(
                    [T("The end comes before the beginning.")], field_name=f"{name}_to"
                )


class ReceiveIn(WithTermIn):
    """Tubes that have arrived at a site; without a moment, just now."""

    codes = ScanCodes(required=True)
    site_id = _id(required=True)
    condition = Refined(SampleCondition, required=True)
    ambient = Choice(Ambient)
    received_at = FrenchDateTime()
    collection = Choice(Collection)
    clamped_at = FrenchDateTime()
    fixation = Choice(Fixation)
    fixed_at = FrenchDateTime()
    fixed_until = FrenchDateTime()
    comment = comment_field()


class ProcessIn(Shape):
    """Tubes that were centrifuged or frozen."""

    codes = ScanCodes(required=True)
    kind = Choice(ActKind, required=True, validate=_check_processing)
    happened_at = FrenchDateTime()
    minutes = WholeNumber(minimum=1, maximum=limits.SPIN_MINUTES_MAX)
    g = WholeNumber(minimum=1, maximum=limits.SPIN_G_MAX)
    brake = Choice(Brake)
    ambient = Choice(Ambient)
    vessel = Choice(Vessel)
    programmed = Flag()
    comment = comment_field()


class AliquotIn(KindIn):
    """The children of one sample: their scanned labels, or how many codes to issue."""

    children = ScanCodes(most=limits.ALIQUOTS_AT_ONCE_MAX)
    count = WholeNumber(minimum=1, maximum=limits.ALIQUOTS_AT_ONCE_MAX)
    volume = FrenchDecimal(required=True, above=0)
    last_volume = FrenchDecimal(above=0)
    loss = FrenchDecimal(minimum=0)
    unit = Choice(Unit)
    sample_type = Refined(SampleType, required=True)
    container_type = Refined(ContainerType, required=True)
    at = FrenchDateTime()
    comment = comment_field()

    @validates_schema(skip_on_field_errors=True)
    def check_number(self, data: dict[str, Any], **_: Any) -> None:
        """The tubes that were scanned are the tubes that are filled."""
        codes, count = data["children"] or [], data["count"]
        if not codes and not count:
            raise ValidationError(
                [T("Scan the labels of the aliquots, or say how many codes to issue.")],
                field_name="children",
            )
        if codes and count and len(codes) != count:
            raise ValidationError(
                [
                    T(
                        "{scanned} tubes were scanned, but {count} were announced.",
                        scanned=len(codes),
                        count=count,
                    )
                ],
                field_name="count",
            )


class PlaceIn(Shape):
    """Tubes that go into a box, from its first free cell or from a named one on."""

    box = ScanCode(required=True)
    cell = TrimmedText(longest=limits.CELL_MAX)
    placements = ScanCodes(required=True)
    comment = comment_field()


class ProposeIn(Shape):
    """Tubes for which cells are to be reserved."""

    codes = ScanCodes(required=True)


class CheckOutIn(WithTermIn):
    """A sample that is handed to a person."""

    to_user_id = _id(required=True)
    reason = Refined(CheckoutReason, required=True)
    comment = comment_field()
    at = FrenchDateTime()


class ConsumeIn(WithTermIn):
    """So much of a sample that was used."""

    volume = FrenchDecimal(required=True, above=0)
    reason = Refined(CheckoutReason, required=True)
    comment = comment_field()
    at = FrenchDateTime()


class DisposeIn(WithTermIn):
    """Tubes that were thrown away; without a reason, because they are empty."""

    codes = ScanCodes(required=True)
    reason = Refined(DisposalReason)
    comment = comment_field()
    happened_at = FrenchDateTime()


class ReturnIn(WithTermIn):
    """A sample that comes back, to its own cell or into another box."""

    condition = Refined(SampleCondition, required=True)
    remaining = FrenchDecimal(minimum=0)
    box = ScanCode()
    cell = TrimmedText(longest=limits.CELL_MAX)
    comment = comment_field()
    at = FrenchDateTime()


class TakeBackIn(WithTermIn):
    """Samples that come back together, each to its own cell."""

    codes = ScanCodes(required=True)
    condition = Refined(SampleCondition, required=True)
    comment = comment_field()
    at = FrenchDateTime()


class CorrectIn(Shape):
    """Why the last act is undone."""

    reason = TrimmedText(
        required=True, shortest=limits.REASON_MIN, longest=limits.REASON_MAX, lines=True
    )
