"""Shapes of partners and of packing, sending and receiving shipments."""

from registry.vocab import limits
from registry.vocab.research import RecipientKind
from registry.vocab.samples import SampleCondition
from registry.vocab.shipping import Packing, ShipmentList
from schemas.base import Shape
from schemas.closing import ClosableScans
from schemas.dates import FrenchDateTime
from schemas.fields import (
    Choice,
    FrenchDecimal,
    Numbered,
    ScanCode,
    ScanCodes,
    Several,
    TrimmedText,
)
from schemas.national import EmailAddress

_ID_DIGITS_MAX = 9


class PartnerIn(Shape):
    """An organisation to which tubes may be sent."""

    name = TrimmedText(required=True, longest=limits.NAME_MAX)
    kind = Choice(RecipientKind, required=True)
    country = TrimmedText(required=True, longest=2)
    email = EmailAddress(required=True)


class ButtonIn(Shape):
    """Nothing more than the button."""


class ShipmentListIn(Shape):
    """Which shipments a list is to show."""

    list = Choice(ShipmentList)


class ShipmentIn(Shape):
    """A shipment to begin."""

    site_id = TrimmedText(required=True, longest=_ID_DIGITS_MAX)
    destination = Numbered({"site": "to_site_id", "partner": "partner_id"}, required=True)
    request = TrimmedText(longest=limits.CODE_MAX)
    packing = Choice(Packing, required=True)


class PackIn(ClosableScans):
    """Tubes that are put into the bag; the close command among them seals it."""


class TakeOutIn(Shape):
    """A tube that is taken out of the bag."""

    code = ScanCode(required=True)


class SendIn(Shape):
    """The bag as the courier takes it; without a moment, just now."""

    courier = TrimmedText(longest=limits.NAME_MAX)
    tracking = TrimmedText(longest=limits.NAME_MAX)
    at = FrenchDateTime()


class CancelIn(Shape):
    """Why nothing is sent."""

    reason = TrimmedText(
        required=True, shortest=limits.REASON_MIN, longest=limits.REASON_MAX, lines=True
    )


class ArrivalIn(Shape):
    """What was found in the bag."""

    codes = ScanCodes(required=True)
    damaged = ScanCodes()
    temperature = TrimmedText(longest=limits.REASON_MAX)
    note = TrimmedText(longest=limits.REASON_MAX, lines=True)
    at = FrenchDateTime()


class ComeBackIn(Shape):
    """Tubes that come back, and what is left in one."""

    codes = ScanCodes(required=True)
    condition = Choice(SampleCondition, required=True)
    remaining = FrenchDecimal(minimum=0)
    comment = TrimmedText(longest=limits.REASON_MAX, lines=True)
    at = FrenchDateTime()


class ReceiptCodeIn(Shape):
    """The code that came to the partner by another way than the link."""

    code = TrimmedText(required=True, longest=limits.CODE_MAX)


class ReceiptIn(Shape):
    """What a partner found in the bag: ticked tubes, and what was wrong."""

    code = TrimmedText(required=True, longest=limits.CODE_MAX)
    arrived = Several(ScanCode())
    damaged = Several(ScanCode())
    extra = ScanCodes()
    temperature = TrimmedText(longest=limits.REASON_MAX)
    note = TrimmedText(longest=limits.REASON_MAX, lines=True)
    at = FrenchDateTime()
