"""Shapes of printing kits in advance, and of using one for a participant."""

from registry.vocab import limits
from registry.vocab.printing import LabelStock
from schemas.base import Shape
from schemas.fields import Choice, ScanCode, WholeNumber

_ID_MAX = 2**31 - 1


class PrintAgainIn(Shape):
    """On which labels, and from which of them on."""

    stock = Choice(LabelStock, required=True)
    first = WholeNumber(minimum=1, maximum=limits.SCANS_AT_ONCE_MAX)


class PrintKitsIn(PrintAgainIn):
    """How many kits of one kind, and the site where they wait."""

    kit = WholeNumber(required=True, minimum=1, maximum=_ID_MAX)
    site_id = WholeNumber(required=True, minimum=1, maximum=_ID_MAX)
    count = WholeNumber(required=True, minimum=1, maximum=limits.KITS_PRINTED_MAX)


class UseKitIn(Shape):
    """The participant from whom the kit is drawn."""

    participant = ScanCode(required=True)
