"""Shapes of carts: the name of a new one, the tubes that are scanned."""

from registry.vocab import limits
from schemas.base import Shape
from schemas.fields import ScanCode, ScanCodes, TrimmedText, WholeNumber

_ID_MAX = 2**31 - 1


class CartIn(Shape):
    """A new cart."""

    site_id = WholeNumber(required=True, minimum=1, maximum=_ID_MAX)
    name = TrimmedText(required=True, longest=limits.NAME_MAX)


class OntoCartIn(Shape):
    """Tubes that come onto a cart."""

    codes = ScanCodes(required=True)


class OffCartIn(Shape):
    """A tube that comes off a cart."""

    tube = ScanCode(required=True)
