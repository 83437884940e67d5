"""CSV as French spreadsheets read it: semicolons, UTF-8 with its mark, and no cell a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

DELIMITER = ";"
LINE_END = "\r\n"
MARK = b"\xef\xbb\xbf"

#: What a spreadsheet may take for the beginning of a formula; the last four are full-width.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def neutral(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would run."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def sheet(lines: Iterable[Sequence[str]]) -> bytes:
    """A whole small file; its first line holds the headings."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=DELIMITER, lineterminator=LINE_END)
    writer.writerows([neutral(cell) for cell in line] for line in lines)
    return MARK + text.getvalue().encode()
