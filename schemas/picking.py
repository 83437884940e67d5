"""Shapes of pick lists: what is reserved, what is fetched, what is left out."""

from registry.vocab import limits
from registry.vocab.custody import CheckoutReason
from schemas.base import Shape
from schemas.closing import ClosableScans
from schemas.fields import Choice, Numbered, ScanCode, ScanCodes, TrimmedText


class PickListIn(Shape):
    """Tubes to reserve, and for whom or what."""

    title = TrimmedText(required=True, longest=limits.NAME_MAX)
    destination = Numbered({"person": "to_user_id", "shipment": "shipment_id"}, required=True)
    reason = Choice(CheckoutReason)
    codes = ScanCodes(required=True)


class FetchIn(ClosableScans):
    """Tubes that were fetched; the close command among them ends the list."""


class LeaveOutIn(Shape):
    """A tube that is not fetched after all."""

    code = ScanCode(required=True)
    reason = TrimmedText(
        required=True, shortest=limits.REASON_MIN, longest=limits.REASON_MAX, lines=True
    )
