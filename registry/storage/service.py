"""Setting up places and boxes."""

from collections.abc import Collection

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.accounts.models import Site
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound, RuleBroken
from registry.kernel.messages import T
from registry.persistence import lock_row, registry_session, transactional
from registry.storage import policies, queries
from registry.storage.models import Box, StorageUnit, UnitStay
from registry.vocab.audit import AuditTag
from registry.vocab.samples import SampleType
from registry.vocab.storage import Labelling, StorageClass, UnitKind


@transactional
def create_unit(  # noqa: PLR0913 - each is one fact about the place
    actor: Actor,
    *,
    site_id: int,
    kind: UnitKind,
    code: str,
    name: str,
    parent_id: int | None = None,
    storage_class: StorageClass | None = None,
    accepts: Collection[SampleType] | None = None,
    capacity: int | None = None,
) -> StorageUnit:
    """Set up a room, freezer, tank or rack, inside another place or at the top of the site.

    :raises InvalidInput: the code is taken, a box was asked for (see
        `create_box`), or a place of this kind cannot be inside the parent.
    :raises NotFound: there is no such site, or the parent is not at it.
    :raises RuleBroken: the parent is full.
    """
    if kind is UnitKind.BOX:
        raise InvalidInput(T("A box needs rows and columns."), field="kind")
    if registry_session.get(Site, site_id) is None:
        raise NotFound(T("There is no such site."), field="site_id")
    unit = StorageUnit(
        site_id=site_id,
        kind=kind,
        name=name,
        storage_class=storage_class,
        accepts=_types(accepts),
        capacity=capacity,
    )
    require(actor, Permission.STORAGE_MANAGE, unit)
    parent = None if parent_id is None else queries.unit(actor, parent_id)
    if parent is not None and parent.site_id != site_id:
        raise NotFound(T("There is no such place at this site."), field="parent_id")
    return _add(actor, unit, parent, code)


@transactional
def create_box(  # noqa: PLR0913 - each is one fact about the box
    actor: Actor,
    *,
    parent_id: int,
    code: str,
    name: str,
    rows: int,
    columns: int,
    row_labels: Labelling = Labelling.LETTERS,
    column_labels: Labelling = Labelling.NUMBERS,
    accepts: Collection[SampleType] | None = None,
) -> Box:
    """Set up an empty box inside a place, at that place's site.

    :raises InvalidInput: the code is taken, or the box would be larger than a box may be.
    :raises NotFound: there is no such place at the actor's sites.
    :raises RuleBroken: the place is full.
    """
    policies.check_sides(rows, columns)
    parent = queries.unit(actor, parent_id)
    require(actor, Permission.STORAGE_MANAGE, parent)
    unit = StorageUnit(
        site_id=parent.site_id, kind=UnitKind.BOX, name=name, accepts=_types(accepts)
    )
    _add(actor, unit, parent, code)
    box = Box(
        id=unit.id,
        unit=unit,
        rows=rows,
        columns=columns,
        row_labels=row_labels,
        column_labels=column_labels,
    )
    registry_session.add(box)
    registry_session.flush()
    return box


def _add(actor: Actor, unit: StorageUnit, parent: StorageUnit | None, code: str) -> StorageUnit:
    """Put the new place inside its parent, under its code."""
    policies.check_can_hold(None if parent is None else parent.kind, unit.kind)
    if registry_session.scalar(sa.select(StorageUnit.id).where(StorageUnit.code == code)):
        raise InvalidInput(T("There is a place with this code already."), field="code")
    if parent is not None:
        _keep_tree(parent.site_id)
        policies.check_room(parent, _count_inside(parent.id))
    unit.code = code
    unit.parent = parent
    registry_session.add(unit)
    registry_session.flush()
    _stands(unit)
    audit.record(actor, AuditTag.STORAGE_CREATED, unit, kind=unit.kind)
    return unit


@transactional
def move_unit(actor: Actor, unit_id: int, *, to_id: int) -> StorageUnit:
    """Put a place with all that is in it inside another place of the same site.

    What this means for samples, custody knows: it alone calls this.

    :raises NotFound: there is no such place at the actor's sites.
    :raises InvalidInput: a place of this kind cannot be inside the other.
    :raises RuleBroken: it is there already, the other is at another site or
        full, or lies within the place that is to move.
    """
    unit, outer = queries.unit(actor, unit_id), queries.unit(actor, to_id)
    require(actor, Permission.STORAGE_MANAGE, unit)
    require(actor, Permission.STORAGE_MANAGE, outer)
    _keep_tree(unit.site_id)
    unit, outer = lock_row(StorageUnit, unit_id), lock_row(StorageUnit, to_id)
    if outer.site_id != unit.site_id:
        raise RuleBroken(T("{name} is at another site: ship the samples.", name=outer.name),
                         field="to")  # fmt: skip
    if unit_id in {place.id for place in queries.way_to(to_id)}:
        raise RuleBroken(T("{name} cannot be inside itself.", name=unit.name), field="to")
    if unit.parent_id == to_id:
        raise RuleBroken(T("{name} is there already.", name=unit.name), field="to")
    policies.check_can_hold(outer.kind, unit.kind)
    policies.check_room(outer, _count_inside(to_id))
    _keep_where_it_stood(unit)
    unit.parent = outer
    registry_session.flush()
    _stands(unit)
    audit.record(actor, AuditTag.STORAGE_MOVED, unit, to=outer.code)
    return unit


def _stands(unit: StorageUnit) -> None:
    """Keep where the place stands from now on."""
    registry_session.add(UnitStay(unit_id=unit.id, parent_id=unit.parent_id, since=clock.now()))


def _keep_where_it_stood(unit: StorageUnit) -> None:
    """Keep where it stood, if it was set up before that was kept."""
    if not registry_session.scalar(
        sa.select(UnitStay.id).where(UnitStay.unit_id == unit.id).limit(1)
    ):
        registry_session.add(UnitStay(unit_id=unit.id, parent_id=unit.parent_id, since=None))
        registry_session.flush()


def _keep_tree(site_id: int) -> None:
    """Keep others from changing the tree of the site until the commit: two moves at once could
    make a ring, or fill the last room twice."""
    registry_session.execute(
        # Not against rows that only refer to the site.
        sa.select(Site.id).where(Site.id == site_id).with_for_update(key_share=True)
    )


def _count_inside(unit_id: int) -> int:
    inside = sa.select(sa.func.count()).where(StorageUnit.parent_id == unit_id)
    return registry_session.scalar(inside) or 0


def _types(accepts: Collection[SampleType] | None) -> list[str] | None:
    return None if accepts is None else sorted(accepted.value for accepted in accepts)
