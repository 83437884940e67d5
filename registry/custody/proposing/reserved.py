"""The reserved cells of a box, for whoever puts tubes into one or looks at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from registry.accounts.models import User
from registry.custody.models import Holding
from registry.custody.proposing.models import CellReservation
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.messages import Message, T
from registry.persistence import registry_session
from registry.samples.models import Sample
from registry.storage.grid import Cell


@dataclass(frozen=True)
class Reserved:
    """For whom and until when a cell is reserved, and for which tube."""

    id: int
    box_id: int
    cell: Cell
    #: Empty when nobody is told.
    code: str
    user_id: int
    person: str
    until: datetime

    @property
    def time(self) -> str:
        """Until when, as a clock in France shows it."""
        return f"{clock.to_paris(self.until):%H:%M}"

    def refusal(self, cell: str) -> Message:
        """Why nobody else puts a tube there; `cell` is what the box calls it."""
        return T(
            "Cell {cell} is reserved for {person} until {time}.",
            cell=cell,
            person=self.person,
            time=self.time,
        )


class ReservedCells:
    """The reservations of a box that run, and the actor's own in other boxes."""

    def __init__(self, actor: Actor, box_id: int) -> None:
        self._actor_id = actor.id
        own = sa.false() if actor.id is None else CellReservation.user_id == actor.id
        found = _read((CellReservation.box_id == box_id) | own)
        self.cells: Mapping[Cell, Reserved] = {
            one.cell: one for one in found if one.box_id == box_id
        }
        self._all = found

    def held(self, cell: Cell) -> Reserved | None:
        """Who else has reserved this cell."""
        found = self.cells.get(cell)
        return None if found is None or found.user_id == self._actor_id else found

    def own_cell(self, code: str) -> Cell | None:
        """The cell of the box that the actor has reserved for this tube."""
        own = (one for one in self.cells.values() if one.code == code)
        return next((one.cell for one in own if one.user_id == self._actor_id), None)

    def use(self, code: str, cell: Cell) -> None:
        """Let go of what was reserved for a tube that goes to this cell, and of the cell."""
        used = [one.id for one in self._all if one.code == code or one is self.cells.get(cell)]
        if used:
            registry_session.execute(sa.delete(CellReservation).where(CellReservation.id.in_(used)))


def in_box(box_id: int) -> Mapping[Cell, Reserved]:
    """The cells of a box that are reserved now."""
    return {one.cell: one for one in _read(CellReservation.box_id == box_id)}


def counts() -> Mapping[int, int]:
    """How many empty cells of each box are reserved now; boxes without any are left out."""
    # A tube whose last act was put right is back in a cell that was reserved meanwhile.
    is_filled = sa.exists().where(
        Holding.box_id == CellReservation.box_id,
        Holding.row == CellReservation.row,
        Holding.col == CellReservation.col,
    )
    rows = registry_session.execute(
        sa.select(CellReservation.box_id, sa.func.count())
        .where(CellReservation.until > clock.now(), ~is_filled)
        .group_by(CellReservation.box_id)
    )
    return dict(rows.all())


def _read(which: sa.ColumnElement[bool]) -> Sequence[Reserved]:
    rows = registry_session.execute(
        sa.select(
            CellReservation.id,
            CellReservation.box_id,
            CellReservation.row,
            CellReservation.col,
            Sample.code,
            CellReservation.user_id,
            User.name,
            CellReservation.until,
        )
        .join(Sample, Sample.id == CellReservation.sample_id)
        .join(User, User.id == CellReservation.user_id)
        .where(which, CellReservation.until > clock.now())
    )
    return [
        Reserved(
            row.id,
            row.box_id,
            (row.row, row.col),
            row.code,
            row.user_id,
            row.name,
            row.until,
        )
        for row in rows
    ]
