"""Shapes of what is done with the files of rack scanners."""

from registry.vocab import limits
from schemas.base import Shape
from schemas.fields import Flag, ScanCode, ScanCodes, TrimmedText, Verbatim

_WELLS_MAX = 4 * 384


class RackFileIn(Shape):
    """A scan of a rack and its box; the file itself comes beside, or as text when it was seen."""

    box = ScanCode()
    #: The file once it was shown: its text, whose every blank counts.
    scan = Verbatim(longest=limits.RACK_BYTES_MAX)
    turned = Flag()
    #: To turn it once more.
    turn = Flag()
    #: The wells into which somebody has looked, by name.
    seen_empty = TrimmedText(longest=_WELLS_MAX)
    comment = TrimmedText(longest=limits.REASON_MAX, lines=True)
    accept = Flag()


class InventoryIn(RackFileIn):
    """What was found in a box: a scan of the rack, or tubes one by one."""

    codes = ScanCodes()
    reason = TrimmedText(longest=limits.REASON_MAX, lines=True)
    #: What tells the comparison that the person saw.
    shown = TrimmedText(longest=64)
