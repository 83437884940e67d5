"""What the page for placing shows of the box that was scanned, and what is done by it."""

from collections.abc import Sequence
from typing import Any

from registry.custody import queries, service
from registry.custody.proposing import queries as proposing
from registry.custody.service import Placement
from registry.kernel.codes import tube
from registry.kernel.errors import InvalidInput, NotFound
from registry.kernel.messages import T
from registry.storage import queries as storage
from registry.storage.models import Box
from registry.vocab.custody import HolderKind
from registry.web import queued
from registry.web.guards import current_actor


def proposal(scanned: str | None) -> dict[str, Any] | None:
    """The box that is known so far, how many cells are free and which comes first."""
    try:
        box = storage.box_by_code(current_actor(), tube.read_scan(scanned or ""))
    except (InvalidInput, NotFound):
        return None
    free = queries.free_cells(current_actor(), box.id)
    own = proposing.own(current_actor(), box.id)
    return {
        "box": box,
        "going": own[0] if own else None,
        "map": queries.box_map(current_actor(), box.id) if own else None,
        "free": len(free),
        "next": box.grid.label(*free[0]) if free else None,
    }


def put(box: Box, given: dict[str, Any]) -> None:
    """Samples from the bench are placed, those in store are moved, in the order of the scans."""
    actor, codes = current_actor(), given["placements"]
    if not given["cell"]:
        _check_not_there_yet(box, codes)
    known = queries.listed(actor, codes)
    placements = [
        Placement(code, *cell) for code, cell in _cells(box, given["cell"], codes).items()
    ]
    stored = {code for code in known if known[code].status is HolderKind.POSITION}
    for act, chosen in (
        (service.place, [one for one in placements if one.code not in stored]),
        (service.move, [one for one in placements if one.code in stored]),
    ):
        if chosen:
            act(
                actor,
                box_id=box.id,
                placements=chosen,
                at=queued.moment() if queued.is_queued() else None,
                comment=given["comment"],
            )


def _check_not_there_yet(box: Box, codes: Sequence[str]) -> None:
    """Refuse to move a tube within its box by a second scan: its cell has to be named for that.

    :raises InvalidInput: with a sentence for each such tube.
    """
    cells = {
        cell.code: cell.label
        for row in queries.box_map(current_actor(), box.id).rows
        for cell in row
    }
    there = [
        T("{code} is in this box already, in cell {cell}.", code=code, cell=cells[code])
        for code in codes
        if code in cells
    ]
    if there:
        raise InvalidInput(there[0], errors={"placements": there})


def _cells(box: Box, first: str | None, codes: Sequence[str]) -> dict[str, Sequence[int]]:
    """The cells reserved for the tubes, or the free cells from `first` on.

    None for the tubes that find no room, which are refused.
    """
    actor = current_actor()
    own = {} if first else proposing.own_cells(actor, box.id)
    free = queries.free_cells(actor, box.id)
    start = box.grid.read(first) if first else (1, 1)
    cells = [cell for cell in free if cell >= start]
    if first and start not in cells:
        cells.insert(0, start)  # it is taken: the service says by what
    others = iter(cells)
    return {code: own.get(code) or next(others, ()) for code in codes}
