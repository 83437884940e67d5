"""What a plan wants made soon after the collection and is not made yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import orm

from registry.custody.listing import lines
from registry.custody.models import Holding
from registry.custody.views import Listed
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.samples import queries as samples
from registry.samples.descent import DESCENT
from registry.samples.models import Sample
from registry.samples.plans.models import PlannedChild, PlannedSample, PlanShortfall
from registry.vocab import limits
from registry.vocab.custody import HolderKind

_AT_WORK = (HolderKind.COLLECTION_SITE, HolderKind.BENCH)


@dataclass(frozen=True)
class Due:
    """A tube of which something has to be made by a moment."""

    sample: Listed
    until: datetime

    @property
    def is_late(self) -> bool:
        """Whether the moment has passed."""
        return self.until < clock.now()


def due(actor: Actor) -> Sequence[Due]:
    """The tubes that wait to be divided, by the moment at which each has to be.

    Of very many it gives those that were collected first.
    """
    own = orm.aliased(PlannedChild)
    query = (
        lines()
        .add_columns(PlannedSample.within_minutes)
        .outerjoin(own, own.sample_id == Sample.id)
        .join(
            PlannedSample,
            (PlannedSample.parent_id.is_(None) & (PlannedSample.kit_tube_id == Sample.kit_tube_id))
            | (PlannedSample.parent_id == own.planned_id),
        )
        .where(
            Holding.kind.in_(_AT_WORK),
            Sample.remaining > 0,
            PlannedSample.within_minutes.is_not(None),
            PlannedSample.retired_at.is_(None),
            ~_is_made(),
            ~_is_given_up(),
        )
        .order_by(Sample.collected_at, Sample.id)
        .limit(limits.SCANS_AT_ONCE_MAX)
    )
    soonest: dict[int, Due] = {}
    for *columns, minutes in registry_session.execute(samples.visible(actor, query)):
        sample = Listed(*columns)
        one = Due(sample, sample.collected_at + timedelta(minutes=minutes))
        known = soonest.setdefault(sample.id, one)
        if one.until < known.until:
            soonest[sample.id] = one
    return sorted(soonest.values(), key=lambda one: (one.until, one.sample.id))


def _is_made() -> sa.ColumnElement[bool]:
    """Whether something was made by the line: what is missing then has its reason."""
    return (
        sa.select(PlannedChild.sample_id)
        .join(DESCENT, DESCENT.c.child_id == PlannedChild.sample_id)
        .where(DESCENT.c.parent_id == Sample.id, PlannedChild.planned_id == PlannedSample.id)
        .correlate(Sample, PlannedSample)
        .exists()
    )


def _is_given_up() -> sa.ColumnElement[bool]:
    return (
        sa.select(PlanShortfall.parent_id)
        .where(PlanShortfall.parent_id == Sample.id, PlanShortfall.planned_id == PlannedSample.id)
        .correlate(Sample, PlannedSample)
        .exists()
    )
