"""The shapes of rack-scanner files: headings, lines before the wells, words for an empty well.

Vendors let each site set up the export, so a preset is recognised by what its
columns are, in any order and with any of the separators.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from registry.imports.racks.scan import COLUMNS_MAX, ROWS_MAX
from registry.imports.reading import plain
from registry.kernel import clock
from registry.storage.grid import Cell, Grid
from registry.vocab.racks import RackPreset, WellStatus

SEPARATORS = (",", ";", "\t")

#: What scanners write instead of a code, without case; nothing at all is an empty well.
MARKERS: Mapping[str, WellStatus] = {
    "": WellStatus.EMPTY,
    "EMPTY": WellStatus.EMPTY,
    "NO TRAKMATE": WellStatus.EMPTY,
    "NO TUBE": WellStatus.EMPTY,
    "NOTUBE": WellStatus.EMPTY,
    "NOSCAN": WellStatus.EMPTY,
    "NO READ": WellStatus.UNREADABLE,
    "NOREAD": WellStatus.UNREADABLE,
}

#: What a column tells → the headings that mean it.
HEADINGS: Mapping[str, frozenset[str]] = {
    "tube": frozenset({"tube_barcode", "barcode", "tube_code", "tubecode", "tube_id"}),
    "position": frozenset({"tube_position", "position", "pos", "tube_location"}),
    "row": frozenset({"tube_row", "row", "locationrow"}),
    "column": frozenset({"tube_column", "column", "col", "locationcolumn"}),
    "rack": frozenset({"rackid", "rack_id", "rack_barcode"}),
}

#: The headings by which one vendor's file is told from any other with headings.
_SIGNATURES: Mapping[RackPreset, frozenset[str]] = {
    RackPreset.VISIONMATE: frozenset({"rackid", "locationrow", "locationcolumn", "tubecode"}),
    RackPreset.TRAXCER: frozenset({"position", "tube_id"}),
    RackPreset.WORKLIST_XL20: frozenset(
        {"rack_barcode", "tube_barcode", "row", "column", "in_worklist"}
    ),
    RackPreset.RACK_LOCATION_TUBE: frozenset({"rack_id", "tube_location", "tube_barcode"}),
}

_LETTERS = Grid(ROWS_MAX, COLUMNS_MAX)
_RACK_LINE = re.compile(
    r"(?:rack(?: base name| id| barcode)?|plate barcode)\s*[:=,;\t]\s*(?P<code>[^,;\t]*?)[\s,;]*",
    re.IGNORECASE,
)
_DATE_LINE = re.compile(r"date\b[^:=]*[:=]\s*(?P<moment>.*?)[\s,;]*", re.IGNORECASE)
_MOMENT = re.compile(
    r"(\d{1,2}) ?([A-Za-z]+|\d{1,2}) ?(\d{4}) (\d{1,2}):(\d{2}):(\d{2})(?: ([AP])M)?",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NOON = 12


def roles(cells: list[str]) -> dict[str, int] | None:
    """Which column tells what; None when these are no headings of a rack."""
    found: dict[str, int] = {}
    for place, name in enumerate(map(plain, cells)):
        role = next((role for role, names in HEADINGS.items() if name in names), None)
        if role is None:
            continue
        if role in found:
            return None
        found[role] = place
    whole = "tube" in found and ("position" in found or {"row", "column"} <= found.keys())
    return found if whole else None


def preset_of(cells: list[str]) -> RackPreset:
    """Whose file it is that has these headings."""
    names = {plain(name) for name in cells if name.strip()}
    return next(
        (preset for preset, signature in _SIGNATURES.items() if names == signature),
        RackPreset.HEADED,
    )


def position(text: str) -> Cell | None:
    """The well that ``A1``, ``a01`` or ``A 1`` names; None when it names none."""
    found = re.fullmatch(r"([A-Pa-p])\s*0?([1-9]|1[0-9]|2[0-4])", text.strip())
    return None if found is None else _LETTERS.read(found[1] + found[2])


def rack_line(line: str) -> str | None:
    """The rack's code when the line before the wells tells it."""
    found = _RACK_LINE.fullmatch(line.strip())
    return None if found is None else found["code"].strip()


def is_date_line(line: str) -> bool:
    """Whether the line before the wells tells when the rack was scanned."""
    return _DATE_LINE.fullmatch(line.strip()) is not None


def moment_of(line: str) -> datetime | None:
    """When the rack was scanned, on a Paris clock; None when it is not written in a known way."""
    told = _DATE_LINE.fullmatch(line.strip())
    found = _MOMENT.fullmatch(told["moment"].strip()) if told else None
    if found is None:
        return None
    day, month, year, hour, minute, second, half = found.groups()
    hours = int(hour) if half is None else int(hour) % _NOON + _NOON * (half.upper() == "P")
    named = month[:3].casefold()
    number = int(month) if month.isdigit() else (*_MONTHS, named).index(named) + 1
    try:
        read = datetime(  # noqa: DTZ001 - the clock is named in the next step
            int(year), number, int(day), hours, int(minute), int(second)
        )
    except ValueError:
        return None
    return read.replace(tzinfo=clock.PARIS).astimezone(UTC)
