"""Moving a box, a rack or a freezer as one act: every tube inside says so in its own chain.

Tubes of every site that are inside move, whoever may see them: they cannot stay behind.
"""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from registry.access import Permission, require
from registry.custody import policies
from registry.custody.cells import in_cell
from registry.custody.handing import record_moves
from registry.custody.models import Holding
from registry.custody.recording import Act
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.persistence import registry_session, transactional
from registry.storage import policies as places, queries as storage, service
from registry.storage.models import Box, StorageUnit
from registry.vocab import limits
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.labels import label
from registry.vocab.samples import SampleType


@transactional
def carry(actor: Actor, unit_id: int, *, to_id: int, reason: str | None = None) -> int:
    """Put a place inside another with all that is in it; how many tubes went along.

    :raises NotFound: there is no such place at the actor's sites.
    :raises InvalidInput: a place of its kind cannot be inside the other.
    :raises RuleBroken: see `storage.service.move_unit`; or the tubes inside may
        not be where it would come to, or are too many for one act.
    """
    unit = storage.unit(actor, unit_id)
    require(actor, Permission.STORAGE_MANAGE, unit)
    require(actor, Permission.SAMPLE_PLACE, unit)
    before = storage.rules(storage.way_to(unit_id))
    service.move_unit(actor, unit_id, to_id=to_id)
    boxes = _lock_boxes(unit_id)
    holdings = _lock_tubes(boxes)
    if holdings:
        after = storage.rules(storage.way_to(unit_id))
        places.check_not_warmer(unit.name, before.storage_class, after.storage_class)
    _check_accepted(boxes, holdings)
    _record(actor, unit, boxes, holdings, reason)
    return len(holdings)


def _lock_boxes(unit_id: int) -> Mapping[int, Box]:
    """The boxes inside, kept from those who would put a tube into one."""
    within = storage.boxes_within([unit_id])
    found = registry_session.scalars(
        sa.select(Box)
        .where(Box.id.in_(sa.select(within.c.box_id)))
        .order_by(Box.id)
        .with_for_update(of=Box)
    )
    return {box.id: box for box in found}


def _lock_tubes(boxes: Mapping[int, Box]) -> Sequence[Holding]:
    """The tubes in the boxes; what somebody has out of them is not moved.

    :raises RuleBroken: there are more than move at once.
    """
    found = registry_session.scalars(
        sa.select(Holding)
        .where(Holding.box_id.in_(boxes), Holding.kind == HolderKind.POSITION)
        .order_by(Holding.sample_id)
        .limit(limits.CARRIED_TUBES_MAX + 1)
        .with_for_update(of=Holding)
        .execution_options(populate_existing=True)
    ).all()
    if len(found) > limits.CARRIED_TUBES_MAX:
        raise RuleBroken(
            T("More than {most} tubes are inside: move its racks one by one.",
              most=limits.CARRIED_TUBES_MAX),
            field="to",
        )  # fmt: skip
    return found


def _check_accepted(boxes: Mapping[int, Box], holdings: Sequence[Holding]) -> None:
    """Refuse a place that does not accept what is inside.

    :raises RuleBroken: with the box and the type.
    """
    ways = storage.ways_to(list(boxes))
    accepted = {box_id: storage.rules(way).accepts for box_id, way in ways.items()}
    for one in holdings:
        allowed = accepted[one.box_id or 0]
        kind = SampleType(one.sample.sample_type)
        if allowed is not None and kind not in allowed:
            raise RuleBroken(
                T("{box} does not accept this type: {type}.",
                  box=storage.in_words(ways[one.box_id or 0]), type=label(kind)),
                field="to",
            )  # fmt: skip


def _record(
    actor: Actor,
    unit: StorageUnit,
    boxes: Mapping[int, Box],
    holdings: Sequence[Holding],
    reason: str | None,
) -> None:
    ways = {box_id: storage.in_words(way) for box_id, way in storage.ways_to(list(boxes)).items()}
    moves = []
    for one in holdings:
        box = boxes[one.box_id or 0]
        holder = in_cell(box, ways[box.id], (one.row or 0, one.col or 0))
        fields = {"cell": holder.place, policies.CARRIED_WITH: unit.name}
        moves.append((one, Act(ActKind.MOVED, clock.now(), comment=reason, fields=fields), holder))
    record_moves(actor, moves)
