"""Which places can be inside which, and what a box may be."""

from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import Message, T
from registry.storage.models import StorageUnit
from registry.vocab import limits
from registry.vocab.labels import label
from registry.vocab.storage import FROZEN, StorageClass, UnitKind

_UNKNOWN = T("a place of unknown temperature")

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


def check_not_warmer(name: str, now: StorageClass | None, then: StorageClass | None) -> None:
    """Refuse to put what holds samples where it is warmer.

    :raises RuleBroken: the place is warmer, or nobody has said how cold it is.
    """
    if now is None or now is then:
        return
    coldness = list(StorageClass)
    if then is None or coldness.index(then) < coldness.index(now):
        raise RuleBroken(
            T(
                "{name} holds samples at {now}, and would come to {then}.",
                name=name,
                now=label(now),
                then=_UNKNOWN if then is None else label(then),
            ),
            field="to",
        )


def keeps(planned: StorageClass | None, place: StorageClass | None) -> bool:
    """Whether a place keeps a sample as its plan asks: at that temperature or, frozen, colder.

    What is planned for a fridge is not frozen.  A place of unknown temperature
    keeps nothing for which a temperature is planned.
    """
    if planned is None or planned is place:
        return True
    if place not in FROZEN or planned not in FROZEN:
        return False
    return FROZEN.index(place) > FROZEN.index(planned)


def why_not_kept(
    code: str, name: str, planned: StorageClass | None, place: StorageClass | None
) -> Message | None:
    """Why a place does not keep a sample as its plan asks; None when it does."""
    if planned is None or keeps(planned, place):
        return None
    return T(
        "{code} is planned to be kept at {planned}, and {name} is at {place}. Choose another box, "
        "or say in the comment why it goes there.",
        code=code,
        planned=label(planned),
        name=name,
        place=_UNKNOWN if place is None else label(place),
    )


def check_room(place: StorageUnit, inside: int) -> None:
    """Refuse one more place inside a place that is full.

    :raises RuleBroken: it has as many as fit.
    """
    if place.capacity is not None and inside >= place.capacity:
        raise RuleBroken(
            T("{name} is full: {count} places fit inside.", name=place.name, count=place.capacity),
            field="to",
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
