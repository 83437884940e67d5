"""Who and what an extract holds: the consents asked, the groups measured, the rows in order."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice

import sqlalchemy as sa

from registry.applications.criteria import Criteria
from registry.applications.models import Application
from registry.applications.policies import uses
from registry.custody.models import CustodyAct
from registry.extracts import eligibility
from registry.extracts.eligibility import Eligibility
from registry.extracts.generalise import Person, Plan, plan
from registry.extracts.matching import Subject, among, matching
from registry.extracts.pseudonyms import ProjectCodes
from registry.kernel import clock
from registry.participants.models import Cohort
from registry.persistence import registry_session
from registry.samples.models import Sample
from registry.vocab import limits
from registry.vocab.applications import AgeBand, Variable, age_band
from registry.vocab.custody import ActKind
from registry.vocab.people import Sex
from registry.vocab.samples import ContainerType, SampleType, Unit

#: How many participants' samples are read at once, so that memory does not grow with the extract.
_READ_AT_ONCE = 500

#: The acts after which a sample is in the cold.
_COLD = (ActKind.FROZEN, ActKind.PLACED)


@dataclass(frozen=True)
class Snapshot:
    """Whom an extract is about: who may be in it, who is, and how coarse it is."""

    criteria: Criteria
    eligibility: Eligibility
    plan: Plan

    @property
    def is_enough(self) -> bool:
        """Whether so many people are in it that it may leave at all."""
        return len(self.plan.kept) >= limits.SMALL_CELL_MIN


@dataclass(frozen=True, slots=True)
class Row:
    """One sample, under its project's codes."""

    participant: str
    sample: str
    cohort: str
    sex: Sex
    age_band: AgeBand
    diagnosis: str
    sample_type: SampleType
    container_type: ContainerType
    collection_year: int
    remaining: Decimal
    unit: Unit
    hours_to_cold: float | None


def take(application: Application) -> Snapshot:
    """Ask the consents of everybody whom the request's criteria reach, and measure the groups."""
    people = _people(application.criteria, application.variables)
    wanted = uses(application.purpose, outside_eu=application.outside_eu)
    found = eligibility.ask(people.keys(), wanted)
    allowed = [person for one, person in people.items() if one in found.allowed]
    return Snapshot(application.criteria, found, plan(allowed, application.variables))


def _people(criteria: Criteria, asked: Collection[Variable]) -> dict[int, Person]:
    """Everybody with a matching sample, and the years of those samples if they were asked for."""
    by_year = Variable.COLLECTION_YEAR in asked
    columns = (
        Subject.id,
        Cohort.code,
        Subject.sex,
        Subject.birth_year,
        Subject.included_on,
        Subject.diagnosis_code,
        Sample.collected_at if by_year else sa.null(),
    )
    people: dict[int, Person] = {}
    rows = registry_session.execute(
        matching(criteria, *columns).distinct().execution_options(yield_per=5_000)
    )
    for one, cohort, sex, birth_year, included_on, diagnosis, collected_at in rows:
        years = frozenset([_year(collected_at)]) if by_year else frozenset()
        known = people.get(one)
        people[one] = Person(
            participant_id=one,
            cohort=cohort,
            sex=sex.value,
            age_band=age_band(birth_year, included_on.year),
            diagnosis=diagnosis or "",
            years=known.years | years if known else years,
        )
    return people


def _year(moment: datetime) -> int:
    return clock.to_paris(moment).year


def rows(snapshot: Snapshot, codes: ProjectCodes) -> Iterator[Row]:
    """The samples of those who are kept, in the order of their codes: it tells nothing else."""
    ordered = sorted((codes.participant(one), one) for one in snapshot.plan.kept)
    iterator = iter(ordered)
    while some := list(islice(iterator, _READ_AT_ONCE)):
        yield from _rows_of(snapshot.criteria, {one: code for code, one in some}, codes)


def _rows_of(
    criteria: Criteria, participants: dict[int, str], codes: ProjectCodes
) -> Sequence[Row]:
    cold = _first_in_the_cold()
    found = registry_session.execute(
        matching(
            criteria,
            Subject.id.label("subject_id"),
            Subject.sex,
            Subject.birth_year,
            Subject.included_on,
            Subject.diagnosis_code,
            Cohort.code.label("cohort"),
            Sample.id.label("sample_id"),
            Sample.sample_type,
            Sample.container_type,
            Sample.collected_at,
            Sample.remaining,
            Sample.unit,
            cold.label("cold_at"),
        ).where(among(participants))
    )
    read = [
        Row(
            participant=participants[row.subject_id],
            sample=codes.sample(row.sample_id),
            cohort=row.cohort,
            sex=row.sex,
            age_band=age_band(row.birth_year, row.included_on.year),
            diagnosis=row.diagnosis_code or "",
            sample_type=row.sample_type,
            container_type=row.container_type,
            collection_year=_year(row.collected_at),
            remaining=row.remaining,
            unit=row.unit,
            hours_to_cold=_hours(row.collected_at, row.cold_at),
        )
        for row in found
    ]
    return sorted(read, key=lambda row: (row.participant, row.sample))


def _first_in_the_cold() -> sa.ScalarSelect[datetime]:
    """When the sample was first frozen or put in store, acts that were put right left out."""
    correction = sa.orm.aliased(CustodyAct)
    return (
        sa.select(sa.func.min(CustodyAct.happened_at))
        .where(
            CustodyAct.sample_id == Sample.id,
            CustodyAct.kind.in_(_COLD),
            ~sa.exists().where(correction.corrects_id == CustodyAct.id),
        )
        .correlate(Sample)
        .scalar_subquery()
    )


def _hours(collected_at: datetime, cold_at: datetime | None) -> float | None:
    if cold_at is None or cold_at < collected_at:
        return None
    return round((cold_at - collected_at).total_seconds() / 3600, 1)
