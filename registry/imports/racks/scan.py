"""What a rack-scanner file says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.storage.grid import Cell, Grid
from registry.vocab.racks import RackPreset, WellStatus

#: The largest rack that scanners know: 384 wells, A1 to P24.
ROWS_MAX = 16
COLUMNS_MAX = 24
_LARGEST = Grid(ROWS_MAX, COLUMNS_MAX)


def well_name(cell: Cell) -> str:
    """What scanners call a well: ``B3``, whatever the box's own labels are."""
    return _LARGEST.label(*cell)


@dataclass(frozen=True)
class Well:
    """One well, and the line of the file that tells of it."""

    line: int
    cell: Cell
    status: WellStatus
    #: What the scanner read; None unless there is a tube.
    code: str | None = None

    @property
    def name(self) -> str:
        """What scanners call it."""
        return well_name(self.cell)


@dataclass(frozen=True)
class RackScan:
    """A file that was understood, its wells in the order of the file."""

    preset: RackPreset
    rack_code: str | None
    #: When the rack was scanned; None when the file does not say or not in a known way.
    scanned_at: datetime | None
    wells: Sequence[Well]

    @property
    def tubes(self) -> Mapping[Cell, str]:
        """The code in each well that has a tube."""
        return {well.cell: well.code for well in self.wells if well.code is not None}

    @property
    def unread(self) -> Sequence[Well]:
        """The wells in which there may be a tube whose code was not read."""
        return [well for well in self.wells if well.status is WellStatus.UNREADABLE]
