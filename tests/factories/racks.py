"""Files as rack scanners write them."""

from collections.abc import Iterable, Mapping

from registry.imports.racks.scan import well_name
from registry.storage.grid import Cell
from registry.vocab.racks import RackPreset

RACK = "TS01552899"

_HEADINGS: Mapping[RackPreset, tuple[str, ...]] = {
    RackPreset.VISIONMATE: ("RackID", "LocationRow", "LocationColumn", "TubeCode"),
    RackPreset.TRAXCER: ("Position", "Tube ID"),
    RackPreset.WORKLIST_XL20: ("Rack Barcode", "Tube Barcode", "Row", "Column", "In Worklist"),
    RackPreset.RACK_LOCATION_TUBE: ("Rack ID", "Tube Location", "Tube Barcode"),
    RackPreset.HEADED: ("Barcode", "Tube Row", "Tube Column"),
}
_BEFORE: Mapping[RackPreset, tuple[str, ...]] = {
    RackPreset.VISIONMATE: ("Date: 18November2019 01:53:40,,,", f"Rack: {RACK},,,"),
    RackPreset.TRAXCER: (f"Plate barcode,{RACK}",),
    RackPreset.TRAKMATE: (
        "Date & time of Trace = 23 Aug 2012 01:42:01 PM",
        f"Rack Base Name: {RACK}",
    ),
}
#: The presets that tell the rack's code.
WITH_RACK = frozenset(RackPreset) - {RackPreset.POSITION_TUBE, RackPreset.HEADED}


def written(
    preset: RackPreset,
    wells: Iterable[tuple[Cell, str]],
    *,
    separator: str = ",",
    ending: str = "\n",
    encoding: str = "utf-8",
) -> bytes:
    """A file of this shape, with what the scanner wrote for each well."""
    lines = [*_BEFORE.get(preset, ())]
    if preset in _HEADINGS:
        lines.append(separator.join(_HEADINGS[preset]))
    lines += [separator.join(_cells(preset, cell, text)) for cell, text in wells]
    return "".join(line + ending for line in lines).encode(encoding)


def _cells(preset: RackPreset, cell: Cell, text: str) -> tuple[str, ...]:
    name, row, column = well_name(cell), well_name(cell)[0], str(cell[1])
    match preset:
        case RackPreset.VISIONMATE:
            return (RACK, row, column, text)
        case RackPreset.WORKLIST_XL20:
            return (RACK, text, row, column, "Y")
        case RackPreset.HEADED:
            return (text, row, column)
        case RackPreset.RACK_POSITION_TUBE | RackPreset.RACK_LOCATION_TUBE:
            return (RACK, name, text)
        case RackPreset.TRAKMATE:
            return (f"  {row}{cell[1]:02d}", f"    {text}")
        case _:
            return (name, text)
