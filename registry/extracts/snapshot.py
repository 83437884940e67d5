"""Who and what an extract holds: the consents asked, the groups measured, the rows in order."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

import sqlalchemy as sa

from registry.applications.criteria import Criteria
from registry.applications.models import Application
from registry.applications.policies import study
from registry.custody.models import CustodyAct
from registry.custody.policies import time_is_known
from registry.extracts import eligibility, histories
from registry.extracts.eligibility import Eligibility
from registry.extracts.generalise import Person, Plan, Tube, plan
from registry.extracts.histories import History
from registry.extracts.holding import hold_still
from registry.extracts.matching import Subject, matching
from registry.identity.pseudonyms.projects import ProjectCodes
from registry.kernel import clock
from registry.participants.models import Cohort
from registry.persistence import among, registry_session
from registry.samples.models import Sample
from registry.vocab import limits
from registry.vocab.applications import AgeBand, Variable, age_band
from registry.vocab.custody import ActKind
from registry.vocab.samples import Unit

#: How many participants' samples are read at once, so that memory does not grow with the extract.
_READ_AT_ONCE = 500

#: The acts after which a sample is in the cold.
_COLD = (ActKind.FROZEN, ActKind.PLACED)


@dataclass(frozen=True)
class Snapshot:
    """Whom an extract is about: who may be in it, who is, and how coarse it is."""

    eligibility: Eligibility
    plan: Plan
    #: Those who may be in it, as they were measured.
    people: Mapping[int, Person]
    #: Their samples, as they were measured, by the participant's and the sample's id.
    tubes: Mapping[int, Mapping[int, Tube]]

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
    sex: str
    age_band: AgeBand
    diagnosis: str
    sample_type: str
    container_type: str
    collection_year: str
    remaining: Decimal
    unit: Unit
    hours_to_cold: float | None
    #: None when nothing of it was asked for.
    history: History | None


def take(application: Application, *, held: bool = False) -> Snapshot:
    """Ask the consents of everybody whom the request's criteria reach, and measure the groups.

    With `held`, inside a unit of work: nobody who is found changes until the commit.
    """
    among_these = _held(application.criteria) if held else None
    people, tubes = _people(application.criteria, application.variables, among_these)
    found = eligibility.ask(people.keys(), study(application))
    allowed = {one: person for one, person in people.items() if one in found.allowed}
    return Snapshot(found, plan(list(allowed.values()), application.variables), allowed, tubes)


def _held(criteria: Criteria) -> frozenset[int]:
    return hold_still(registry_session.scalars(matching(criteria, Subject.id).distinct()).all())


def _people(
    criteria: Criteria, asked: Collection[Variable], among_these: Collection[int] | None
) -> tuple[dict[int, Person], dict[int, dict[int, Tube]]]:
    """Everybody with a matching sample, and those samples; of `among_these` alone if given.

    Who came after the others were locked is in the next extract.
    """
    facts = (
        Subject.id,
        Cohort.code,
        Subject.sex,
        Subject.birth_year,
        Subject.included_on,
        Subject.diagnosis_code,
    )
    known: dict[int, Sequence[Any]] = {}
    tubes: dict[int, dict[int, Tube]] = defaultdict(dict)
    shared: dict[Tube, Tube] = {}
    query = matching(
        criteria, *facts, Sample.id, Sample.sample_type, Sample.container_type, Sample.collected_at
    )
    for row in registry_session.execute(query.execution_options(yield_per=5_000)):
        one, *person, sample, sample_type, container, collected_at = row
        if among_these is None or one in among_these:
            known[one] = person
            tube = Tube(sample_type.value, container.value, str(_year(collected_at)))
            # Few differ: each is kept once.
            tubes[one][sample] = shared.setdefault(tube, tube)
    people = {
        one: _person(one, facts, frozenset(tube.asked(asked) for tube in tubes[one].values()))
        for one, facts in known.items()
    }
    return people, tubes


def _person(one: int, facts: Sequence[Any], tubes: frozenset[Tube]) -> Person:
    cohort, sex, birth_year, included_on, diagnosis = facts
    return Person(
        participant_id=one,
        cohort=cohort,
        sex=sex.value,
        age_band=age_band(birth_year, included_on.year),
        diagnosis=diagnosis or "",
        tubes=tubes,
    )


def _year(moment: datetime) -> int:
    return clock.to_paris(moment).year


def rows(snapshot: Snapshot, codes: ProjectCodes, asked: Collection[Variable]) -> Iterator[Row]:
    """The samples of those who are kept, in the order of their codes: it tells nothing else.

    They are those that were measured, whatever has been added since.
    """
    ordered = sorted((codes.participant(one), one) for one in snapshot.plan.kept)
    iterator = iter(ordered)
    while some := list(islice(iterator, _READ_AT_ONCE)):
        yield from _rows_of(snapshot, {one: code for code, one in some}, codes, asked)


def _rows_of(
    snapshot: Snapshot,
    participants: Mapping[int, str],
    codes: ProjectCodes,
    asked: Collection[Variable],
) -> Sequence[Row]:
    measured = {
        sample: (one, tube) for one in participants for sample, tube in snapshot.tubes[one].items()
    }
    found = registry_session.execute(
        sa.select(
            Sample.id,
            Sample.collected_at,
            Sample.remaining,
            Sample.unit,
            _first_in_the_cold().label("cold_at"),
        ).where(among(Sample.id, measured))
    )
    went_through = histories.of(measured) if histories.VARIABLES & set(asked) else {}
    read = []
    for sample in found:
        one, tube = measured[sample.id]
        person = snapshot.people[one]
        read.append(
            Row(
                participant=participants[one],
                sample=codes.sample(sample.id),
                cohort=person.cohort,
                sex=person.sex,
                age_band=person.age_band,
                diagnosis=person.diagnosis,
                sample_type=tube.sample_type,
                container_type=tube.container,
                collection_year=tube.year,
                remaining=sample.remaining,
                unit=sample.unit,
                hours_to_cold=_hours(sample.collected_at, sample.cold_at),
                history=went_through.get(sample.id),
            )
        )
    return sorted(read, key=lambda row: (row.participant, row.sample))


def _first_in_the_cold() -> sa.ScalarSelect[datetime]:
    """When the sample was first frozen or put in store, acts that were put right left out.

    None when it was at a time that nobody knows.
    """
    correction = sa.orm.aliased(CustodyAct)
    return (
        sa.select(sa.case((time_is_known(), CustodyAct.happened_at)))
        .where(
            CustodyAct.sample_id == Sample.id,
            CustodyAct.kind.in_(_COLD),
            ~sa.exists().where(correction.corrects_id == CustodyAct.id),
        )
        .order_by(CustodyAct.seq)
        .limit(1)
        .correlate(Sample)
        .scalar_subquery()
    )


def _hours(collected_at: datetime, cold_at: datetime | None) -> float | None:
    if cold_at is None or cold_at < collected_at:
        return None
    return round((cold_at - collected_at).total_seconds() / 3600, 1)
