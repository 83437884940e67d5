"""Reading where samples are and how they came there, within the actor's sites.

Every function makes a constant number of statements, however much it reads.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from registry.kernel.actor import Actor
from registry.storage.grid import Grid
from registry.vocab.custody import ActKind, CheckoutReason, HolderKind
from registry.vocab.samples import ContainerType, LedgerReason, SampleType, Unit
from registry.vocab.storage import CellStatus


@dataclass(frozen=True)
class Listed:
    """A sample as a line of a list."""

    id: int
    code: str
    participant_code: str
    site_id: int
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


@dataclass(frozen=True)
class Page:
    """Some lines of a list, and what to ask the next page with (None: there is none)."""

    rows: Sequence[Listed]
    next_after: str | None


@dataclass(frozen=True)
class Wanted:
    """Which samples a list is to show; what is None does not matter."""

    sample_type: SampleType | None = None
    site_id: int | None = None
    status: HolderKind | None = None
    cohort_id: int | None = None
    participant_id: int | None = None


@dataclass(frozen=True)
class OpenLoan:
    """Who has a sample, why, since when."""

    id: int
    code: str
    sample_type: SampleType
    person_id: int
    person_name: str
    reason: CheckoutReason
    opened_at: datetime
    #: The cell that is kept for it, in words; None when it had none.
    home: str | None


@dataclass(frozen=True)
class LedgerLine:
    """One change of a sample's quantity."""

    at: datetime
    delta: Decimal
    balance: Decimal
    reason: LedgerReason
    other_code: str | None


@dataclass(frozen=True)
class SamplePage:
    """Everything that the page of a sample shows."""

    sample: Listed
    participant_id: int
    visit_id: int | None
    recorded_at: datetime
    #: From the nearest parent to the tube that was drawn.
    ancestors: Sequence[Listed]
    children: Sequence[Listed]
    ledger: Sequence[LedgerLine]
    loan: OpenLoan | None
    box_id: int | None
    #: The cell's name in its box (also while it is kept), such as ``B3``.
    cell: str | None
    #: The acts that the present holder allows, for showing only the buttons that work.
    allowed: frozenset[ActKind]


@dataclass(frozen=True)
class ChainLine:
    """One act in the chain of custody of a sample or of one that it came from."""

    act_id: int
    sample_code: str
    #: Whether the act is on an ancestor.
    is_inherited: bool
    #: An act on an ancestor after this sample was taken from it.
    is_after_separation: bool
    kind: ActKind
    happened_at: datetime
    recorded_at: datetime
    #: The person's name, or the login for the command line.
    actor: str
    site_name: str
    holder_before: HolderKind | None
    place_before: str | None
    holder_after: HolderKind
    place: str
    reason: str | None
    comment: str | None
    fields: Mapping[str, Any]
    corrects_id: int | None
    #: The act that put this one right.
    corrected_by_id: int | None
    #: It is the sample's last act and of a kind that can be undone.
    can_be_corrected: bool


@dataclass(frozen=True)
class CellView:
    """One cell of a box map; `code` is None for a free cell and for another site's sample."""

    row: int
    col: int
    label: str
    status: CellStatus
    code: str | None = None
    sample_type: SampleType | None = None


@dataclass(frozen=True)
class BoxMap:
    """A box with all its cells, row by row."""

    id: int
    code: str
    name: str
    #: Where the box stands, in words.
    way: str
    grid: Grid
    rows: Sequence[Sequence[CellView]]
    taken: int


@dataclass(frozen=True)
class Occupancy:
    """How full a place is, all boxes in it taken together."""

    boxes: int
    cells: int
    taken: int


def sample_page(actor: Actor, code: str) -> SamplePage:
    """Everything about one sample.

    :raises NotFound: there is none, or it is at a site that is not the actor's.
    """
    raise NotImplementedError


def chain(actor: Actor, code: str) -> Sequence[ChainLine]:
    """Every act on the sample and on those it came from, from the collection on, in order.

    :raises NotFound: there is no such sample at the actor's sites.
    """
    raise NotImplementedError


def page(actor: Actor, wanted: Wanted, *, after: str | None = None) -> Page:
    """One page of samples, newest first, after the line with code `after`."""
    raise NotImplementedError


def of_participant(actor: Actor, participant_id: int) -> Sequence[Listed]:
    """Every sample of a participant (and of those merged into it), parents before children."""
    raise NotImplementedError


def listed(actor: Actor, codes: Collection[str]) -> Mapping[str, Listed]:
    """The samples with these codes that the actor may see, by code."""
    raise NotImplementedError


def to_receive(actor: Actor, *, after: str | None = None) -> Page:
    """Tubes that were registered and not yet received, the longest waiting first."""
    raise NotImplementedError


def to_place(actor: Actor, *, after: str | None = None) -> Page:
    """Samples on the bench, the longest waiting first."""
    raise NotImplementedError


def loans_out(actor: Actor, *, after: str | None = None) -> Page:
    """Samples that people have, the longest lent first; `place` names the person."""
    raise NotImplementedError


def counts(actor: Actor) -> Mapping[HolderKind, int]:
    """How many samples of the actor's sites each kind of holder has."""
    raise NotImplementedError


def box_map(actor: Actor, box_id: int) -> BoxMap:
    """The box and what is in each cell.

    :raises NotFound: there is no such box at the actor's sites.
    """
    raise NotImplementedError


def free_cells(actor: Actor, box_id: int) -> Sequence[tuple[int, int]]:
    """The free cells of a box, in the order in which they are filled."""
    raise NotImplementedError


def occupancy(actor: Actor, unit_ids: Collection[int]) -> Mapping[int, Occupancy]:
    """How full each of these places is, without reading a sample."""
    raise NotImplementedError


def times_of(sample_ids: Collection[int], kind: ActKind) -> Mapping[int, datetime]:
    """When each sample last had an act of this kind that stands; samples without one are absent."""
    raise NotImplementedError
