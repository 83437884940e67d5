"""How a quantity is written: exactly, and in one way."""

from decimal import Decimal


def plain(quantity: Decimal) -> Decimal:
    """The same quantity without trailing zeros and without an exponent."""
    return Decimal(written(quantity))


def written(quantity: Decimal) -> str:
    """The quantity as records keep it: two that are equal are written alike."""
    return format(quantity.normalize(), "f")
