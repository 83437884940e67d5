"""Taking in tubes that existed before the registry did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from registry.kernel.actor import Actor
from registry.kernel.errors import DomainError
from registry.persistence import transactional
from registry.vocab.samples import ContainerType, SampleType, Unit


@dataclass(frozen=True)
class Existing:
    """A tube or an aliquot with the times that were kept of it."""

    code: str
    participant_id: int
    sample_type: SampleType
    container_type: ContainerType
    volume: Decimal
    collected_at: datetime
    received_at: datetime | None = None
    centrifuged_at: datetime | None = None
    frozen_at: datetime | None = None
    parent_code: str | None = None
    unit: Unit = Unit.MILLILITRE


@dataclass(frozen=True)
class Outcome:
    """What became of one row: taken in, known already (nothing changed), or refused."""

    code: str
    is_new: bool
    refusal: DomainError | None = None


@transactional
def register_existing(actor: Actor, rows: Sequence[Existing]) -> Sequence[Outcome]:
    """Take in tubes that exist, each row judged alone; the outcomes are in the rows' order.

    A parent stands in the registry or earlier in `rows`; the child's volume is
    drawn from it.  A row that says what the registry has already changes
    nothing.  No consent is asked: the tubes are there, but nothing may use
    them until one is recorded.  Give a few hundred rows at a time.

    A refusal's ``field`` is the name of the row's value that it is about.
    """
    raise NotImplementedError
