"""A freezer in a room, and boxes in it."""

from collections.abc import Collection
from itertools import count

import sqlalchemy as sa

from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.storage import service
from registry.storage.models import Box, StorageUnit
from registry.vocab.samples import SampleType
from registry.vocab.storage import StorageClass, UnitKind
from tests.factories.accounts import People

OPERATOR = Actor.system("test")

_numbers = count(1)


def make_freezer(
    actors: People,
    *,
    code: str = "F1",
    site_id: int | None = None,
    accepts: Collection[SampleType] | None = None,
    storage_class: StorageClass | None = StorageClass.ULTRA_LOW,
) -> StorageUnit:
    """The freezer of that code, at -80 °C by default, in a room of the site (the biobank's)."""
    known = registry_session.scalar(sa.select(StorageUnit).where(StorageUnit.code == code))
    if known is not None:
        return known
    site_id = site_id or max(actors.technician.sites().ids)
    room = service.create_unit(
        OPERATOR, site_id=site_id, kind=UnitKind.ROOM, code=f"ROOM-{code}", name=f"Room {code}"
    )
    return service.create_unit(
        OPERATOR,
        site_id=site_id,
        parent_id=room.id,
        kind=UnitKind.FREEZER,
        code=code,
        name=f"Freezer {code}",
        storage_class=storage_class,
        accepts=accepts,
    )


def make_box(
    actors: People,
    *,
    rows: int = 8,
    columns: int = 12,
    freezer: StorageUnit | None = None,
    accepts: Collection[SampleType] | None = None,
    name: str | None = None,
) -> Box:
    """An empty box in a freezer."""
    number = next(_numbers)
    return service.create_box(
        OPERATOR,
        parent_id=(freezer or make_freezer(actors)).id,
        code=f"BOX-{number}",
        name=name or f"Box {number}",
        rows=rows,
        columns=columns,
        accepts=accepts,
    )
