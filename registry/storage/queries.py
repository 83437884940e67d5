"""Reading the tree of places, within the actor's sites; what is in a box, custody knows."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from registry.access import Permission, require
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.persistence import registry_session
from registry.storage.models import Box, StorageUnit
from registry.vocab.people import Role
from registry.vocab.storage import StorageClass, UnitKind

#: The roles that see places, each at its own sites.
READERS = (Role.TECHNICIAN, Role.DATA_MANAGER)

#: Between the names of places, from the outermost inwards.
WITHIN = " › "  # noqa: RUF001 - it is meant: a way inwards, not a comparison


@dataclass(frozen=True)
class Rules:
    """What holds in a place, taken together with all the places that it is in."""

    #: SPREC types; None: every type.
    accepts: frozenset[str] | None
    storage_class: StorageClass | None


def unit(actor: Actor, unit_id: int) -> StorageUnit:
    """One place.

    :raises NotFound: there is none, or it is at a site that is not the actor's.
    """
    query = sa.select(StorageUnit).where(StorageUnit.id == unit_id, in_scope(actor))
    found = registry_session.scalar(query)
    if found is None:
        raise NotFound(T("There is no such place at your sites."))
    return found


def unit_by_code(actor: Actor, code: str, *, field: str = "to") -> StorageUnit:
    """The place whose label was scanned.

    :raises NotFound: there is none, or it is at a site that is not the actor's.
    """
    query = sa.select(StorageUnit).where(StorageUnit.code == code.strip(), in_scope(actor))
    found = registry_session.scalar(query)
    if found is None:
        raise NotFound(T("There is no place {code} at your sites.", code=code), field=field)
    return found


def box(actor: Actor, box_id: int) -> Box:
    """One box, its place loaded.

    :raises NotFound: there is none, or it is at a site that is not the actor's.
    """
    return _one_box(actor, Box.id == box_id)


def box_by_code(actor: Actor, code: str) -> Box:
    """The box whose label was scanned.

    :raises NotFound: there is none, or it is at a site that is not the actor's.
    """
    return _one_box(actor, StorageUnit.code == code.strip())


def boxes_by_codes(actor: Actor, codes: Collection[str]) -> Sequence[Box]:
    """Those of the boxes with these labels that the actor sees."""
    found = registry_session.scalars(
        sa.select(Box)
        .join(Box.unit)
        .where(StorageUnit.code.in_(codes), in_scope(actor))
        .options(orm.contains_eager(Box.unit))
    )
    return found.all()


def inside(actor: Actor, unit_id: int | None = None) -> Sequence[StorageUnit]:
    """The places directly inside one place, by name; the tops of the actor's sites for None."""
    found = registry_session.scalars(
        sa.select(StorageUnit).where(StorageUnit.parent_id == unit_id, in_scope(actor))
    )
    return sorted(found, key=lambda place: (natural(place.name), place.id))


def places(actor: Actor) -> Sequence[StorageUnit]:
    """Every place of the actor's sites but the boxes, by name, for drawing the tree."""
    found = registry_session.scalars(
        sa.select(StorageUnit).where(StorageUnit.kind != UnitKind.BOX, in_scope(actor))
    )
    return sorted(found, key=lambda place: (natural(place.name), place.id))


def boxes(actor: Actor) -> Sequence[Box]:
    """Every box of the actor's sites, by code, for choosing one."""
    found = registry_session.scalars(sa.select(Box).join(Box.unit).where(in_scope(actor)))
    return sorted(found, key=lambda box: natural(box.unit.code))


def natural(name: str) -> tuple[tuple[bool, int, str], ...]:
    """By what names are ordered as people count: “Rack 9” before “Rack 10”."""
    return tuple(
        (part.isdecimal(), int(part) if part.isdecimal() else 0, part.casefold())
        for part in re.split(r"(\d+)", name)
    )


def visible_ids(actor: Actor, unit_ids: Collection[int]) -> Sequence[int]:
    """Those of these places that are at the actor's sites."""
    query = sa.select(StorageUnit.id).where(StorageUnit.id.in_(unit_ids), in_scope(actor))
    return registry_session.scalars(query).all()


def way_to(unit_id: int) -> Sequence[StorageUnit]:
    """The places that lead to this one, from the outermost to the place itself."""
    return ways_to([unit_id])[unit_id]


def ways_to(unit_ids: Collection[int]) -> Mapping[int, Sequence[StorageUnit]]:
    """`way_to` of many places in one statement."""
    steps = (
        sa.select(
            StorageUnit.id.label("inner_id"),
            StorageUnit.id.label("id"),
            StorageUnit.parent_id.label("parent_id"),
            sa.literal(0).label("steps"),
        )
        .where(StorageUnit.id.in_(unit_ids))
        .cte("way", recursive=True)
    )
    outwards = sa.select(
        steps.c.inner_id, StorageUnit.id, StorageUnit.parent_id, steps.c.steps + 1
    ).join(StorageUnit, StorageUnit.id == steps.c.parent_id)
    steps = steps.union_all(outwards)
    rows = registry_session.execute(
        sa.select(steps.c.inner_id, StorageUnit)
        .join(StorageUnit, StorageUnit.id == steps.c.id)
        .order_by(steps.c.steps.desc())
    )
    ways: dict[int, list[StorageUnit]] = defaultdict(list)
    for inner_id, place in rows:
        ways[inner_id].append(place)
    return ways


def in_words(way: Sequence[StorageUnit]) -> str:
    """A way as people read it: the names from the outermost inwards."""
    return WITHIN.join(place.name for place in way)


def rules(way: Sequence[StorageUnit]) -> Rules:
    """What holds at the end of this way: a place never accepts more than what it is in."""
    accepts: frozenset[str] | None = None
    storage_class: StorageClass | None = None
    for place in way:
        if place.accepts is not None:
            accepts = frozenset(place.accepts) & (
                frozenset(place.accepts) if accepts is None else accepts
            )
        storage_class = place.storage_class or storage_class
    return Rules(accepts, storage_class)


def boxes_within(unit_ids: Collection[int]) -> sa.CTE:
    """A table of (``outer_id``, ``box_id``, ``cells``): every box somewhere inside each place."""
    places = (
        sa.select(StorageUnit.id.label("outer_id"), StorageUnit.id.label("id"))
        .where(StorageUnit.id.in_(unit_ids))
        .cte("within", recursive=True)
    )
    inwards = sa.select(places.c.outer_id, StorageUnit.id).join(
        StorageUnit, StorageUnit.parent_id == places.c.id
    )
    places = places.union_all(inwards)
    return (
        sa.select(
            places.c.outer_id, Box.id.label("box_id"), (Box.rows * Box.columns).label("cells")
        )
        .join(Box, Box.id == places.c.id)
        .cte("boxes_within")
    )


def in_scope(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether a place is at one of the sites where the actor sees places."""
    require(actor, Permission.STORAGE_READ)
    scope = actor.sites(*READERS)
    return sa.true() if scope.everywhere else StorageUnit.site_id.in_(scope.ids)


def _one_box(actor: Actor, which: sa.ColumnElement[bool]) -> Box:
    found = registry_session.scalar(sa.select(Box).join(Box.unit).where(which, in_scope(actor)))
    if found is None:
        raise NotFound(T("There is no such box at your sites."), field="box_id")
    return found
