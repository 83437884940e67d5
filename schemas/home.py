"""Shapes of the home page."""

from schemas.base import Shape
from schemas.fields import ScanCode


class ScanIn(Shape):
    """A code to find."""

    code = ScanCode(required=True)
