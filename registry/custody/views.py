"""What the queries of custody give: plain values, so that a page asks nothing more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from registry.custody.defined.definition import Definition
from registry.custody.picking.reserving import Reservation
from registry.custody.proposing.reserved import Reserved
from registry.kernel.messages import Message
from registry.participants.terms.kinds import Names
from registry.storage.grid import Grid
from registry.vocab.custody import ActKind, CheckoutReason, HolderKind
from registry.vocab.incidents import Verdict
from registry.vocab.samples import ContainerType, LedgerReason, SampleType, Unit
from registry.vocab.storage import CellStatus, ExposureDecision


@dataclass(frozen=True)
class Listed:
    """A sample as a line of a list."""

    id: int
    code: str
    participant_code: str
    site_id: int
    #: What it was made of, the first one if it is a pool.
    parent_code: str | None
    sample_type: SampleType
    container_type: ContainerType
    remaining: Decimal
    unit: Unit
    collected_at: datetime
    status: HolderKind
    #: Where it is or who has it, in words.
    place: str
    since: datetime
    #: Why somebody has it; None when nobody has.
    loan_reason: CheckoutReason | None
    participant_id: int
    #: It was made of several.
    is_pool: bool
    #: The terms of the place by which both are called.
    type_term: Names | None
    container_term: Names | None


@dataclass(frozen=True)
class Kin:
    """A sample with those that it was made of, each with those that it was made of itself."""

    sample: Listed
    parents: Sequence["Kin"]


@dataclass(frozen=True)
class Page:
    """Some lines of a list, and what to ask the next page with (None: there is none)."""

    rows: Sequence[Listed]
    next_after: str | None


@dataclass(frozen=True)
class OpenLoan:
    """Who has a sample, why, since when."""

    id: int
    person_id: int
    person_name: str
    #: For what, by the term with which it was recorded.
    reason: Message
    opened_at: datetime
    #: The cell that is kept for it, in words; None when it had none.
    home: str | None


@dataclass(frozen=True)
class Barred:
    """Why and since when a sample must not be used."""

    #: What it is in quarantine for, such as ``withdrawal:12``.
    cause: str
    since: datetime
    #: Whether it must be destroyed.
    is_to_destroy: bool


@dataclass(frozen=True)
class Concern:
    """An incident that concerns a sample."""

    code: str
    #: What went wrong.
    name: Message
    opened_at: datetime
    #: None while nothing is decided.
    verdict: Verdict | None
    reason: str | None


@dataclass(frozen=True)
class Exposed:
    """A time that a sample was in a place out of its limits."""

    excursion_id: int
    probe: str
    peak: Decimal
    since: datetime
    until: datetime
    #: None while nothing is decided.
    decision: ExposureDecision | None
    remark: str | None


@dataclass(frozen=True)
class LedgerLine:
    """One change of a sample's quantity."""

    at: datetime
    delta: Decimal
    balance: Decimal
    reason: LedgerReason
    #: The child it was drawn for, or the parent it came from.
    other_code: str | None


@dataclass(frozen=True)
class SamplePage:
    """Everything that the page of a sample shows."""

    sample: Listed
    participant_id: int
    visit_id: int | None
    recorded_at: datetime
    #: What it was made of, up to the tubes that were drawn.
    kin: Kin
    children: Sequence[Listed]
    ledger: Sequence[LedgerLine]
    loan: OpenLoan | None
    #: What went wrong with it, the newest first.
    incidents: Sequence[Concern]
    exposures: Sequence[Exposed]
    #: None unless it is in quarantine.
    barred: Barred | None
    #: None unless it waits on a pick list whose reservation runs.
    reserved: Reservation | None
    box_id: int | None
    #: The cell's name in its box (also while it is kept), such as ``B3``.
    cell: str | None
    #: The acts that the present holder, a quarantine and a reservation allow: what works is shown.
    allowed: frozenset[ActKind]


@dataclass(frozen=True)
class ChainLine:
    """One act in the chain of custody of a sample or of one that it came from."""

    act_id: int
    sample_code: str
    #: The number of the act within its sample.
    seq: int
    #: Whether the act is on an ancestor.
    is_inherited: bool
    #: An act on an ancestor after this sample was taken from it.
    is_after_separation: bool
    kind: ActKind
    happened_at: datetime
    recorded_at: datetime
    #: The person's name, or the login for the command line.
    actor: str
    holder_before: HolderKind | None
    place_before: str | None
    #: The site of the holder before.
    site_before: str | None
    holder_after: HolderKind
    place: str
    #: The site of the holder after.
    site: str
    #: The box it was put into, or in which a cell is kept for it.
    box_id: int | None
    reason: str | None
    comment: str | None
    fields: Mapping[str, Any]
    #: The number, within the same sample, of the act that this one puts right.
    corrects_seq: int | None
    #: The number of the act that put this one right.
    corrected_by_seq: int | None
    #: It is the sample's last act and of a kind that can be undone.
    can_be_corrected: bool
    #: The moment is when it was done; False: an import told of it, and nobody knows when it was.
    is_time_known: bool = True
    #: Of a defined act: what it was when it was done.
    definition: Definition | None = None


@dataclass(frozen=True)
class CellView:
    """One cell of a box map; `code` is None for a free cell and for another site's sample."""

    row: int
    col: int
    label: str
    status: CellStatus
    code: str | None = None
    sample_type: SampleType | None = None
    #: Who has reserved it, while it is free.
    held: Reserved | None = None


@dataclass(frozen=True)
class BoxMap:
    """A box with all its cells, row by row."""

    id: int
    code: str
    name: str
    #: Where the box stands, in words.
    way: str
    #: The SPREC types that may go into it; None: every type.
    accepts: frozenset[str] | None
    grid: Grid
    rows: Sequence[Sequence[CellView]]
    taken: int


@dataclass(frozen=True)
class Occupancy:
    """How full a place is, all boxes in it taken together."""

    boxes: int = 0
    cells: int = 0
    taken: int = 0
