"""Shapes of partners and of packing, sending and receiving shipments."""

from collections.abc import Mapping
from typing import Any

from marshmallow import pre_load

from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.research import RecipientKind
from registry.vocab.samples import SampleCondition
from registry.vocab.shipping import CLOSE_COMMANDS, Packing, ShipmentList
from schemas.base import Shape
from schemas.dates import FrenchDateTime
from schemas.fields import (
    Choice,
    Flag,
    FrenchDecimal,
    ScanCode,
    ScanCodes,
    Several,
    TrimmedText,
    refuse,
)
from schemas.national import EmailAddress

_ID_DIGITS_MAX = 9
_DESTINATION_MAX = 20


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


class Destination(TrimmedText):
    """A site or a partner: ``site:3``, ``partner:2``; loads as the argument that names it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:
        kind, _colon, number = super()._deserialize(value, attr, data).partition(":")
        name = {"site": "to_site_id", "partner": "partner_id"}.get(kind)
        if name is None or not number.isdecimal() or len(number) > _ID_DIGITS_MAX:
            refuse(T("Choose one of the values offered."))
        return {name: int(number)}


class ShipmentIn(Shape):
    """A shipment to begin."""

    site_id = TrimmedText(required=True, longest=_ID_DIGITS_MAX)
    destination = Destination(required=True, longest=_DESTINATION_MAX)
    request = TrimmedText(longest=limits.CODE_MAX)
    packing = Choice(Packing, required=True)


class PackIn(Shape):
    """Tubes that are put into the bag; the close command among them seals it."""

    codes = ScanCodes()
    close = Flag()

    @pre_load
    def hear_close(self, data: Any, **_: Any) -> Any:
        """Take the command out of the codes."""
        if not isinstance(data, Mapping) or not isinstance(data.get("codes"), str):
            return data
        lines = data["codes"].splitlines()
        codes = [line for line in lines if line.strip().upper() not in CLOSE_COMMANDS]
        heard = {"close": "yes"} if len(codes) < len(lines) else {}
        return {**data, "codes": "\n".join(codes), **heard}


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
