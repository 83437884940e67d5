"""Which places can be inside which, and what a box may be."""

from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.labels import label
from registry.vocab.storage import UnitKind

#: What can be directly inside each kind of place; None is the site itself.
HOLDS: dict[UnitKind | None, frozenset[UnitKind]] = {
    None: frozenset({UnitKind.ROOM, UnitKind.FREEZER, UnitKind.TANK}),
    UnitKind.ROOM: frozenset({UnitKind.FREEZER, UnitKind.TANK, UnitKind.RACK}),
    UnitKind.FREEZER: frozenset({UnitKind.RACK, UnitKind.BOX}),
    UnitKind.TANK: frozenset({UnitKind.RACK, UnitKind.BOX}),
    UnitKind.RACK: frozenset({UnitKind.RACK, UnitKind.BOX}),
    UnitKind.BOX: frozenset(),
}


def check_can_hold(outer: UnitKind | None, inner: UnitKind) -> None:
    """Refuse a place inside one that does not take its kind.

    :raises InvalidInput: see `HOLDS`.
    """
    if inner in HOLDS[outer]:
        return
    if outer is None:
        raise InvalidInput(
            T("“{inner}” must be inside another place.", inner=label(inner)), field="parent_id"
        )
    raise InvalidInput(
        T("“{inner}” cannot be inside “{outer}”.", inner=label(inner), outer=label(outer)),
        field="parent_id",
    )


def check_sides(rows: int, columns: int) -> None:
    """Refuse a box with no cells, or larger than a box may be.

    :raises InvalidInput: a side is not from 1 to the limit.
    """
    for field, side in (("rows", rows), ("columns", columns)):
        if not 1 <= side <= limits.BOX_SIDE_MAX:
            raise InvalidInput(
                T("A box has from 1 to {most} cells on a side.", most=limits.BOX_SIDE_MAX),
                field=field,
            )
