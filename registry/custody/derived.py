"""What follows from a sample's chain of custody: its SPREC code, thaws, time out of the store, age.

It is derived from the acts that stand each time, so that a time that is put
right puts right all that follows from it.  What a list is searched by is kept
beside the holder as well (`wear`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from registry.custody import courses
from registry.custody.courses import Course, Step, Way
from registry.custody.policies import CARRIED_WITH
from registry.kernel import clock
from registry.kernel.messages import Message, T
from registry.samples import pooled, sprec, tissue
from registry.samples.pooled import Elements
from registry.samples.sprec import Facts, Freezing, Spin
from registry.samples.tissue import Solid
from registry.storage import queries as storage
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.labels import label
from registry.vocab.samples import SampleType
from registry.vocab.sprec import FROZEN, SOLIDS, SPUN, Ambient, Vessel
from registry.vocab.storage import StorageClass

_DIVIDED = frozenset({ActKind.ALIQUOTED, ActKind.DERIVED, ActKind.POOLED})

#: How cold each box is in which a sample was; None: nobody said.
Classes = Mapping[int, StorageClass | None]


@dataclass(frozen=True)
class Derived:
    """What follows from a sample's chain."""

    #: None for a solid of which nobody recorded how it was taken.
    sprec: str | None
    elements: Elements | None
    #: None for a fluid: its delays are told by `before_spin`.
    solid: Solid | None
    #: From the collection to the first centrifugation or, without one, to what was done first.
    before_spin: timedelta | None
    #: What the record says and what it does not go together with.
    doubts: Sequence[Message]
    #: How often it was thawed, as itself or as what it was made of.
    thaws: int
    #: How long it was out of the store altogether; None: it never was in it.
    out_of_store: timedelta | None
    #: Whether it is out of the store now, after having been in it.
    is_out: bool
    #: From the collection until now, or until it was no more.
    age: timedelta


def of(sample_ids: Collection[int]) -> Mapping[int, Derived]:
    """All of it for each of these samples, in a constant number of statements.

    Whoever asks has found them among those that the actor may see.
    """
    found = courses.of(sample_ids)
    classes = _classes(found.values())
    now = clock.now()
    return {one: _derive(course, classes, now) for one, course in found.items()}


def _derive(course: Course, classes: Classes, now: datetime) -> Derived:
    told = [_told(course, way, classes) for way in course.ways]
    found = pooled.elements([one.elements for one in told])
    wear = course.wear
    return Derived(
        sprec=sprec.code(found) if found else None,
        elements=found,
        solid=pooled.same([one.solid for one in told]),
        before_spin=pooled.same([one.before_spin for one in told]),
        doubts=list(dict.fromkeys(doubt for one in told for doubt in one.doubts)),
        thaws=wear.thaws,
        out_of_store=wear.out_by(now),
        is_out=wear.out_from is not None,
        age=_until(course.own, now) - course.sample.collected_at,
    )


class _Told(NamedTuple):
    """What one way tells of the sample to which it leads."""

    elements: Elements | None
    solid: Solid | None
    before_spin: timedelta | None
    doubts: Sequence[Message]


def _told(course: Course, way: Way, classes: Classes) -> _Told:
    facts = _facts(course, way, classes)
    if way.drawn.sample_type in SOLIDS:
        solid = _solid(course, way, facts)
        return _Told(tissue.elements(solid), solid, None, _odd(solid))
    doubts = _doubts(course.sample.sample_type, facts)
    return _Told(sprec.elements(facts), None, facts.before_spin, doubts)


def _facts(course: Course, way: Way, classes: Classes) -> Facts:
    standing = way.steps
    spun = [at for at, line in enumerate(standing) if line.kind is ActKind.CENTRIFUGED]
    spins = [_spin(standing[at].fields) for at in spun]
    is_stored = [_is_stored(line, classes) for line in standing]
    stored = next((standing[at] for at in _after(spun, standing) if is_stored[at]), None)
    done = (
        line
        for line, stores in zip(standing, is_stored, strict=True)
        if stores or line.kind in _DIVIDED
    )
    first = standing[spun[0]] if spun else next(done, None)
    received = next((line for line in standing if line.kind is ActKind.RECEIVED), None)
    end = _end(standing[spun[-1]].happened_at, spins[-1]) if spun else None
    freezing = _freezing(course)
    kept = _kept(course.own, classes)
    return Facts(
        sample_type=course.sample.sample_type,
        container=way.drawn.container_type,
        before_spin=_lasted(way.drawn.collected_at, first),
        before_ambient=_ambient(received),
        spins=spins,
        is_followed=received is not None and first is not None,
        after_spin=_lasted(end, stored),
        after_ambient=_ambient(stored),
        storage=kept[-1] if kept else None,
        earlier=kept[:-1],
        vessel=freezing.vessel,
        is_programmed=freezing.is_programmed,
    )


def _solid(course: Course, way: Way, facts: Facts) -> Solid:
    standing = way.steps
    received = next((line for line in standing if line.kind is ActKind.RECEIVED), None)
    frozen = next((line for line in standing if line.kind is ActKind.FROZEN), None)
    return Solid(
        sample_type=course.sample.sample_type,
        collected_at=way.drawn.collected_at,
        handling=tissue.read({} if received is None else received.fields),
        frozen_at=None if frozen is None else frozen.happened_at,
        storage=sprec.storage_of(facts),
    )


def _classes(found: Iterable[Course]) -> Classes:
    boxes = {
        step.box_id
        for course in found
        for way in course.ways
        for step in way.steps
        if step.box_id is not None and _is_put_away(step)
    }
    return {box: storage.rules(way).storage_class for box, way in storage.ways_to(boxes).items()}


def _is_put_away(line: Step) -> bool:
    return line.holder_after is HolderKind.POSITION


def _is_stored(line: Step, classes: Classes) -> bool:
    """Whether it was frozen by this act, or put where what is in it is frozen."""
    if line.kind is ActKind.FROZEN:
        return True
    is_cold = line.box_id is not None and classes.get(line.box_id) in FROZEN
    return is_cold and _is_put_away(line)


def _after(spun: Sequence[int], standing: Sequence[Step]) -> range:
    """The numbers of the acts after the last centrifugation; none when there was none."""
    return range(spun[-1] + 1 if spun else len(standing), len(standing))


def _kept(own: Sequence[Step], classes: Classes) -> Sequence[StorageClass | None]:
    """How cold it was in each of its places, one after another.

    What is known of a box is how cold it is now: before it was carried
    elsewhere with what is in it, it is not known.
    """
    kept: list[StorageClass | None] = []
    for line in own:
        if line.box_id is None or not _is_put_away(line):
            continue
        if CARRIED_WITH in line.fields:
            kept = [None] * len(kept)
        kept.append(classes.get(line.box_id))
    return kept


def _freezing(course: Course) -> Freezing:
    """What it is kept in; unless something else is said, what was drawn stays in its tube."""
    for line in reversed(course.own):
        if "vessel" in line.fields:
            return Freezing(Vessel(line.fields["vessel"]), bool(line.fields.get("programmed")))
    return Freezing(None if course.is_child else Vessel.AS_DRAWN)


def _spin(fields: Any) -> Spin:
    ambient = fields.get("ambient")
    return Spin(
        minutes=fields.get("minutes"),
        g=fields.get("g"),
        ambient=None if ambient is None else Ambient(ambient),
        brake=fields.get("brake"),
    )


def _end(began: datetime, spin: Spin) -> datetime | None:
    return None if spin.minutes is None else began + timedelta(minutes=spin.minutes)


def _lasted(since: datetime | None, line: Step | None) -> timedelta | None:
    """The time until the act; None when one of the two moments is not known."""
    if since is None or line is None or not line.is_time_known:
        return None
    return line.happened_at - since


def _ambient(line: Step | None) -> Ambient | None:
    said = None if line is None else line.fields.get("ambient")
    return None if said is None else Ambient(said)


def _until(own: Sequence[Step], now: datetime) -> datetime:
    gone = (one.happened_at for one in own if one.holder_after is HolderKind.DESTROYED)
    return next(gone, now)


def _doubts(kind: SampleType, facts: Facts) -> Sequence[Message]:
    doubts = []
    if facts.before_spin is not None and facts.before_spin < timedelta(0):
        doubts.append(T("It was processed before it was collected: one of the times is wrong."))
    if facts.after_spin is not None and facts.after_spin < timedelta(0):
        doubts.append(T("It was stored before its centrifugation ended: a time is wrong."))
    if kind in SPUN and facts.is_followed and not facts.spins:
        doubts.append(T("{type}, but no centrifugation is recorded.", type=label(kind)))
    if sprec.lacks_second_spin(facts):
        doubts.append(T("Double-spun plasma, but one centrifugation is recorded."))
    if kind is SampleType.PLASMA_SINGLE_SPUN and len(facts.spins) > 1:
        doubts.append(T("Single-spun plasma, but several centrifugations are recorded."))
    # Blood is spun in order to be divided; kept as blood, it should not have been.
    if kind is SampleType.BLOOD and facts.after_spin is not None:
        doubts.append(T("Whole blood, but a centrifugation is recorded."))
    return doubts


def _odd(solid: Solid) -> Sequence[Message]:
    """The times of a solid that are in no order."""
    times = (
        (solid.warm, T("Its blood supply was stopped after it was taken out: a time is wrong.")),
        (solid.cold, T("It was fixed before it was taken out: a time is wrong.")),
        (solid.fixed_for, T("Its fixation ended before it began: a time is wrong.")),
    )
    return [said for lasted, said in times if lasted is not None and lasted < timedelta(0)]
