"""What is in boxes, and how full places are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa

from registry.custody.cells import occupants
from registry.custody.models import Holding
from registry.custody.proposing import reserved
from registry.custody.views import BoxMap, CellView, Occupancy
from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.samples import queries as samples
from registry.samples.models import Sample
from registry.storage import queries as storage
from registry.storage.grid import Cell
from registry.storage.models import Box
from registry.vocab.custody import HolderKind
from registry.vocab.storage import CellStatus


def box_map(actor: Actor, box_id: int) -> BoxMap:
    """The box and what is in each cell.

    :raises NotFound: there is no such box at the actor's sites.
    """
    box = storage.box(actor, box_id)
    way = storage.way_to(box_id)
    grid = box.grid
    taken = _contents(actor, box)
    reserved_cells = reserved.in_box(box_id)

    def empty(cell: Cell) -> CellView:
        held = reserved_cells.get(cell)
        if held is None:
            return CellView(*cell, grid.label(*cell), CellStatus.FREE)
        if held.user_id != actor.id:
            held = replace(held, code="")
        return CellView(*cell, grid.label(*cell), CellStatus.RESERVED, held=held)

    rows = [
        [taken.get((row, col)) or empty((row, col)) for col in range(1, grid.columns + 1)]
        for row in range(1, grid.rows + 1)
    ]
    return BoxMap(
        id=box.id,
        code=box.unit.code,
        name=box.unit.name,
        way=storage.in_words(way),
        accepts=storage.rules(way).accepts,
        grid=grid,
        rows=rows,
        taken=len(taken),
    )


def _contents(actor: Actor, box: Box) -> Mapping[Cell, CellView]:
    """The taken cells; of another site's sample nothing but that it is there."""
    scope = actor.sites(*samples.READERS)
    rows = registry_session.execute(
        sa.select(
            Holding.row, Holding.col, Holding.kind, Sample.site_id, Sample.code, Sample.sample_type
        )
        .join(Holding.sample)
        .where(Holding.box_id == box.id)
    )
    contents: dict[Cell, CellView] = {}
    for row, col, kind, site_id, code, sample_type in rows:
        if row is None or col is None:
            continue
        status = CellStatus.FILLED if kind is HolderKind.POSITION else CellStatus.KEPT
        cell = CellView(row, col, box.grid.label(row, col), status)
        if site_id in scope:
            cell = CellView(row, col, cell.label, status, code, sample_type)
        contents[row, col] = cell
    return contents


def free_cells(actor: Actor, box_id: int) -> Sequence[Cell]:
    """The cells of a box neither taken nor reserved, in the order in which they are filled.

    :raises NotFound: there is no such box at the actor's sites.
    """
    grid = storage.box(actor, box_id).grid
    return list(grid.free(occupants(box_id).keys() | reserved.in_box(box_id).keys()))


def occupancy(actor: Actor, unit_ids: Collection[int]) -> Mapping[int, Occupancy]:
    """How full each of these places is, without reading a sample; others' places are absent."""
    visible = storage.visible_ids(actor, unit_ids)
    within = storage.boxes_within(visible)
    taken = (
        sa.select(Holding.box_id, sa.func.count().label("taken"))
        .where(Holding.box_id.in_(sa.select(within.c.box_id)))
        .group_by(Holding.box_id)
        .subquery()
    )
    rows = registry_session.execute(
        sa.select(
            within.c.outer_id,
            sa.func.count(),
            sa.func.sum(within.c.cells),
            sa.func.coalesce(sa.func.sum(taken.c.taken), 0),
        )
        .outerjoin(taken, taken.c.box_id == within.c.box_id)
        .group_by(within.c.outer_id)
    )
    found = {outer: Occupancy(boxes, int(cells), int(full)) for outer, boxes, cells, full in rows}
    return {unit_id: found.get(unit_id, Occupancy()) for unit_id in visible}
