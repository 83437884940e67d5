"""Reading plans, and how far they were carried out; what is a person's is asked for as the actor.

Every function makes a constant number of statements.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy import orm

from registry.kernel.actor import Actor
from registry.kernel.messages import Message
from registry.participants.models import KitTube
from registry.participants.terms import queries as terms
from registry.persistence import registry_session
from registry.samples import queries as samples
from registry.samples.descent import DESCENT
from registry.samples.models import Sample
from registry.samples.plans.models import PlannedChild, PlannedSample, PlanShortfall
from registry.samples.plans.yields import Wish, asked
from registry.vocab.printing import LabelPurpose
from registry.vocab.storage import StorageClass


@dataclass(frozen=True)
class Branch:
    """A line of a plan in its tree."""

    line: PlannedSample
    depth: int
    #: What its own lines ask in all.
    asked: Decimal

    @property
    def is_too_much(self) -> bool:
        """Whether more is planned of one such container than is in it."""
        return self.asked > self.line.volume


@dataclass(frozen=True)
class Tree:
    """The plan of a tube of a kit, each line followed by what is made of it."""

    tube: KitTube
    asked: Decimal
    branches: Sequence[Branch]

    @property
    def is_too_much(self) -> bool:
        """Whether more is planned of the tube than is usually in it."""
        return self.asked > self.tube.nominal_volume


@dataclass(frozen=True)
class Progress:
    """A line of the plan of one sample: what was made by it, and why not all."""

    line: PlannedSample
    made: int
    reason: Message | None

    @property
    def left(self) -> int:
        """How many are still to be made."""
        return max(0, self.line.count - self.made)


def wish(line: PlannedSample, count: int | None = None) -> Wish:
    """What a line asks for, or so many of it."""
    return Wish(line.volume, line.count if count is None else count, line.priority)


def trees(tubes: Sequence[KitTube]) -> Sequence[Tree]:
    """The plans of these tubes as they stand, in their order."""
    rows = registry_session.scalars(
        _standing().where(PlannedSample.kit_tube_id.in_([tube.id for tube in tubes]))
    )
    below: dict[tuple[int, int | None], list[PlannedSample]] = defaultdict(list)
    for line in rows:
        below[line.kit_tube_id, line.parent_id].append(line)

    def branches(tube_id: int, parent_id: int | None, depth: int) -> list[Branch]:
        found = []
        for line in below[tube_id, parent_id]:
            under = branches(tube_id, line.id, depth + 1)
            wanted = asked([wish(one.line) for one in under if one.depth == depth + 1])
            found += [Branch(line, depth, wanted), *under]
        return found

    return [
        Tree(tube, asked([wish(one) for one in below[tube.id, None]]), branches(tube.id, None, 0))
        for tube in tubes
    ]


def _standing() -> sa.Select[PlannedSample]:
    return (
        sa.select(PlannedSample)
        .where(PlannedSample.retired_at.is_(None))
        .order_by(PlannedSample.priority, PlannedSample.id)
    )


def progress(actor: Actor, sample_ids: Collection[int]) -> Mapping[int, Sequence[Progress]]:
    """How far the plans of these samples were carried out; a sample without a plan is absent.

    A line that was withdrawn is there for the samples of which something was made by it.
    """
    own = orm.aliased(PlannedChild)
    of_child = orm.aliased(PlannedChild)
    made = (
        sa.select(sa.func.count())
        .select_from(of_child)
        .join(DESCENT, DESCENT.c.child_id == of_child.sample_id)
        .where(DESCENT.c.parent_id == Sample.id, of_child.planned_id == PlannedSample.id)
        .correlate(Sample, PlannedSample)
        .scalar_subquery()
    )
    of_tube = PlannedSample.parent_id.is_(None) & (PlannedSample.kit_tube_id == Sample.kit_tube_id)
    query = (
        sa.select(Sample.id, PlannedSample, made, PlanShortfall.reason, PlanShortfall.term)
        .select_from(Sample)
        .outerjoin(own, own.sample_id == Sample.id)
        .join(PlannedSample, of_tube | (PlannedSample.parent_id == own.planned_id))
        .outerjoin(
            PlanShortfall,
            (PlanShortfall.parent_id == Sample.id) & (PlanShortfall.planned_id == PlannedSample.id),
        )
        .where(Sample.id.in_(sample_ids))
        .order_by(Sample.id, PlannedSample.priority, PlannedSample.id)
    )
    found: dict[int, list[Progress]] = defaultdict(list)
    rows = registry_session.execute(samples.visible(actor, query))
    for sample_id, line, count, reason, term in rows:
        if line.retired_at is None or count:
            why = None if reason is None else terms.named(reason, term)
            found[sample_id].append(Progress(line, count, why))
    return found


def open_lines(actor: Actor, sample_id: int) -> Sequence[Progress]:
    """What is still to be made of a sample, the highest priority first: nothing was said of it."""
    return [
        one
        for one in progress(actor, [sample_id]).get(sample_id, ())
        if one.left and one.reason is None and one.line.retired_at is None
    ]


def storage_classes(sample_ids: Collection[int]) -> Mapping[int, StorageClass]:
    """How cold the plan keeps each sample that was made by one; absent where it does not say.

    The ids come from a reading that was scoped by an actor.
    """
    rows = registry_session.execute(
        sa.select(PlannedChild.sample_id, PlannedSample.storage_class)
        .join(PlannedSample, PlannedSample.id == PlannedChild.planned_id)
        .where(PlannedChild.sample_id.in_(sample_ids), PlannedSample.storage_class.is_not(None))
    )
    return {row[0]: row[1] for row in rows if row[1] is not None}


def label_purposes(sample_ids: Collection[int]) -> Mapping[int, LabelPurpose]:
    """The label template that the plan gives each sample that was made by one.

    The ids come from a reading that was scoped by an actor.
    """
    rows = registry_session.execute(
        sa.select(PlannedChild.sample_id, PlannedSample.label_purpose)
        .join(PlannedSample, PlannedSample.id == PlannedChild.planned_id)
        .where(PlannedChild.sample_id.in_(sample_ids))
    )
    return {row[0]: row[1] for row in rows}
