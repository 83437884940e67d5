"""The boxes of a site that tubes could go into, as they are now."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from registry.custody.models import Holding
from registry.custody.proposing.choosing import Room, Tube, takes
from registry.custody.proposing.models import CellReservation
from registry.kernel.actor import Actor, SiteScope
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.samples import queries as samples
from registry.samples.models import QuantityEntry, Sample
from registry.samples.plans import queries as plans
from registry.storage import queries as storage
from registry.storage.grid import Cell
from registry.storage.models import Box, StorageUnit
from registry.vocab import limits
from registry.vocab.storage import StorageClass

#: The entry with which a ledger begins names the parent, the first one if there are several.
_FIRST = orm.aliased(QuantityEntry)
_TUBE = (
    Sample.code,
    Sample.sample_type,
    _FIRST.other_id.label("parent_id"),
    Sample.participant_id,
    Participant.cohort_id,
    Sample.site_id,
)
_IS_FIRST = (_FIRST.sample_id == Sample.id) & (_FIRST.seq == 1)


def _tube(row: Any, scope: SiteScope, planned: StorageClass | None = None) -> Tube:
    """One tube; of another site's not even its code."""
    code = row.code if row.site_id in scope else ""
    return Tube(code, row.sample_type, row.parent_id, row.participant_id, row.cohort_id, planned)


def tubes(actor: Actor, sample_ids: Sequence[int]) -> Mapping[str, Tube]:
    """The tubes with what they belong with, by their codes."""
    scope = actor.sites(*samples.READERS)
    planned = plans.storage_classes(sample_ids)
    rows = registry_session.execute(
        sa.select(Sample.id, *_TUBE)
        .join(Sample.participant)
        .outerjoin(_FIRST, _IS_FIRST)
        .where(Sample.id.in_(sample_ids))
    )
    return {row.code: _tube(row, scope, planned.get(row.id)) for row in rows}


def candidates(site_id: int, wanting: Sequence[Tube]) -> Mapping[int, Room]:
    """Boxes of the site that take some of the tubes: those of relatives, then the fullest."""
    taken = (
        sa.select(sa.func.count()).where(Holding.box_id == Box.id).correlate(Box).scalar_subquery()
    )
    rows = registry_session.execute(
        sa.select(Box, taken)
        .join(Box.unit)
        .where(StorageUnit.site_id == site_id, taken < Box.rows * Box.columns)
        .order_by(taken.desc(), Box.id)
    ).all()
    ways = storage.ways_to([box.id for box, _ in rows])
    rules = {box.id: storage.rules(ways[box.id]) for box, _ in rows}
    # One of each kind stands for all.
    kinds = {(tube.sample_type, tube.planned): tube for tube in wanting}.values()
    taking = [
        (box, count) for box, count in rows if any(takes(rules[box.id], tube) for tube in kinds)
    ]
    near = _of_relatives(wanting)
    kept = [box for box, _ in taking if box.id in near]
    kept += [box for box, count in taking if count and box.id not in near][: limits.BOXES_COMPARED]
    empty = [box for box, count in taking if not count]
    kept += sorted(empty, key=lambda box: storage.natural(box.unit.code))[: limits.BOXES_COMPARED]
    return {
        box.id: Room(box.id, box.unit.code, box.grid, rules[box.id], [])
        for box in dict.fromkeys(kept)
    }


def _of_relatives(wanting: Sequence[Tube]) -> frozenset[int]:
    people = {tube.participant_id for tube in wanting}
    found = registry_session.scalars(
        sa.select(Holding.box_id)
        .join(Holding.sample)
        .where(Sample.participant_id.in_(people), Holding.box_id.is_not(None))
        .distinct()
    )
    return frozenset(one for one in found if one is not None)


def fresh(actor: Actor, rooms: Mapping[int, Room]) -> Sequence[Room]:
    """The same boxes with what is in their cells now, or reserved for them."""
    scope = actor.sites(*samples.READERS)
    there: dict[int, dict[Cell, Tube]] = {box_id: {} for box_id in rooms}
    for cells in (CellReservation.__table__, Holding.__table__):
        found = registry_session.execute(
            sa.select(cells.c.box_id, cells.c.row, cells.c.col, *_TUBE)
            .select_from(cells)
            .join(Sample, Sample.id == cells.c.sample_id)
            .join(Sample.participant)
            .outerjoin(_FIRST, _IS_FIRST)
            .where(cells.c.box_id.in_(rooms))
        )
        for row in found:
            there[row.box_id][row.row, row.col] = _tube(row, scope)
    return [
        Room(
            box_id,
            room.code,
            room.grid,
            room.rules,
            list(room.grid.free(there[box_id])),
            there[box_id],
        )
        for box_id, room in rooms.items()
    ]
