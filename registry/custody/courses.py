"""The course of samples: the acts that stand, from the collection of what each one comes from.

Whoever asks has found the samples among those that the actor may see.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import accumulate, groupby
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from registry.custody.models import CustodyAct
from registry.custody.policies import TIME_UNKNOWN
from registry.custody.wear import Wear, told
from registry.persistence import among, registry_session
from registry.samples.models import Sample
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.samples import ContainerType, SampleType


class Step(NamedTuple):
    """An act that stands."""

    sample_id: int
    seq: int
    kind: ActKind
    happened_at: datetime
    holder_after: HolderKind
    box_id: int | None
    fields: Mapping[str, Any]

    @property
    def is_time_known(self) -> bool:
        """The moment is when it was done; False: an import told of it, and nobody knows when."""
        return TIME_UNKNOWN not in self.fields


class Contents(NamedTuple):
    """What a sample is."""

    code: str
    sample_type: SampleType
    container_type: ContainerType
    collected_at: datetime


@dataclass(frozen=True)
class Course:
    """What was done to a sample, and before it was there to what it comes from."""

    sample: Contents
    #: The tube that was drawn; the sample itself when it comes from no other.
    drawn: Contents
    #: On what it comes from, the tube that was drawn first, until it was taken from it.
    inherited: Sequence[Step]
    own: Sequence[Step]

    @property
    def is_child(self) -> bool:
        """Whether it was made of another."""
        return self.sample.code != self.drawn.code

    @cached_property
    def steps(self) -> Sequence[Step]:
        """All of them in the order of time, those on each sample as they followed each other.

        An import tells of a division when it is over: what was done to the child comes before.
        """
        timed: list[tuple[datetime, Step]] = []
        for _sample_id, some in groupby([*self.inherited, *self.own], key=attrgetter("sample_id")):
            steps = list(some)
            timed += zip(accumulate((one.happened_at for one in steps), max), steps, strict=True)
        return [step for _time, step in sorted(timed, key=itemgetter(0))]

    @property
    def wear(self) -> Wear:
        """What the sample has been through."""
        return told(self.own, before=told(self.inherited).passed_on)


def of(sample_ids: Collection[int]) -> Mapping[int, Course]:
    """The course of each sample, in two statements."""
    lineages, known = _lineages(sample_ids)
    steps, children = _standing(known)
    return {one: _course(one, lineage, known, steps, children) for one, lineage in lineages.items()}


def _course(
    sample_id: int,
    lineage: Sequence[int],
    known: Mapping[int, Contents],
    steps: Mapping[int, Sequence[Step]],
    children: Mapping[tuple[int, str], int],
) -> Course:
    inherited: list[Step] = []
    for ancestor, child in zip(lineage[:0:-1], lineage[-2::-1], strict=True):
        until = children.get((ancestor, known[child].code))
        inherited += [one for one in steps[ancestor] if until is None or one.seq <= until]
    return Course(known[sample_id], known[lineage[-1]], inherited, steps[sample_id])


def _lineages(
    sample_ids: Collection[int],
) -> tuple[Mapping[int, Sequence[int]], Mapping[int, Contents]]:
    """Each sample with those it comes from, the nearest first; and what all of them are."""
    steps = (
        sa.select(
            Sample.id.label("leaf_id"), Sample.id, Sample.parent_id, sa.literal(0).label("depth")
        )
        .where(among(Sample.id, sample_ids))
        .cte("lineages", recursive=True)
    )
    upwards = sa.select(steps.c.leaf_id, Sample.id, Sample.parent_id, steps.c.depth + 1).join(
        steps, Sample.id == steps.c.parent_id
    )
    steps = steps.union_all(upwards)
    rows = registry_session.execute(
        sa.select(
            steps.c.leaf_id,
            Sample.id,
            Sample.code,
            Sample.sample_type,
            Sample.container_type,
            Sample.collected_at,
        )
        .join(Sample, Sample.id == steps.c.id)
        .order_by(steps.c.leaf_id, steps.c.depth)
    )
    lineages: dict[int, list[int]] = defaultdict(list)
    known: dict[int, Contents] = {}
    for leaf_id, sample_id, *facts in rows:
        lineages[leaf_id].append(sample_id)
        known.setdefault(sample_id, Contents(*facts))
    return lineages, known


def _standing(
    sample_ids: Collection[int],
) -> tuple[Mapping[int, Sequence[Step]], Mapping[tuple[int, str], int]]:
    """The acts of each sample that stand, and by which one each of its children was taken."""
    rows = registry_session.execute(
        sa.select(
            CustodyAct.id,
            CustodyAct.corrects_id,
            CustodyAct.sample_id,
            CustodyAct.seq,
            CustodyAct.kind,
            CustodyAct.happened_at,
            CustodyAct.holder_after,
            CustodyAct.box_id,
            CustodyAct.fields,
        )
        .where(among(CustodyAct.sample_id, sample_ids))
        .order_by(CustodyAct.sample_id, CustodyAct.seq)
    ).all()
    corrected = {row.corrects_id for row in rows}
    steps: dict[int, list[Step]] = defaultdict(list)
    children: dict[tuple[int, str], int] = {}
    for act_id, corrects_id, *facts in rows:
        if corrects_id is not None or act_id in corrected:
            continue
        step = Step(*facts)
        steps[step.sample_id].append(step)
        for code in step.fields.get("children", ()):
            children.setdefault((step.sample_id, code), step.seq)
    return steps, children
