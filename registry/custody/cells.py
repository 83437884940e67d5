"""The cells of a box while samples are put into it."""

from typing import cast

import sqlalchemy as sa

from registry.access import Permission, require
from registry.custody.models import Holding
from registry.custody.proposing import reserved
from registry.custody.recording import Holder
from registry.kernel.actor import Actor, SiteScope
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import Message, T
from registry.persistence import lock_row, registry_session
from registry.samples import queries as samples
from registry.samples.models import Sample
from registry.storage import policies as places, queries as storage
from registry.storage.grid import Cell, Grid
from registry.storage.models import Box
from registry.vocab.custody import HolderKind
from registry.vocab.labels import label
from registry.vocab.samples import SampleType
from registry.vocab.storage import StorageClass

_BETWEEN = " · "


class OpenBox:
    """A box that nobody else fills until the commit.

    It is locked before any sample is, everywhere, so that two people never
    wait for each other.
    """

    def __init__(self, actor: Actor, box_id: int, permission: Permission) -> None:
        """Find and lock the box.

        :raises NotFound: there is no such box at the actor's sites.
        :raises NotPermitted: the actor may not do this at the box's site.
        """
        require(actor, permission, storage.box(actor, box_id))
        self._box = lock_row(Box, box_id)
        self._grid: Grid = self._box.grid
        self._scope: SiteScope = actor.sites(*samples.READERS)
        way = storage.way_to(box_id)
        self._way = storage.in_words(way)
        rules = storage.rules(way)
        self._accepts = rules.accepts
        #: How cold it is where the box stands; None when nobody said.
        self.storage_class = rules.storage_class
        self._taken = occupants(box_id)
        self._reserved = reserved.ReservedCells(actor, box_id)

    def take(self, holding: Holding, row: int | None = None, col: int | None = None) -> Holder:
        """Give the sample this cell; when none is named, the one reserved for it or the next free.

        :raises RuleBroken: the sample is at another site, the cell is occupied or reserved for
            somebody else, the box is full, or it does not accept the type.
        :raises InvalidInput: the box has no such cell, or half a cell is named.
        """
        if holding.site_id != self._box.site_id:
            raise RuleBroken(elsewhere(holding))
        sample = holding.sample
        return self.take_new(sample.code, sample.sample_type, sample.site_id, row, col)

    def take_new(
        self,
        code: str,
        sample_type: SampleType,
        site_id: int,
        row: int | None = None,
        col: int | None = None,
    ) -> Holder:
        """The same for a sample that lay in this box before the registry knew it."""
        if self._accepts is not None and sample_type not in self._accepts:
            raise RuleBroken(
                T(
                    "{box} does not accept this type: {type}.",
                    box=self._box.unit.name,
                    type=label(sample_type),
                )
            )
        cell = self._next_free(code) if row is None and col is None else self._named(row, col)
        self._reserved.use(code, cell)
        self._taken[cell] = (code, site_id)
        return in_cell(self._box, self._way, cell)

    def check_keeps(self, holding: Holding, planned: StorageClass | None) -> None:
        """Refuse a sample that is planned to be kept at another temperature.

        :raises RuleBroken: both temperatures are named.
        """
        why = places.why_not_kept(
            holding.sample.code, self._box.unit.name, planned, self.storage_class
        )
        if why is not None:
            raise RuleBroken(why)

    def leave(self, holding: Holding) -> None:
        """Let go of the cell of a sample that is going to another, so that it can be taken."""
        if holding.box_id == self._box.id and holding.row is not None and holding.col is not None:
            self._taken.pop((holding.row, holding.col), None)

    def _next_free(self, code: str) -> Cell:
        own = self._reserved.own_cell(code)
        if own is not None and own not in self._taken:
            return own
        cell = self._grid.next_free(self._taken.keys() | self._reserved.cells.keys())
        if cell is not None:
            return cell
        if self._grid.next_free(self._taken) is not None:
            raise RuleBroken(
                T("The last free cells of {box} are reserved.", box=self._box.unit.name)
            )
        raise RuleBroken(T("{box} is full.", box=self._box.unit.name))

    def _named(self, row: int | None, col: int | None) -> Cell:
        cell = (row or 0, col or 0)
        if cell not in self._grid:
            raise InvalidInput(
                T(
                    "There is no such cell: those of {box} go from {first} to {last}.",
                    box=self._box.unit.name,
                    first=self._grid.label(1, 1),
                    last=self._grid.label(self._grid.rows, self._grid.columns),
                ),
                field="cell",
            )
        if cell in self._taken:
            code, site_id = self._taken[cell]
            name = self._grid.label(*cell)
            if site_id in self._scope:
                raise RuleBroken(T("Cell {cell} is taken by {other}.", cell=name, other=code))
            raise RuleBroken(T("Cell {cell} is taken.", cell=name))
        held = self._reserved.held(cell)
        if held is not None:
            raise RuleBroken(held.refusal(self._grid.label(*cell)))
        return cell


def elsewhere(holding: Holding) -> Message:
    """Why a sample that another site has goes into no cell here: only a shipment brings it."""
    return T("{code} is at another site: {place}.", code=holding.sample.code, place=holding.place)


def occupants(box_id: int) -> dict[Cell, tuple[str, int]]:
    """The taken cells of a box, kept ones included: the code and the site of each sample."""
    rows = registry_session.execute(
        sa.select(Holding.row, Holding.col, Sample.code, Sample.site_id)
        .join(Holding.sample)
        .where(Holding.box_id == box_id)
    )
    return {cast(Cell, (row, col)): (code, site_id) for row, col, code, site_id in rows}


def kept_cell(holding: Holding) -> Holder | None:
    """The cell that is kept for a sample while somebody has it; None when it had none."""
    if holding.box_id is None or holding.row is None or holding.col is None:
        return None
    box = registry_session.get_one(Box, holding.box_id)
    return in_cell(box, storage.in_words(storage.way_to(box.id)), (holding.row, holding.col))


def check_free(actor: Actor, holder: Holder) -> None:
    """Refuse to go back to a cell that another sample has taken, or somebody else reserved.

    :raises RuleBroken: it is taken.
    """
    taken = sa.select(Holding.sample_id).where(
        Holding.box_id == holder.box_id, Holding.row == holder.row, Holding.col == holder.col
    )
    if registry_session.scalar(taken) is not None:
        raise RuleBroken(T("The cell where it was is taken by now: {place}.", place=holder.place))
    held = None
    if holder.box_id is not None and holder.row is not None and holder.col is not None:
        cells = reserved.ReservedCells(actor, holder.box_id)
        held = cells.held((holder.row, holder.col))
    if held is not None:
        raise RuleBroken(held.refusal(holder.place))


def in_cell(box: Box, way: str, cell: Cell) -> Holder:
    """The cell of a box, which is at the end of this way, as a holder."""
    return Holder(
        HolderKind.POSITION,
        box.site_id,
        f"{way}{_BETWEEN}{box.grid.label(*cell)}",
        box_id=box.id,
        row=cell[0],
        col=cell[1],
    )
