"""Who is behind each figure: the lists that indexes give say what asking row by row says."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from random import Random
from secrets import token_hex
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from registry.access import Permission, require
from registry.applications.criteria import Criteria
from registry.consents.decision import Study, decide_many
from registry.consents.standing import service as standing
from registry.extracts import counting
from registry.extracts.matching import Subject, matching
from registry.extracts.sets import Marks, Planes, added, among_these, bits_of, ids_of, tallied
from registry.identity.events import PersonsMerged
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.events import publish
from registry.participants.models import Cohort
from registry.persistence import registry_session, unit_of_work
from registry.samples.models import Sample
from registry.vocab.applications import AgeBand, age_band
from registry.vocab.consent import Answer, Use
from registry.vocab.people import Sex
from registry.vocab.research import RecipientKind
from registry.vocab.samples import SampleType
from tests.factories.accounts import People
from tests.factories.applications import make_donor
from tests.factories.consents import make_withdrawal
from tests.factories.participants import OPERATOR

pytestmark = pytest.mark.usefixtures("app")

KINDS = (SampleType.SERUM, SampleType.PLASMA_SINGLE_SPUN, SampleType.URINE_SPOT)

E = TypeVar("E", bound=Enum)
Cell = tuple[str | Sex | AgeBand, SampleType]
Cells = dict[Cell, dict[int, int]]


def numbers(planes: Planes) -> dict[int, int]:
    """How many each participant has."""
    found: dict[int, int] = defaultdict(int)
    for place, who in enumerate(planes):
        for one in ids_of(who):
            found[one] += 1 << place
    return dict(found)


def counted(criteria: Criteria, study: Study) -> Cells:
    """The cells of a count, as counting gives them."""
    people, tubes = counting.People(criteria), counting.tubes(criteria)
    allowed = counting.allowed(people.bits, study)
    groups: dict[str | Sex | AgeBand, Marks] = {
        **people.by_cohort,
        **people.by_sex,
        **people.by_band,
    }
    found: Cells = {
        (name, kind): numbers(among_these(planes, marks.bits & allowed))
        for name, marks in groups.items()
        for kind, planes in tubes.items()
    }
    return {cell: those for cell, those in found.items() if those}


def decided(criteria: Criteria, study: Study) -> Cells:
    """The same cells, from each sample's row and the decision on each participant."""
    columns = (
        Subject.id, Sample.sample_type, Cohort.code, Subject.sex, Subject.birth_year,
        Subject.included_on,
    )  # fmt: skip
    rows = registry_session.execute(matching(criteria, *columns)).all()
    live = decide_many({row[0] for row in rows}, study, clock.today())
    found: dict[Cell, Counter[int]] = defaultdict(Counter)
    for who, kind, cohort, sex, born, included in rows:
        if live[who].is_allowed:
            for name in (cohort, sex, age_band(born, included.year)):
                found[name, kind][who] += 1
    return {cell: dict(those) for cell, those in found.items()}


def make_crowd(actors: People, dice: Random, number: int) -> None:
    """Two cohorts, people who refuse or withdraw, and two who were found to be one person."""
    with unit_of_work():
        donors = [
            make_donor(
                actors,
                cohort=dice.choice(("SLE", "RA")),
                kinds=dice.choices(KINDS, k=dice.randint(1, 4)),
                answers={"company": dice.choice((Answer.ACCEPTED, Answer.REFUSED))},
                volume=dice.choice(("0.2", "0.5")),
                collected_at=datetime(dice.choice((2022, 2023)), 1, 1, tzinfo=UTC),
                sex=dice.choice((Sex.FEMALE, Sex.MALE)),
                birth_year=dice.choice((None, 1950, 1982)),
                included_on=date(dice.choice((2021, 2023)), 6, 1),
                person_uid=token_hex(16),
            )
            for _one in range(number)
        ]
        for donor in dice.sample(donors, 2):
            make_withdrawal(actors, donor, Use.ACADEMIC_RESEARCH)
        twins = [make_donor(actors, person_uid=token_hex(16)) for _twin in range(2)]
        require(OPERATOR, Permission.PARTICIPANT_ENROL, twins[0])
        publish(PersonsMerged(OPERATOR, *(one.person_uid for one in twins)))


@pytest.fixture
def crowd(actors: People) -> None:
    """People of all sorts, of whom the first half have standings."""
    dice = Random(7)
    make_crowd(actors, dice, 10)
    standing.refresh(Actor.system("worker"))
    make_crowd(actors, dice, 10)


def some(kind: type[E]) -> st.SearchStrategy[tuple[E, ...]]:
    return st.lists(st.sampled_from(kind), max_size=2).map(tuple)


asked_criteria = st.builds(
    Criteria,
    cohorts=st.sampled_from(((), ("SLE",), ("RA", "SLE"))),
    sample_types=st.lists(st.sampled_from(KINDS), max_size=2).map(tuple),
    sexes=some(Sex),
    age_bands=some(AgeBand),
    min_volume=st.sampled_from((None, Decimal("0.3"))),
    collected_from=st.sampled_from((None, 2023)),
)
studies = st.builds(
    Study,
    recipient=st.sampled_from(RecipientKind),
    commercial=st.booleans(),
    genetics=st.booleans(),
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(criteria=asked_criteria, study=studies)
def test_a_count_is_what_row_by_row_decisions_come_to(
    crowd: None, criteria: Criteria, study: Study
):
    assert counted(criteria, study) == decided(criteria, study)


def test_the_crowd_is_counted_in_every_way(crowd: None):
    found = counted(Criteria(), Study())

    names = {name for name, _kind in found}
    assert names >= {
        "SLE",
        "RA",
        Sex.FEMALE,
        Sex.MALE,
        AgeBand.UNKNOWN,
        AgeBand.FROM_30,
        AgeBand.FROM_40,
    }
    assert any(number > 1 for those in found.values() for number in those.values())


@given(st.lists(st.integers(0, 40)))
def test_a_tally_says_how_often_each_is_named(ids: list[int]):
    assert numbers(tallied(ids)) == Counter(ids)


def test_a_participant_may_have_any_number_of_samples_of_a_type():
    ids = [3] * 1_000 + [5] * 255 + [8]

    assert numbers(tallied(ids)) == Counter(ids)


@given(st.dictionaries(st.integers(0, 40), st.integers(1, 9)), st.integers(1, 5))
def test_adding_adds_to_each_alone(held: dict[int, int], more: int):
    who = set(list(held)[::2])
    planes = tallied([one for one, number in held.items() for _each in range(number)])

    after = numbers(added(planes, more, bits_of(who)))

    assert after == {one: number + more * (one in who) for one, number in held.items()}
