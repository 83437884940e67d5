"""Putting samples into cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.access import Permission
from registry.custody import policies, recording
from registry.custody.cells import OpenBox
from registry.custody.recording import Act, Holder
from registry.kernel.actor import Actor
from registry.persistence import registry_session, transactional
from registry.samples.models import Sample
from registry.samples.plans import queries as plans
from registry.samples.refusals import Refusals
from registry.vocab.custody import ActKind


@dataclass(frozen=True)
class Placement:
    """A sample and the cell that it goes into; without a cell, the next free one."""

    code: str
    row: int | None = None
    col: int | None = None

    @property
    def names_no_cell(self) -> bool:
        """Whether any free cell will do."""
        return self.row is None and self.col is None


@transactional
def place(
    actor: Actor,
    *,
    box_id: int,
    placements: Sequence[Placement],
    at: datetime | None = None,
    comment: str | None = None,
) -> Sequence[Sample]:
    """Put samples from the bench into the cells of one box, all or none.  `at` is now by default.

    :raises NotFound: there is no such box at the actor's sites.
    :raises InvalidInput: some cannot go there (at another site, cell occupied
        or outside the box, box full, type not accepted, sample not on the bench, not at the
        planned temperature and no comment that says why); each is named under ``placements``.
    """
    return _put(actor, ActKind.PLACED, box_id, placements, at, comment)


@transactional
def move(
    actor: Actor,
    *,
    box_id: int,
    placements: Sequence[Placement],
    at: datetime | None = None,
    comment: str | None = None,
) -> Sequence[Sample]:
    """Move samples that are in store into other cells, of the same box or of another, all or none.

    :raises NotFound: there is no such box at the actor's sites.
    :raises InvalidInput: as for `place`.
    """
    return _put(actor, ActKind.MOVED, box_id, placements, at, comment)


def _put(
    actor: Actor,
    kind: ActKind,
    box_id: int,
    placements: Sequence[Placement],
    at: datetime | None,
    comment: str | None,
) -> Sequence[Sample]:
    """Put the samples into the box, each by one act, in the order given."""
    if at is not None:
        policies.check_past(at, field="at")
    codes = recording.read_codes([one.code for one in placements], field="placements")
    box = OpenBox(actor, box_id, Permission.SAMPLE_PLACE)
    holdings = recording.lock_holdings(actor, codes)
    planned = {} if comment else plans.storage_classes([one.sample_id for one in holdings.values()])
    refusals = Refusals("placements")
    going: dict[str, tuple[Holder, datetime]] = {}
    # Named cells are taken first, so that no "next free" takes one of them.
    asked = sorted(zip(codes, placements, strict=True), key=lambda pair: pair[1].names_no_cell)
    for code, placement in asked:
        with refusals.gathered(code):
            holding = recording.found_among(actor, holdings, code, Permission.SAMPLE_PLACE)
            moment = recording.check(kind, holding, at, field="at")
            box.check_keeps(holding, planned.get(holding.sample_id))
            going[code] = (box.take(holding, placement.row, placement.col), moment)
    refusals.raise_if_any()
    for code in codes:
        holder, moment = going[code]
        act = Act(kind, moment, comment=comment, fields={"cell": holder.place})
        recording.record(actor, holdings[code], act, holder)
    registry_session.flush()
    return [holdings[code].sample for code in codes]
