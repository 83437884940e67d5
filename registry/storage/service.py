"""Setting up places and boxes."""

from collections.abc import Collection

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.accounts.models import Site
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound
from registry.kernel.messages import T
from registry.persistence import registry_session, transactional
from registry.storage import policies, queries
from registry.storage.models import Box, StorageUnit
from registry.vocab.audit import AuditTag
from registry.vocab.samples import SampleType
from registry.vocab.storage import Labelling, StorageClass, UnitKind


@transactional
def create_unit(
    actor: Actor,
    *,
    site_id: int,
    kind: UnitKind,
    code: str,
    name: str,
    parent_id: int | None = None,
    storage_class: StorageClass | None = None,
    accepts: Collection[SampleType] | None = None,
) -> StorageUnit:
    """Set up a room, freezer, tank or rack, inside another place or at the top of the site.

    :raises InvalidInput: the code is taken, a box was asked for (see
        `create_box`), or a place of this kind cannot be inside the parent.
    :raises NotFound: there is no such site, or the parent is not at it.
    """
    if kind is UnitKind.BOX:
        raise InvalidInput(T("A box needs rows and columns."), field="kind")
    if registry_session.get(Site, site_id) is None:
        raise NotFound(T("There is no such site."), field="site_id")
    unit = StorageUnit(
        site_id=site_id, kind=kind, name=name, storage_class=storage_class, accepts=_types(accepts)
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
    unit.code = code
    unit.parent = parent
    registry_session.add(unit)
    registry_session.flush()
    audit.record(actor, AuditTag.STORAGE_CREATED, unit, kind=unit.kind)
    return unit


def _types(accepts: Collection[SampleType] | None) -> list[str] | None:
    return None if accepts is None else sorted(accepted.value for accepted in accepts)
