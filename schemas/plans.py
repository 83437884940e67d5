"""Shapes of what is planned of a tube, and of carrying it out at the bench."""

from marshmallow.fields import Nested

from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.plans import PLANNED_LABELS, Shortfall
from registry.vocab.printing import LabelPurpose
from registry.vocab.samples import ContainerType, SampleType
from registry.vocab.storage import StorageClass
from schemas.base import Shape
from schemas.dates import FrenchDateTime
from schemas.fields import (
    Choice,
    FrenchDecimal,
    ScanCodes,
    Several,
    TrimmedText,
    WholeNumber,
    refuse,
)
from schemas.terms import KindIn, Refined, WithTermIn

_ID_MAX = 2**31 - 1


def _check_label(purpose: LabelPurpose) -> None:
    if purpose not in PLANNED_LABELS:
        refuse(T("Choose one of the values offered."))


class PlannedLineIn(KindIn):
    """So many containers alike, made of the tube or of another line."""

    parent = WholeNumber(minimum=1, maximum=_ID_MAX)
    sample_type = Refined(SampleType, required=True)
    container_type = Refined(ContainerType, required=True)
    volume = FrenchDecimal(required=True, above=0)
    count = WholeNumber(required=True, minimum=1, maximum=limits.ALIQUOTS_AT_ONCE_MAX)
    priority = WholeNumber(required=True, minimum=1, maximum=limits.PLANNED_PRIORITY_MAX)
    label_purpose = Choice(LabelPurpose, required=True, validate=_check_label)
    storage_class = Choice(StorageClass)
    within_minutes = WholeNumber(minimum=1, maximum=limits.PLANNED_MINUTES_MAX)


class YieldIn(Shape):
    """How much there is to share out."""

    volume = FrenchDecimal(above=0)


class MadeLineIn(WithTermIn, KindIn):
    """What was made by one line of the plan."""

    planned = WholeNumber(required=True, minimum=1, maximum=_ID_MAX)
    count = WholeNumber(minimum=0, maximum=limits.ALIQUOTS_AT_ONCE_MAX, load_default=0)
    volume = FrenchDecimal(required=True, above=0)
    container_type = Refined(ContainerType, required=True)
    shortfall = Refined(Shortfall)


class PlannedWorkIn(Shape):
    """A plan that was carried out."""

    lines = Several(Nested(MadeLineIn), required=True)
    children = ScanCodes()
    loss = FrenchDecimal(minimum=0)
    at = FrenchDateTime()
    comment = TrimmedText(longest=limits.REASON_MAX, lines=True)
