"""Comparing what was scanned in a box with what is recorded of it; nothing is changed."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from registry.custody import filling
from registry.custody.cells import occupants
from registry.custody.filling import Judged
from registry.custody.models import Holding
from registry.custody.recording import look_at_holdings
from registry.kernel.actor import Actor
from registry.kernel.messages import Message
from registry.persistence import registry_session
from registry.samples import queries as samples
from registry.samples.models import Sample
from registry.storage import queries as storage
from registry.storage.grid import Cell, Grid
from registry.vocab.custody import HolderKind
from registry.vocab.storage import Finding, Fit

_TONES = {Finding.PRESENT: "same", Finding.OTHER_CELL: "note", Finding.UNEXPECTED: "note"}


@dataclass(frozen=True)
class Found:
    """What was found of one tube."""

    code: str
    state: Finding
    #: None when it was scanned without one.
    cell: Cell | None
    label: str | None
    reason: Message | None = None

    @property
    def tone(self) -> str:
        """How a page shows it: same, note or stop."""
        return _TONES.get(self.state, "stop")


@dataclass(frozen=True)
class Comparison:
    """Everything that was found, and what recording it would move."""

    found: Sequence[Found]
    #: The tubes that are recorded elsewhere than they were found, and can be where they are.
    moves: Mapping[Cell, str]

    @cached_property
    def digest(self) -> str:
        """What tells this comparison from one of another moment."""
        told = sorted(f"{one.code} {one.state} {one.label}" for one in self.found)
        return hashlib.sha256("\n".join(told).encode()).hexdigest()


def compare(
    actor: Actor, box_id: int, tubes: Mapping[Cell, str], loose: Collection[str] = ()
) -> Comparison:
    """What was found of each tube that was scanned or is recorded in the box.

    `loose` were scanned in the box one by one, without their cells: those that
    are recorded in it are taken for being in their own.

    :raises NotFound: there is no such box at the actor's sites.
    """
    grid = storage.box(actor, box_id).grid
    recorded = {cell: code for cell, (code, _) in occupants(box_id).items()}
    at_home = {cell: code for cell, code in recorded.items() if code in loose}
    tubes = {**tubes, **at_home}
    judged, stuck = _judged(actor, box_id, tubes)
    seen = [_seen(one, recorded) for one in (*judged, *stuck)]
    strays = set(loose) - set(at_home.values())
    known = look_at_holdings(actor, strays)
    seen += [
        Found(code, Finding.UNEXPECTED if code in known else Finding.UNKNOWN, None, None)
        for code in sorted(strays)
    ]
    missing = _missing(actor, box_id, grid, {*tubes.values(), *loose})
    moving = (Fit.FITS, Fit.MOVES)
    moves = {one.cell: one.code for one in judged if one.state in moving}
    return Comparison([*sorted(seen, key=_place), *missing], moves)


def _judged(
    actor: Actor, box_id: int, tubes: Mapping[Cell, str]
) -> tuple[Sequence[Judged], Sequence[Judged]]:
    """What can be where it was found, all together, and what cannot.

    A tube that cannot leave its cell leaves no room for the one found there.
    """
    stuck: list[Judged] = []
    left = dict(tubes)
    while True:
        judged = filling.judge(actor, box_id, left)
        refused = [one for one in judged if not one.state.is_possible]
        if not refused:
            return judged, stuck
        stuck += refused
        for one in refused:
            del left[one.cell]


def _seen(one: Judged, recorded: Mapping[Cell, str]) -> Found:
    if one.state is Fit.THERE or (one.state is Fit.UNKNOWN and recorded.get(one.cell) == one.code):
        return Found(one.code, Finding.PRESENT, one.cell, one.label)
    if one.state is Fit.UNKNOWN:
        return Found(one.code, Finding.UNKNOWN, one.cell, one.label, one.reason)
    if not one.state.is_possible:
        return Found(one.code, Finding.IMPOSSIBLE, one.cell, one.label, one.reason)
    is_here = one.code in recorded.values()
    state = Finding.OTHER_CELL if is_here else Finding.UNEXPECTED
    return Found(one.code, state, one.cell, one.label)


def _missing(actor: Actor, box_id: int, grid: Grid, seen: Collection[str]) -> Sequence[Found]:
    """The samples of the actor's sites that are recorded in the box and were not seen."""
    rows = registry_session.execute(
        samples.visible(
            actor,
            sa.select(Sample.code, Holding.row, Holding.col)
            .join(Holding, Holding.sample_id == Sample.id)
            .where(Holding.box_id == box_id, Holding.kind == HolderKind.POSITION)
            .order_by(Holding.row, Holding.col),
        )
    )
    return [
        Found(code, Finding.MISSING, (row, col), grid.label(row, col))
        for code, row, col in rows
        if code not in seen and row is not None and col is not None
    ]


def _place(one: Found) -> tuple[Cell, str]:
    return one.cell or (0, 0), one.code
