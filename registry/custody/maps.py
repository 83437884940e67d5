"""The map of a box and the list of a freezer on paper, as tagged PDF: for its lid or its door."""

from collections.abc import Sequence
from typing import Any

from registry import typeset
from registry.custody.forms import Printing
from registry.custody.views import BoxMap, CellView, Occupancy
from registry.kernel.messages import T
from registry.storage import queries as storage
from registry.storage.models import StorageUnit
from registry.vocab.labels import label
from registry.vocab.storage import CellStatus

_HEADINGS = (T("Place"), T("Code"), T("Kind"), T("Taken"), T("Free"))


def box_sheet(box: BoxMap, printing: Printing) -> bytes:
    """The PDF of a box: what is in each cell when it is printed."""
    say = printing.words
    data: dict[str, Any] = {
        "language": printing.language,
        "title": say(T("Map of the box {name}", name=box.name)),
        "way": box.way,
        "symbol": typeset.data_matrix(box.code),
        "taken": say(T("{taken} of {cells} cells are taken", taken=box.taken, cells=box.grid.size)),
        "printed": _printed(printing),
        "row": say(T("Row")),
        "columns": [box.grid.column_label(cell.col) for cell in box.rows[0]],
        "rows": [
            {
                "name": box.grid.row_label(row[0].row),
                "cells": [_cell(cell, printing) for cell in row],
            }
            for row in box.rows
        ],
    }
    return typeset.pdf("registry.custody", "box_map", data, moment=printing.printed_at)


def place_sheet(
    way: Sequence[StorageUnit],
    parts: Sequence[tuple[StorageUnit, Occupancy]],
    printing: Printing,
) -> bytes:
    """The PDF of what is directly inside the place at the end of this way."""
    say = printing.words
    place = way[-1]
    data: dict[str, Any] = {
        "language": printing.language,
        "title": say(T("What is inside {name}", name=place.name)),
        "way": storage.in_words(way),
        "symbol": typeset.data_matrix(place.code),
        "printed": _printed(printing),
        "headings": [say(word) for word in _HEADINGS],
        "rows": [
            {
                "name": part.name,
                "code": part.code,
                "kind": say(label(part.kind)),
                "taken": str(full.taken),
                "free": str(full.cells - full.taken),
            }
            for part, full in parts
        ],
    }
    return typeset.pdf("registry.custody", "place_list", data, moment=printing.printed_at)


def _printed(printing: Printing) -> str:
    moment = printing.moment(printing.printed_at)
    return printing.words(
        T("Printed on {moment} by {name}", moment=moment, name=printing.printed_by)
    )


def _cell(cell: CellView, printing: Printing) -> dict[str, str]:
    if cell.status in (CellStatus.FREE, CellStatus.RESERVED):
        return {"code": "", "kind": "", "state": ""}
    kept = printing.words(T("lent")) if cell.status is CellStatus.KEPT else ""
    return {
        "code": cell.code or printing.words(T("other site")),
        "kind": cell.sample_type.value if cell.sample_type else "",
        "state": kept,
    }
