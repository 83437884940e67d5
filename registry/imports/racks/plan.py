"""Whether a scan can be taken for the contents of a box."""

from registry.imports.racks.scan import RackScan, Well
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import Message, T
from registry.storage.grid import Grid


def check_within(scan: RackScan, grid: Grid) -> None:
    """Refuse a scan of a rack that is larger than the box.

    An empty well beyond the box is passed over: a scanner reads its own format.

    :raises InvalidInput: a tube or an unread well lies outside the box; each is
        named with its line.
    """
    outside = [well for well in scan.wells if well.cell not in grid and _is_occupied(well, scan)]
    _refuse(
        [
            T(
                "Line {line}, well {well}: the box has no such cell, its cells go from {first} "
                "to {last}.",
                line=well.line,
                well=well.name,
                first=grid.label(1, 1),
                last=grid.label(grid.rows, grid.columns),
            )
            for well in outside
        ],
        T("The rack is larger than the box."),
    )


def check_readable(scan: RackScan, *, seen_empty: frozenset[str] = frozenset()) -> None:
    """Refuse a scan with a well that may hold a tube whose code was not read.

    `seen_empty` names the wells into which a person has looked and found nothing.

    :raises InvalidInput: there is such a well; each is named with its line.
    """
    _refuse(
        [
            T(
                "Line {line}, well {well}: no code was read, and there may be a tube. Scan the "
                "tube again, or look and say that the well is empty.",
                line=well.line,
                well=well.name,
            )
            for well in scan.unread
            if well.name not in seen_empty
        ],
        T("Some wells were not read."),
    )


def _is_occupied(well: Well, scan: RackScan) -> bool:
    return well.code is not None or well in scan.unread


def _refuse(reasons: list[Message], summary: Message) -> None:
    if reasons:
        raise InvalidInput(summary, field="file", errors={"file": reasons})
