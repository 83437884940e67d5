"""The map of a box on paper, as tagged PDF: for the lid of the box and the door of the freezer."""

from typing import Any

from registry import typeset
from registry.custody.forms import Printing
from registry.custody.views import BoxMap, CellView
from registry.kernel.messages import T
from registry.vocab.storage import CellStatus


def box_sheet(box: BoxMap, printing: Printing) -> bytes:
    """The PDF of a box: what is in each cell when it is printed."""
    say = printing.words
    data: dict[str, Any] = {
        "language": printing.language,
        "title": say(T("Map of the box {name}", name=box.name)),
        "way": box.way,
        "symbol": typeset.data_matrix(box.code),
        "taken": say(
            T("{taken} of {cells} cells are taken", taken=box.taken, cells=box.grid.size)
        ),
        "printed": say(
            T("Printed on {moment} by {name}",
              moment=printing.moment(printing.printed_at), name=printing.printed_by)
        ),
        "row": say(T("Row")),
        "columns": [box.grid.column_label(cell.col) for cell in box.rows[0]],
        "rows": [
            {
                "name": box.grid.row_label(row[0].row),
                "cells": [_cell(cell, printing) for cell in row],
            }
            for row in box.rows
        ],
    }  # fmt: skip
    return typeset.pdf("registry.custody", "box_map", data, moment=printing.printed_at)


def _cell(cell: CellView, printing: Printing) -> dict[str, str]:
    if cell.status is CellStatus.FREE:
        return {"code": "", "kind": "", "state": ""}
    kept = printing.words(T("lent")) if cell.status is CellStatus.KEPT else ""
    return {
        "code": cell.code or printing.words(T("other site")),
        "kind": cell.sample_type.value if cell.sample_type else "",
        "state": kept,
    }
