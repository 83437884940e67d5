"""Filling a box at once: what each tube of a rack scan would mean, and recording all or none.

What is shown before and what is done after are judged by the same rules.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registry.access import Permission, allows
from registry.custody import policies, recording
from registry.custody.cells import OpenBox, elsewhere, occupants
from registry.custody.handing import Move, record_moves
from registry.custody.models import Holding
from registry.custody.proposing import reserved
from registry.custody.recording import Act
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import Message, T
from registry.persistence import transactional
from registry.samples.plans import queries as plans
from registry.samples.refusals import Refusals
from registry.storage import policies as places, queries as storage
from registry.storage.grid import Cell, Grid
from registry.storage.models import Box
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.labels import label
from registry.vocab.samples import SampleType
from registry.vocab.storage import Fit

_TONES = {Fit.FITS: "good", Fit.MOVES: "note", Fit.THERE: "same"}
_KINDS = {Fit.FITS: ActKind.PLACED, Fit.MOVES: ActKind.MOVED}


@dataclass(frozen=True)
class Judged:
    """One tube of a scan, and what comes of it."""

    cell: Cell
    #: What the box calls the cell.
    label: str
    code: str
    state: Fit
    #: Why it cannot be there; None when it can.
    reason: Message | None
    sample_type: SampleType | None

    @property
    def tone(self) -> str:
        """How a page shows it: good, note, same or stop."""
        return _TONES.get(self.state, "stop")


@dataclass(frozen=True)
class Filled:
    """How many tubes were placed, were moved, and were there already."""

    placed: int
    moved: int
    there: int


def judge(actor: Actor, box_id: int, tubes: Mapping[Cell, str]) -> Sequence[Judged]:
    """What would come of each tube if the box were filled now, in the order of the cells.

    :raises NotFound: there is no such box at the actor's sites.
    """
    box = storage.box(actor, box_id)
    holdings = recording.look_at_holdings(actor, list(tubes.values()))
    return _Judge(actor, box, tubes, holdings).all()


def turned(tubes: Mapping[Cell, str], grid: Grid) -> dict[Cell, str]:
    """The tubes as they would be with the box turned by 180°."""
    return {
        (grid.rows + 1 - row, grid.columns + 1 - col): code for (row, col), code in tubes.items()
    }


def seems_turned(actor: Actor, box_id: int, tubes: Mapping[Cell, str]) -> bool:
    """Whether more of the tubes would be where they are recorded if the box were turned."""
    box = storage.box(actor, box_id)
    recorded = {cell: code for cell, (code, _) in occupants(box_id).items()}
    straight, other = (
        sum(recorded.get(cell) == code for cell, code in one.items())
        for one in (tubes, turned(tubes, box.grid))
    )
    return other > straight


@transactional
def fill(
    actor: Actor,
    *,
    box_id: int,
    tubes: Mapping[Cell, str],
    comment: str | None = None,
) -> Filled:
    """Record that these tubes are in these cells of the box, all or none.

    Tubes on the bench are placed, tubes in other cells are moved, also into
    each other's; those that are there already are left alone.

    :raises NotFound: there is no such box at the actor's sites.
    :raises InvalidInput: some cannot be there; each is named under ``file``.
    """
    codes = recording.read_codes(list(tubes.values()), field="file")
    opened = OpenBox(actor, box_id, Permission.SAMPLE_PLACE)
    holdings = recording.lock_holdings(actor, codes)
    judged = _Judge(actor, storage.box(actor, box_id), tubes, holdings).all()
    for one in judged:
        if one.state is Fit.MOVES:
            opened.leave(holdings[one.code])
    refusals = Refusals("file")
    moves: list[Move] = []
    for one in judged:
        with refusals.gathered(one.code):
            if one.reason is not None:
                raise RuleBroken(one.reason)
            if one.state in _KINDS:
                moves.append(_move(actor, opened, holdings, one, comment))
    refusals.raise_if_any()
    record_moves(actor, moves)
    counts = {fit: sum(one.state is fit for one in judged) for fit in Fit}
    return Filled(counts[Fit.FITS], counts[Fit.MOVES], counts[Fit.THERE])


def _move(
    actor: Actor,
    box: OpenBox,
    holdings: Mapping[str, Holding],
    one: Judged,
    comment: str | None,
) -> Move:
    kind = _KINDS[one.state]
    holding = recording.found_among(actor, holdings, one.code, Permission.SAMPLE_PLACE)
    moment = recording.check(kind, holding, None, field="file")
    holder = box.take(holding, *one.cell)
    return holding, Act(kind, moment, comment=comment, fields={"cell": holder.place}), holder


class _Judge:
    """The rules, with all that they look at read beforehand."""

    def __init__(
        self,
        actor: Actor,
        box: Box,
        tubes: Mapping[Cell, str],
        holdings: Mapping[str, Holding],
    ) -> None:
        self._actor = actor
        self._box = box
        self._tubes = tubes
        self._holdings = holdings
        self._rules = storage.rules(storage.way_to(box.id))
        self._planned = plans.storage_classes([one.sample_id for one in holdings.values()])
        self._taken = {cell: code for cell, (code, _) in occupants(box.id).items()}
        self._reserved = reserved.ReservedCells(actor, box.id)
        #: Cells of this box whose sample the scan shows in another one.
        self._leaving = {
            cell
            for cell, code in self._taken.items()
            if code in set(tubes.values()) - {tubes.get(cell)}
        }

    def all(self) -> Sequence[Judged]:
        found = []
        for cell, code in sorted(self._tubes.items()):
            holding = self._holdings.get(code)
            fit, reason = self._fit(cell, code, holding)
            found.append(
                Judged(
                    cell,
                    self._box.grid.label(*cell),
                    code,
                    fit,
                    reason,
                    holding.sample.sample_type if holding else None,
                )
            )
        return found

    def _fit(self, cell: Cell, code: str, holding: Holding | None) -> tuple[Fit, Message | None]:
        if holding is None:
            return Fit.UNKNOWN, T("There is no sample {code} at your sites.", code=code)
        if (holding.box_id, holding.row, holding.col) == (self._box.id, *cell):
            is_there = holding.kind is HolderKind.POSITION
            return (Fit.THERE, None) if is_there else (Fit.AWAY, _where(holding))
        if holding.kind is HolderKind.COLLECTION_SITE:
            return Fit.NOT_RECEIVED, _where(holding)
        if holding.kind not in (HolderKind.BENCH, HolderKind.POSITION):
            return Fit.AWAY, _where(holding)
        may = allows(self._actor, Permission.SAMPLE_PLACE, holding.sample)
        if holding.site_id != self._box.site_id or not may:
            return Fit.OTHER_SITE, elsewhere(holding)
        return self._fit_cell(cell, code, holding)

    def _fit_cell(self, cell: Cell, code: str, holding: Holding) -> tuple[Fit, Message | None]:
        kind = holding.sample.sample_type
        accepts = self._rules.accepts
        if accepts is not None and kind not in accepts:
            return Fit.NOT_ACCEPTED, T(
                "{box} does not accept this type: {type}.",
                box=self._box.unit.name,
                type=label(kind),
            )
        planned = self._planned.get(holding.sample_id)
        name, place = self._box.unit.name, self._rules.storage_class
        if why := places.why_not_kept(code, name, planned, place):
            return Fit.NOT_KEPT, why
        if cell in self._taken and cell not in self._leaving:
            return Fit.OCCUPIED, T("Cell {cell} is taken.", cell=self._box.grid.label(*cell))
        held = self._reserved.held(cell)
        if held is not None:
            return Fit.OCCUPIED, held.refusal(self._box.grid.label(*cell))
        return (Fit.MOVES if holding.kind is HolderKind.POSITION else Fit.FITS), None


def _where(holding: Holding) -> Message:
    return policies.refusal(holding.kind, code=holding.sample.code, place=holding.place)
