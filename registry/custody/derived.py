"""What follows from a sample's chain of custody: its SPREC code, thaws, time out of the store, age.

Nothing of it is kept: it is derived from the acts that stand each time, so
that a time that is put right puts right all that follows from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from registry.custody.views import ChainLine, SamplePage
from registry.kernel import clock
from registry.kernel.messages import Message, T
from registry.samples import sprec
from registry.samples.sprec import Facts, Spin
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.samples import SampleCondition, SampleType
from registry.vocab.sprec import Ambient, Element
from registry.vocab.storage import StorageClass

#: The acts that end the time before processing of what is not centrifuged.
_FIRST_STEPS = (ActKind.ALIQUOTED, ActKind.DERIVED, ActKind.FROZEN, ActKind.PLACED)
_STORED = (ActKind.FROZEN, ActKind.PLACED)


@dataclass(frozen=True)
class Derived:
    """What follows from a sample's chain."""

    #: None for a solid, which the standard describes by other elements.
    sprec: str | None
    elements: dict[Element, str] | None
    #: What the record says and what it does not go together with.
    doubts: Sequence[Message]
    #: How often it was thawed, as itself or as what it was made of.
    thaws: int
    #: How long it was out of the store altogether; None: it never was in it.
    out_of_store: timedelta | None
    #: Whether it is out of the store now, after having been in it.
    is_out: bool
    #: Since the collection.
    age: timedelta


def derive(tube: SamplePage, chain: Sequence[ChainLine], storage: StorageClass | None) -> Derived:
    """All of it, from the sample's page and its whole chain, ancestors included.

    `storage` is the class of the place where it is, or where its cell is kept.
    """
    standing = [
        line
        for line in chain
        if line.corrected_by_seq is None
        and line.kind is not ActKind.CORRECTED
        and not line.is_after_separation
    ]
    facts = _facts(tube, standing, storage)
    own = [line for line in standing if not line.is_inherited]
    out, is_out = _out_of_store(own)
    return Derived(
        sprec=sprec.code(facts),
        elements=sprec.elements(facts),
        doubts=_doubts(tube.sample.sample_type, facts),
        thaws=sum(_is_thaw(line) for line in standing),
        out_of_store=out,
        is_out=is_out,
        age=clock.now() - tube.sample.collected_at,
    )


def _facts(tube: SamplePage, standing: Sequence[ChainLine], storage: StorageClass | None) -> Facts:
    drawn = tube.ancestors[-1] if tube.ancestors else tube.sample
    spun = [line for line in standing if line.kind is ActKind.CENTRIFUGED]
    spins = [_spin(line.fields) for line in spun]
    first = spun[0] if spun else _first(standing, _FIRST_STEPS)
    received = _first(standing, (ActKind.RECEIVED,))
    end = _end(spun[-1].happened_at, spins[-1]) if spun else None
    stored = None if end is None else _first(standing, _STORED, since=end)
    return Facts(
        sample_type=tube.sample.sample_type,
        container=drawn.container_type,
        before_spin=None if first is None else first.happened_at - tube.sample.collected_at,
        before_ambient=_ambient(received),
        spins=spins,
        after_spin=None if end is None or stored is None else stored.happened_at - end,
        after_ambient=_ambient(stored),
        storage=storage,
        is_as_drawn=not tube.ancestors,
    )


def _first(
    standing: Sequence[ChainLine], kinds: Sequence[ActKind], since: datetime | None = None
) -> ChainLine | None:
    """The first act of one of these kinds, or the first one since a moment."""
    return next(
        (
            line
            for line in standing
            if line.kind in kinds and (since is None or line.happened_at >= since)
        ),
        None,
    )


def _spin(fields: Any) -> Spin:
    ambient = fields.get("ambient")
    return Spin(
        minutes=fields.get("minutes"),
        g=fields.get("g"),
        ambient=None if ambient is None else Ambient(ambient),
        brake=fields.get("brake"),
    )


def _end(began: datetime, spin: Spin) -> datetime:
    return began + timedelta(minutes=spin.minutes or 0)


def _ambient(line: ChainLine | None) -> Ambient | None:
    said = None if line is None else line.fields.get("ambient")
    return None if said is None else Ambient(said)


def _is_thaw(line: ChainLine) -> bool:
    """An act of thawing, or a tube that came in or back thawed."""
    return (
        line.kind is ActKind.THAWED or line.fields.get("condition") == SampleCondition.THAWED.value
    )


def _out_of_store(own: Sequence[ChainLine]) -> tuple[timedelta | None, bool]:
    """The time between leaving the store and coming back, all times together."""
    out: timedelta | None = None
    left: datetime | None = None
    was_in = False
    for line in own:
        is_in = line.holder_after is HolderKind.POSITION
        if is_in:
            out = (out or timedelta(0)) + (line.happened_at - left if left else timedelta(0))
            left = None
        elif was_in:
            left = line.happened_at
        was_in = is_in
    if left is not None and own[-1].holder_after is not HolderKind.DESTROYED:
        return (out or timedelta(0)) + (clock.now() - left), True
    return out, False


def _doubts(kind: SampleType, facts: Facts) -> Sequence[Message]:
    doubts = []
    if facts.before_spin is not None and facts.before_spin < timedelta(0):
        doubts.append(T("It was processed before it was collected: one of the times is wrong."))
    if kind is SampleType.PLASMA_DOUBLE_SPUN and len(facts.spins) == 1:
        doubts.append(T("Double-spun plasma, but one centrifugation is recorded."))
    if kind is SampleType.PLASMA_SINGLE_SPUN and len(facts.spins) > 1:
        doubts.append(T("Single-spun plasma, but several centrifugations are recorded."))
    if kind is SampleType.BLOOD and facts.spins:
        doubts.append(T("Whole blood, but a centrifugation is recorded."))
    return doubts
