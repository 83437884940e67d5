"""The course of samples: the acts that stand, from the collection of what each one comes from.

Whoever asks has found the samples among those that the actor may see.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import accumulate
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from registry.custody.models import CustodyAct
from registry.custody.policies import TIME_UNKNOWN
from registry.custody.wear import Wear, passed_on, told
from registry.persistence import among, registry_session
from registry.samples import descent
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


class Way(NamedTuple):
    """What was done from a tube that was drawn on, until the sample came of it and after."""

    drawn: Contents
    #: Those on each tube of the way, as they followed each other.
    stages: Sequence[Sequence[Step]]

    @property
    def steps(self) -> Sequence[Step]:
        """All of them in the order of time, those on each sample in their own.

        An import tells of a division when it is over: what was done to the child comes before.
        """
        timed: list[tuple[datetime, Step]] = []
        for steps in self.stages:
            timed += zip(accumulate((one.happened_at for one in steps), max), steps, strict=True)
        return [step for _time, step in sorted(timed, key=itemgetter(0))]


@dataclass(frozen=True)
class Course:
    """What was done to a sample, and before it was there to what it was made of."""

    sample: Contents
    own: Sequence[Step]
    #: Those that it was made of, each until it was taken from them; none for what was drawn.
    origins: Sequence["Course"] = ()

    @property
    def is_child(self) -> bool:
        """Whether it was made of another."""
        return bool(self.origins)

    @property
    def ways(self) -> Sequence[Way]:
        """From every tube that was drawn down to the sample; several ways lead to a pool."""
        if not self.origins:
            return [Way(self.sample, [self.own])]
        return [Way(way.drawn, [*way.stages, self.own]) for one in self.origins for way in one.ways]

    @cached_property
    def wear(self) -> Wear:
        """What the sample has been through."""
        return told(self.own, before=passed_on([one.wear for one in self.origins]))


def of(sample_ids: Collection[int]) -> Mapping[int, Course]:
    """The course of each sample, in two statements."""
    parents, known = _ancestry(sample_ids)
    steps, children = _standing(known)

    def course(sample_id: int, until: int | None = None) -> Course:
        contents = known[sample_id]
        own = [one for one in steps[sample_id] if until is None or one.seq <= until]
        taken = ((one, children.get((one, contents.code))) for one in parents[sample_id])
        return Course(contents, own, [course(one, seq) for one, seq in taken])

    return {one: course(one) for one in sample_ids if one in known}


def _ancestry(
    sample_ids: Collection[int],
) -> tuple[Mapping[int, Sequence[int]], Mapping[int, Contents]]:
    """The parents of each sample and of all that they come from; and what all of them are."""
    found = descent.above(sample_ids)
    rows = registry_session.execute(
        sa.select(
            found.c.child_id,
            Sample.id,
            Sample.code,
            Sample.sample_type,
            Sample.container_type,
            Sample.collected_at,
        )
        .join(Sample, Sample.id == found.c.id)
        .order_by(found.c.child_id, found.c.seq)
    ).all()
    parents = descent.parents((child_id, sample_id) for child_id, sample_id, *_ in rows)
    return parents, {sample_id: Contents(*facts) for _child, sample_id, *facts in rows}


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
