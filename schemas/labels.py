"""Shapes of printing labels and of their templates."""

import re
from typing import Any

from marshmallow import ValidationError, validates_schema
from marshmallow.fields import Nested

from registry.kernel.messages import T
from registry.vocab import limits, patterns
from registry.vocab.printing import LabelStock, PrinterResolution, PrintMethod, SymbolSide
from schemas.base import Shape
from schemas.fields import (
    Choice,
    Flag,
    FrenchDecimal,
    ScanCodes,
    Several,
    TrimmedText,
    WholeNumber,
    refuse,
)

_MM_PLACES = 1
_ID_MAX = 2**31 - 1


def _millimetres(minimum: int, maximum: int, **options: Any) -> FrenchDecimal:
    return FrenchDecimal(minimum=minimum, maximum=maximum, places=_MM_PLACES, **options)


def _check_host(name: str) -> None:
    if not re.fullmatch(patterns.HOST, name):
        refuse(T("Write the printer’s address, such as 10.20.4.17 or zebra-2.hospital.fr."))


class LabelsIn(Shape):
    """Labels to print again, and where the sheet begins."""

    codes = ScanCodes(required=True)
    stock = Choice(LabelStock, required=True)
    first = WholeNumber(minimum=1, maximum=limits.SHEET_PLACES_MAX)


class LabelsInAdvanceIn(Shape):
    """Labels with fresh codes, to be stuck on tubes that are not yet filled."""

    count = WholeNumber(required=True, minimum=1, maximum=limits.SCANS_AT_ONCE_MAX)
    stock = Choice(LabelStock, required=True)
    first = WholeNumber(minimum=1, maximum=limits.SHEET_PLACES_MAX)


class PlaceLabelsIn(Shape):
    """Labels of places, and where the sheet begins."""

    stock = Choice(LabelStock, required=True)
    first = WholeNumber(minimum=1, maximum=limits.SHEET_PLACES_MAX)


class PrinterIn(Shape):
    """A label printer and the roll that is in it."""

    name = TrimmedText(required=True, longest=limits.NAME_MAX)
    host = TrimmedText(required=True, longest=limits.HOST_MAX, validate=_check_host)
    port = WholeNumber(minimum=1, maximum=limits.PORT_MAX, load_default=limits.PRINTER_PORT)
    resolution = Choice(PrinterResolution, required=True)
    method = Choice(PrintMethod, required=True)
    label_width = _millimetres(limits.LABEL_MM_MIN, limits.LABEL_MM_MAX, required=True)
    label_height = _millimetres(limits.LABEL_MM_MIN, limits.LABEL_MM_MAX, required=True)
    is_default = Flag()
    is_used = Flag()


class NewPrinterIn(PrinterIn):
    """A printer of a site."""

    site_id = WholeNumber(minimum=1, maximum=_ID_MAX, required=True)


class LabelLineIn(Shape):
    """One line of a template; one without text is not printed."""

    text = TrimmedText(longest=limits.LABEL_MAX)
    height = _millimetres(limits.LABEL_LINE_MM_MIN, limits.LABEL_MM_MAX)
    is_bold = Flag()

    @validates_schema(skip_on_field_errors=True)
    def check_height(self, data: dict[str, Any], **_: Any) -> None:
        """A line that is printed is so high."""
        if data["text"] and data["height"] is None:
            raise ValidationError([T("Say how high this line is, in millimetres.")], "height")


class LabelDesignIn(Shape):
    """What labels of one purpose look like."""

    after = WholeNumber(minimum=0, maximum=_ID_MAX)
    width = _millimetres(limits.LABEL_MM_MIN, limits.LABEL_MM_MAX, required=True)
    height = _millimetres(limits.LABEL_MM_MIN, limits.LABEL_MM_MAX, required=True)
    margin = _millimetres(0, limits.LABEL_MARGIN_MM_MAX, required=True)
    symbol_side = Choice(SymbolSide, required=True)
    symbol_size = _millimetres(limits.LABEL_SYMBOL_MM_MIN, limits.LABEL_MM_MAX, required=True)
    lines = Several(Nested(LabelLineIn), required=True)

    @validates_schema(skip_on_field_errors=True)
    def check_lines(self, data: dict[str, Any], **_: Any) -> None:
        """A label says something, in no more lines than there are."""
        written = [line for line in data["lines"] if line["text"]]
        if not 1 <= len(written) <= limits.LABEL_LINES_MAX:
            raise ValidationError(
                [T("Write 1 to {most} lines.", most=limits.LABEL_LINES_MAX)], "lines"
            )
