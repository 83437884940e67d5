"""Room in boxes and freezers: where many free cells are, and when a freezer will be full."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from registry.custody.boxes import occupancy
from registry.custody.models import CustodyAct, Holding
from registry.custody.policies import time_is_known
from registry.custody.proposing import reserved
from registry.custody.views import Occupancy
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.storage import queries as storage
from registry.storage.models import Box, StorageUnit
from registry.vocab import limits
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.samples import SampleType
from registry.vocab.storage import StorageClass, UnitKind

_KEEPS = (UnitKind.FREEZER, UnitKind.TANK)


@dataclass(frozen=True)
class FreeBox:
    """A box with free cells."""

    box: Box
    #: Where it stands, in words.
    way: str
    free: int


@dataclass(frozen=True)
class Forecast:
    """How full places are together, and where that leads."""

    full: Occupancy
    #: Tubes placed in the last days that are still there.
    placed: int
    #: For how many days tubes have been there.
    days_used: int

    @property
    def percent(self) -> float:
        """How full they are, of a hundred."""
        return round(100 * self.full.taken / self.full.cells, 1) if self.full.cells else 0.0

    @property
    def is_new(self) -> bool:
        """Whether tubes have been there for so few days that nothing can be said."""
        return self.days_used < limits.FORECAST_DAYS_MIN

    @property
    def full_on(self) -> date | None:
        """When they will be full if as many come each day; None: not within the years looked at."""
        if not self.placed or self.is_new:
            return None
        free = self.full.cells - self.full.taken
        days = free * min(self.days_used, limits.FORECAST_DAYS) // self.placed
        return clock.today() + timedelta(days=days) if days <= limits.FORECAST_DAYS_MAX else None


@dataclass(frozen=True)
class Outlook(Forecast):
    """A freezer or tank: how full it is, and where that leads."""

    unit: StorageUnit


@dataclass(frozen=True)
class ClassOutlook(Forecast):
    """All boxes of a site that are kept equally cold: a full box leaves room in the next."""

    site_id: int
    #: None: nobody has said how cold.
    storage_class: StorageClass | None


def free_boxes(
    actor: Actor, *, at_least: int, sample_type: SampleType | None = None
) -> Sequence[FreeBox]:
    """The boxes with so many free cells that take the type, the fullest first.

    A cell that is reserved for a tube on its way is not free.
    """
    boxes = storage.boxes(actor)
    full, held = occupancy(actor, [box.id for box in boxes]), reserved.counts()
    room = {box.id: box.grid.size - full[box.id].taken - held.get(box.id, 0) for box in boxes}
    roomy = [box for box in boxes if room[box.id] >= at_least]
    ways = storage.ways_to([box.id for box in roomy])
    found = []
    for box in roomy:
        accepts = storage.rules(ways[box.id]).accepts
        if sample_type is None or accepts is None or sample_type in accepts:
            found.append(FreeBox(box, storage.in_words(ways[box.id][:-1]), room[box.id]))
    return sorted(found, key=lambda one: one.free)


def outlooks(actor: Actor) -> Sequence[Outlook]:
    """Every freezer and tank of the actor's sites, in the order of the tree's names."""
    units = [place for place in storage.places(actor) if place.kind in _KEEPS]
    ids = [unit.id for unit in units]
    full, placed, days_used = occupancy(actor, ids), _placed(ids), _days_used(ids)
    return [
        Outlook(full[unit.id], placed.get(unit.id, 0), days_used.get(unit.id, 0), unit)
        for unit in units
    ]


def class_outlooks(actor: Actor) -> Sequence[ClassOutlook]:
    """What each site has of each storage class, wherever the boxes stand, the warmest first."""
    boxes = storage.boxes(actor)
    ids = [box.id for box in boxes]
    ways = storage.ways_to(ids)
    full, placed, days_used = occupancy(actor, ids), _placed(ids), _days_used(ids)
    alike: dict[tuple[int, StorageClass | None], list[int]] = defaultdict(list)
    for box in boxes:
        alike[box.site_id, storage.rules(ways[box.id]).storage_class].append(box.id)
    found = [
        ClassOutlook(
            Occupancy(
                sum(full[one].boxes for one in among),
                sum(full[one].cells for one in among),
                sum(full[one].taken for one in among),
            ),
            sum(placed.get(one, 0) for one in among),
            max(days_used.get(one, 0) for one in among),
            site_id,
            storage_class,
        )
        for (site_id, storage_class), among in alike.items()
    ]
    return sorted(found, key=_warmest_first)


def _warmest_first(one: ClassOutlook) -> tuple[int, int]:
    classes = list(StorageClass)
    rank = len(classes) if one.storage_class is None else classes.index(one.storage_class)
    return one.site_id, rank


def _days_used(unit_ids: Sequence[int]) -> Mapping[int, int]:
    """For how many days tubes have been in each place: since the first that is still there."""
    within = storage.boxes_within(unit_ids)
    rows = registry_session.execute(
        sa.select(within.c.outer_id, sa.func.min(Holding.since))
        .join(Holding, Holding.box_id == within.c.box_id)
        .where(Holding.kind == HolderKind.POSITION)
        .group_by(within.c.outer_id)
    )
    return {unit_id: (clock.now() - since).days for unit_id, since in rows}


def _placed(unit_ids: Sequence[int]) -> Mapping[int, int]:
    """How many tubes came to each place in the last days and are still there."""
    since = clock.now() - timedelta(days=limits.FORECAST_DAYS)
    within = storage.boxes_within(unit_ids)
    was_placed = sa.exists().where(
        CustodyAct.sample_id == Holding.sample_id,
        CustodyAct.kind == ActKind.PLACED,
        CustodyAct.happened_at >= since,
        time_is_known(),
    )
    rows = registry_session.execute(
        sa.select(within.c.outer_id, sa.func.count())
        .join(Holding, Holding.box_id == within.c.box_id)
        .where(Holding.kind == HolderKind.POSITION, Holding.since >= since, was_placed)
        .group_by(within.c.outer_id)
    )
    return dict(rows.all())
