"""Reading what is reserved for a person: which tube goes where, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from registry.access import Permission, require
from registry.custody.proposing.models import CellReservation
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.samples import queries as samples
from registry.samples.models import Sample
from registry.storage import queries as storage
from registry.storage.grid import Cell
from registry.storage.models import Box
from registry.vocab.samples import SampleType
from registry.vocab.storage import Ground


@dataclass(frozen=True)
class Going:
    """A tube and the cell that is reserved for it."""

    code: str
    sample_type: SampleType
    cell: str
    ground: Ground
    #: The tube that the cell is beside.
    near: str | None


@dataclass(frozen=True)
class Destination:
    """A box with what is to go into it, in the order of its cells."""

    box: Box
    #: Where it stands, in words.
    way: str
    going: Sequence[Going]
    #: Until when the first of the cells is reserved.
    until: datetime


def own_cells(actor: Actor, box_id: int) -> Mapping[str, Cell]:
    """The cells of a box that are reserved for the actor's tubes, by the tubes' codes."""
    return {
        one.code: box.box.grid.read(one.cell) for box in own(actor, box_id) for one in box.going
    }


def own(actor: Actor, box_id: int | None = None) -> Sequence[Destination]:
    """What is reserved for the actor now: in every box, or in this one."""
    require(actor, Permission.SAMPLE_PLACE)
    query = samples.visible(
        actor,
        sa.select(CellReservation, Sample.code, Sample.sample_type)
        .join(Sample, Sample.id == CellReservation.sample_id)
        .where(CellReservation.user_id == actor.id, CellReservation.until > clock.now())
        .order_by(CellReservation.box_id, CellReservation.row, CellReservation.col),
    )
    if box_id is not None:
        query = query.where(CellReservation.box_id == box_id)
    rows = registry_session.execute(query).all()
    ids = list(dict.fromkeys(row[0].box_id for row in rows))
    boxes = {box.id: box for box in registry_session.scalars(sa.select(Box).where(Box.id.in_(ids)))}
    ways = storage.ways_to(ids)
    return [
        Destination(
            boxes[one],
            storage.in_words(ways[one][:-1]),
            [
                Going(code, kind, boxes[one].grid.label(kept.row, kept.col), kept.ground, kept.near)
                for kept, code, kind in rows
                if kept.box_id == one
            ],
            min(kept.until for kept, _, _ in rows if kept.box_id == one),
        )
        for one in ids
    ]
