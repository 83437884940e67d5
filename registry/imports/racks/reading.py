"""Reading a rack-scanner file: finding its shape, then its wells one by one."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.imports.racks import presets
from registry.imports.racks.scan import RackScan, Well, well_name
from registry.imports.reading import decoded
from registry.kernel.codes import tube
from registry.kernel.errors import DomainError, InvalidInput
from registry.kernel.messages import Message, T
from registry.storage.grid import Cell
from registry.vocab import limits
from registry.vocab.racks import RackPreset, WellStatus

#: What a spreadsheet makes of a code that it takes for a number.
_MANGLED = re.compile(
    r"\d([.,]\d+)?E\+\d+|\d[.,]\d+E-?\d+|\d+[.,]0+|#+|#[A-Z/]+[!?]?", re.IGNORECASE
)
_ZIP = b"PK\x03\x04"

Line = tuple[int, list[str]]


@dataclass(frozen=True)
class _Shape:
    """Where in a line everything stands."""

    preset: RackPreset
    columns: dict[str, int]
    before: Sequence[Line]
    lines: Sequence[Line]


def read(raw: bytes) -> RackScan:
    """What the file says of each well.

    :raises InvalidInput: it is no rack-scanner file, or a line, a well or a
        code in it cannot be taken; each is named under ``file``.
    """
    if len(raw) > limits.RACK_BYTES_MAX:
        raise _refused(T("The file is too large for one rack."))
    if raw.startswith(_ZIP):
        raise _refused(T("This is a spreadsheet. Save it as CSV, or send the scanner’s own file."))
    text = decoded(raw)[0]
    if len(text.splitlines()) > limits.RACK_LINES_MAX:
        raise _refused(T("The file has more lines than one rack has wells."))
    shape = max(
        (_shape(_lines(text, separator), separator) for separator in presets.SEPARATORS),
        key=_fitting,
    )
    if not _fitting(shape):
        raise _refused(T("This is no rack-scanner file that is known: no line names a well."))
    return _scan(shape)


def _lines(text: str, separator: str) -> list[Line]:
    """The lines that hold something, numbered as in the file; quotation marks may surround values.

    :raises InvalidInput: a line is too long to be one.
    """
    found: list[Line] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip(f"{separator} \t\0"):
            try:
                [cells] = csv.reader(io.StringIO(line), delimiter=separator, skipinitialspace=True)
            except csv.Error as error:
                raise _refused(T("Line {line} is far too long.", line=number)) from error
            found.append((number, [cell.strip() for cell in cells]))
    return found


def _shape(lines: Sequence[Line], separator: str) -> _Shape:
    """The shape that the file has if this is its separator.

    :raises InvalidInput: it has two.
    """
    for place, (_, cells) in enumerate(lines[: limits.RACK_PREAMBLE_MAX]):
        columns = presets.roles(cells)
        if columns is not None:
            return _Shape(presets.preset_of(cells), columns, lines[:place], lines[place + 1 :])
    first = next(
        (place for place, one in enumerate(lines) if not _is_before(separator.join(one[1]))),
        len(lines),
    )
    before, rest = lines[:first], lines[first:]
    two = {"position": 0, "tube": 1}
    three = {"rack": 0, "position": 1, "tube": 2}
    preset = RackPreset.TRAKMATE if before else RackPreset.POSITION_TUBE
    shapes = (
        _Shape(preset, two, before, rest),
        _Shape(RackPreset.RACK_POSITION_TUBE, three, before, rest),
    )
    chosen = max(shapes, key=_fitting)
    if rest and all(_fitting(one) == len(rest) for one in shapes):
        raise _refused(
            T("The file can be read in two ways: its first and its second column name wells.")
        )
    return chosen


def _is_before(line: str) -> bool:
    return presets.rack_line(line) is not None or presets.is_date_line(line)


def _fitting(shape: _Shape) -> int:
    """How many lines name a well where this shape has it, and have nothing beyond."""
    return sum(
        _cell(cells, shape) is not None and _is_whole(cells, shape) for _, cells in shape.lines
    )


def _is_whole(cells: list[str], shape: _Shape) -> bool:
    """Whether the line has all columns of the shape and, without headings, nothing more."""
    width = max(shape.columns.values()) + 1
    has_headings = shape.preset not in _UNHEADED
    return len(cells) >= width and (has_headings or not any(cells[width:]))


_UNHEADED = (RackPreset.POSITION_TUBE, RackPreset.RACK_POSITION_TUBE, RackPreset.TRAKMATE)


def _cell(cells: list[str], shape: _Shape) -> Cell | None:
    names = ("position",) if "position" in shape.columns else ("row", "column")
    if max(shape.columns[name] for name in names) >= len(cells):
        return None
    return presets.position("".join(cells[shape.columns[name]] for name in names))


def _scan(shape: _Shape) -> RackScan:
    """Every well, or every refusal."""
    reasons: list[Message] = []
    wells: list[Well] = []
    for line, cells in shape.lines:
        cell = _cell(cells, shape)
        if cell is None or not _is_whole(cells, shape):
            reasons.append(T("Line {line}: it names no well, or has too few or too many values.",
                             line=line))  # fmt: skip
            continue
        try:
            wells.append(_well(line, cell, cells[shape.columns["tube"]]))
        except DomainError as refusal:
            reasons.append(
                T("Line {line}, well {well}: {reason}",
                  line=line, well=well_name(cell), reason=refusal.message)
            )  # fmt: skip
    reasons += _repeated(wells)
    racks, scanned_at = _before(shape)
    if not all(rack.isprintable() and len(rack) <= limits.CODE_MAX for rack in racks):
        reasons.append(T("The code of the rack cannot be read."))
    elif len(racks) > 1:
        reasons.append(
            T("The file tells of several racks: {racks}.", racks=", ".join(sorted(racks)))
        )
    if reasons:
        raise InvalidInput(
            T("The file cannot be taken as it is."), field="file", errors={"file": reasons}
        )
    return RackScan(shape.preset, next(iter(racks), None), scanned_at, wells)


def _well(line: int, cell: Cell, text: str) -> Well:
    marker = presets.MARKERS.get(" ".join(text.upper().split()))
    if marker is not None:
        return Well(line, cell, marker)
    if _MANGLED.fullmatch(text):
        raise InvalidInput(
            T("“{text}” is what a spreadsheet made of a code. Take the scanner’s own file.",
              text=text[: limits.CODE_MAX])
        )  # fmt: skip
    if len(text) > limits.CODE_MAX or not text.isprintable():
        raise InvalidInput(T("This is no code of a tube."))
    return Well(line, cell, WellStatus.TUBE, tube.read_scan(text))


def _repeated(wells: Sequence[Well]) -> list[Message]:
    """A sentence for each line that tells of a well or of a tube a second time."""
    cells = Counter[Cell]()
    codes: dict[str, Well] = {}
    reasons: list[Message] = []
    for well in wells:
        cells[well.cell] += 1
        if cells[well.cell] > 1:
            reasons.append(
                T("Line {line}, well {well}: an earlier line tells of this well.",
                  line=well.line, well=well.name)
            )  # fmt: skip
        if well.code is None:
            continue
        first = codes.setdefault(well.code, well)
        if first is not well:
            reasons.append(
                T("Line {line}, well {well}: {code} is in well {other} too (line {first}).",
                  line=well.line, well=well.name, code=well.code, other=first.name,
                  first=first.line)
            )  # fmt: skip
    return reasons


def _before(shape: _Shape) -> tuple[set[str], datetime | None]:
    """The racks that the file names anywhere, and when they were scanned."""
    racks: set[str] = set()
    scanned_at: datetime | None = None
    for _, cells in shape.before:
        line = ",".join(cells)
        racks.add((presets.rack_line(line) or "").upper())
        scanned_at = presets.moment_of(line) or scanned_at
    place = shape.columns.get("rack")
    if place is not None:
        racks |= {cells[place].upper() for _, cells in shape.lines if place < len(cells)}
    return racks - {""}, scanned_at


def _refused(reason: Message) -> InvalidInput:
    return InvalidInput(reason, field="file")
