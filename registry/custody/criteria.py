"""From what is wanted of a list of samples to SQL that reads few rows however many there are."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVarTuple

import sqlalchemy as sa

from registry.custody.exposures.models import Exposure
from registry.custody.models import Holding
from registry.kernel import clock
from registry.participants.models import Participant
from registry.samples.models import Sample
from registry.vocab.custody import HolderKind
from registry.vocab.samples import SampleType
from registry.vocab.storage import ExposureState

Ts = TypeVarTuple("Ts")

# As it stands in the partial index, which SQLite uses only for a condition with the same words.
_WAS_THAWED = Holding.thaws > sa.literal_column("0")


@dataclass(frozen=True)
class Wanted:
    """Which samples a list is to show; what is None does not matter."""

    sample_type: SampleType | None = None
    #: One of these types.
    sample_types: Collection[SampleType] | None = None
    site_id: int | None = None
    status: HolderKind | None = None
    cohort_id: int | None = None
    participant_id: int | None = None
    #: Days in Paris, both included.
    collected_from: date | None = None
    collected_to: date | None = None
    #: How often it was thawed, as itself or as what it was made of.
    thaws_from: int | None = None
    thaws_to: int | None = None
    #: At most so many minutes out of the store altogether, after having been in it.
    out_minutes_to: int | None = None
    exposure: ExposureState | None = None

    @property
    def is_by_collection(self) -> bool:
        """The list is read in the order of the collection, so that a period is read alone."""
        return self.collected_from is not None or self.collected_to is not None


def narrow(query: sa.Select[*Ts], wanted: Wanted) -> sa.Select[*Ts]:
    """The query, which joins samples, holdings and participants, for what is wanted alone."""
    return query.where(*_equal(wanted), *_collected(wanted), *_worn(wanted), *_exposed(wanted))


def newest_first(wanted: Wanted) -> tuple[sa.SQLColumnExpression[object], ...]:
    """By what the list is ordered, from the greatest to the smallest."""
    if wanted.is_by_collection:
        return Sample.collected_at, Sample.id
    # The same number in either table: the one whose index holds what is searched for.
    return (Holding.sample_id if wanted.thaws_from else Sample.id,)


def following(wanted: Wanted, last: Sample) -> sa.ColumnElement[bool]:
    """What comes after a sample in that order."""
    if wanted.is_by_collection:
        return sa.tuple_(*newest_first(wanted)) < sa.tuple_(last.collected_at, last.id)
    [column] = newest_first(wanted)
    return column < last.id


def _equal(wanted: Wanted) -> Iterator[sa.ColumnElement[bool]]:
    for column, value in (
        (Sample.sample_type, wanted.sample_type),
        (Sample.site_id, wanted.site_id),
        (Holding.kind, wanted.status),
        (Participant.cohort_id, wanted.cohort_id),
        (Sample.participant_id, wanted.participant_id),
    ):
        if value is not None:
            yield column == value
    if wanted.sample_types is not None and len(wanted.sample_types) == 1:
        yield Sample.sample_type.in_(wanted.sample_types)
    elif wanted.sample_types is not None:
        # As an expression: an index by type would have all samples of these types sorted.
        yield sa.func.coalesce(Sample.sample_type, "").in_(wanted.sample_types)


def _collected(wanted: Wanted) -> Iterator[sa.ColumnElement[bool]]:
    if wanted.collected_from is not None:
        yield Sample.collected_at >= _midnight(wanted.collected_from)
    if wanted.collected_to is not None:
        yield Sample.collected_at < _midnight(wanted.collected_to + timedelta(days=1))


def _midnight(day: date) -> datetime:
    """The first moment of a day in Paris."""
    return datetime.combine(day, time.min, clock.PARIS).astimezone(UTC)


def _worn(wanted: Wanted) -> Iterator[sa.ColumnElement[bool]]:
    if wanted.thaws_from:
        yield _WAS_THAWED
        yield Holding.thaws >= wanted.thaws_from
    if wanted.thaws_to is not None:
        yield Holding.thaws <= wanted.thaws_to
    if wanted.out_minutes_to is not None:
        most = timedelta(minutes=wanted.out_minutes_to)
        yield sa.or_(
            sa.and_(Holding.out_from.is_(None), Holding.out_of_store <= most),
            Holding.out_from >= clock.now() - most,
        )


def _exposed(wanted: Wanted) -> Iterator[sa.ColumnElement[bool]]:
    if wanted.exposure is None:
        return
    exposed = sa.select(Exposure.sample_id)
    match wanted.exposure:
        case ExposureState.NEVER:
            yield ~sa.exists().where(Exposure.sample_id == Sample.id)
        case ExposureState.WAITING:
            yield Sample.id.in_(exposed.where(Exposure.decision.is_(None)))
        case ExposureState.DECIDED:
            yield Sample.id.in_(exposed.where(Exposure.decision.is_not(None)))
            yield ~sa.exists().where(Exposure.sample_id == Sample.id, Exposure.decision.is_(None))
