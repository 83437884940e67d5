"""Shapes of the home page."""

from registry.vocab import limits
from schemas.base import Shape
from schemas.fields import ScanCode, TrimmedText


class ScanIn(Shape):
    """A code to find."""

    code = ScanCode(required=True)
    #: The participant whose page was open when it was scanned.
    participant = TrimmedText(longest=limits.CODE_MAX)
    #: The code of what the page shows, for scans that say what is to be done with it.
    about = ScanCode()
