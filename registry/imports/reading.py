"""Reading the CSV files that hospitals have: their separators, encodings and headings.

The column order does not matter.  Headings are understood in French or
English, whatever their case, accents and separators; the columns of a report
of refused rows are passed over, so that a corrected report can be sent again.
"""

import codecs
import csv
import hashlib
import io
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.vocab import limits

SEPARATORS = ";,\t"

#: The columns that a report puts before the row itself.
REPORT_COLUMNS = ("line", "column", "value", "reason")
_REPORT_HEADINGS = {
    "line": ("ligne", "line"),
    "column": ("colonne", "column"),
    "value": ("valeur", "value"),
    "reason": ("motif", "reason"),
}

#: field → the headings that mean it; the first is the one to recommend.
Headings = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Row:
    """One row: its line in the file, its values by field and as they stood."""

    line: int
    values: dict[str, str]
    original: list[str]
    #: It has more or fewer cells than the heading: which value is whose cannot be known.
    is_misaligned: bool = False


@dataclass(frozen=True)
class Table:
    """A file that was understood."""

    path: Path
    #: SHA-256 of the file: what the journal knows it by, since its name may be anything.
    digest: str
    encoding: str
    separator: str
    headings: list[str]
    #: field → its heading in this file.
    understood: dict[str, str]
    ignored: list[str]
    rows: "Rows"


@dataclass(frozen=True)
class Rows:
    """The rows of a file, each made when it is its turn: a file is much smaller as text."""

    text: str
    separator: str
    width: int
    columns: dict[str, int]
    #: Which columns are the row's own, and not a report's.
    own: list[int]
    count: int

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Row]:
        lines = _lines(self.text, self.separator)
        next(lines)
        return (self._row(line, cells) for line, cells in lines)

    def _row(self, line: int, cells: list[str]) -> Row:
        padded = cells + [""] * (self.width - len(cells))
        beyond = cells[self.width :]
        return Row(
            line=line,
            values={field: padded[place] for field, place in self.columns.items()},
            original=[padded[place] for place in self.own] + beyond,
            is_misaligned=len(cells) < self.width or any(cell.strip() for cell in beyond),
        )


def plain(heading: str) -> str:
    """A heading without case, accents, or the kind of its separators."""
    decomposed = unicodedata.normalize("NFKD", heading.casefold())
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return "_".join("".join(sign if sign.isalnum() else " " for sign in letters).split())


def read(path: Path, headings: Headings, *, required: tuple[str, ...]) -> Table:
    """Read the file at `path`; every `required` field must have a column.

    :raises InvalidInput: it is too large, empty, in no known encoding, lacks a
        required column or has two columns for one field.
    """
    raw = _bytes_of(path)
    text, encoding = decoded(raw)
    separator = _separator(text)
    lines = _lines(text, separator)
    _line, first = next(lines, (0, None))
    if first is None:
        raise InvalidInput(T("The file is empty."))
    names = [name.strip() for name in first]
    columns = _columns(names, headings, required)
    reported = _report_places(names)
    own = [place for place in range(len(names)) if place not in reported]
    # Read to its end once: what cannot be read is refused before a row is taken.
    count = sum(1 for _ in lines)
    return Table(
        path=path,
        digest=hashlib.sha256(raw).hexdigest(),
        encoding=encoding,
        separator=separator,
        headings=[names[place] for place in own],
        understood={field: names[place] for field, place in columns.items()},
        ignored=[names[place] for place in own if place not in columns.values()],
        rows=Rows(text, separator, len(names), columns, own, count),
    )


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, each with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise InvalidInput(
            T(
                "Line {line} cannot be read: its quotation marks do not close, or a value is "
                "far too long.",
                line=reader.line_num,
            )
        ) from error


def _bytes_of(path: Path) -> bytes:
    if path.stat().st_size > limits.IMPORT_BYTES_MAX:
        raise InvalidInput(
            T("The file has more than {most} bytes. Split it.", most=limits.IMPORT_BYTES_MAX)
        )
    return path.read_bytes()


def decoded(raw: bytes) -> tuple[str, str]:
    """The text of a file and its encoding.

    :raises InvalidInput: it is in none that is known.
    """
    is_utf16 = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise InvalidInput(T("The file is neither UTF-8 nor Windows-1252 text. Save it as CSV UTF-8."))


def _separator(text: str) -> str:
    heading = text.split("\n", 1)[0]
    return max(SEPARATORS, key=heading.count)


def _columns(names: list[str], headings: Headings, required: tuple[str, ...]) -> dict[str, int]:
    known = {plain(name): field for field, several in headings.items() for name in several}
    columns: dict[str, int] = {}
    for place, name in enumerate(names):
        field = known.get(plain(name))
        if field is None:
            continue
        if field in columns:
            raise InvalidInput(
                T(
                    "The columns “{first}” and “{second}” mean the same. Keep one.",
                    first=names[columns[field]],
                    second=name,
                )
            )
        columns[field] = place
    missing = [field for field in required if field not in columns]
    if missing:
        raise InvalidInput(
            T(
                "No column is headed {headings}. Headings understood: {known}.",
                headings=", ".join(" / ".join(headings[field]) for field in missing),
                known=", ".join(several[0] for several in headings.values()),
            )
        )
    return columns


def _report_places(names: list[str]) -> set[int]:
    """The places of a report's own columns; they stand together, first."""
    found = [
        place
        for place, name in enumerate(names[: len(REPORT_COLUMNS)])
        if plain(name) in _REPORT_HEADINGS[REPORT_COLUMNS[place]]
    ]
    return set(found) if len(found) == len(REPORT_COLUMNS) else set()


def check_aligned(row: Row) -> None:
    """Refuse a row whose cells cannot be matched with the headings.

    :raises InvalidInput: it has more or fewer cells than there are headings.
    """
    if row.is_misaligned:
        raise InvalidInput(
            T(
                "The row has more or fewer cells than the heading. Look for a separator "
                "inside a value, or one that is missing."
            )
        )
