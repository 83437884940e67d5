"""Counts: of those alone who agreed, masked and rounded, and no two of them tell a person."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from registry.applications.criteria import Criteria
from registry.consents.decision import deciding
from registry.extracts import catalogue
from registry.extracts.catalogue import Answer, Question
from registry.extracts.disclosure import Figure
from registry.extracts.models import CatalogueCount, ShownFigure
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, TooManyAttempts
from registry.persistence import registry_session, unit_of_work
from registry.vocab import limits
from registry.vocab.applications import AgeBand, Purpose
from registry.vocab.consent import Answer as Said, Use
from registry.vocab.people import ParticipantStatus, Sex
from registry.vocab.samples import SampleType
from tests.factories.accounts import People
from tests.factories.applications import COLLECTED, make_donor, make_donors, make_samples
from tests.factories.consents import make_withdrawal
from tests.factories.participants import make_participant

pytestmark = pytest.mark.usefixtures("app")

TWO_TUBES = (SampleType.SERUM, SampleType.PLASMA_SINGLE_SPUN)


def ask(actor: Actor, *, purpose: Purpose = Purpose.ACADEMIC, **criteria: Any) -> Answer:
    return catalogue.answer_of(catalogue.count(actor, Question(purpose, Criteria(**criteria))))


class TestWhoIsCounted:
    def test_participants_and_their_samples(self, actors: People):
        make_donors(actors, 22, kinds=TWO_TUBES)

        answer = ask(actors.investigator)

        assert answer.total == Figure(20, 45)
        assert answer.at("type", "SER") == Figure(20, 20)
        assert answer.at("cohort", "SLE") == Figure(20, 45)

    def test_only_those_whose_consent_allows_the_purpose(self, actors: People):
        make_donors(actors, 20)
        make_donors(actors, 15, answers={"company": Said.REFUSED})

        academic = ask(actors.investigator)
        commercial = ask(actors.investigator, purpose=Purpose.COMMERCIAL)

        assert academic.total.participants == 35
        assert commercial.total.participants == 20

    def test_a_withdrawal_counts_from_the_day_on_which_it_takes_effect(self, actors: People):
        donors = make_donors(actors, 40)
        with unit_of_work():
            for donor in donors[:20]:
                make_withdrawal(actors, donor, Use.ACADEMIC_RESEARCH, effective_on=clock.today())

        assert ask(actors.investigator).total.participants == 20

    def test_nobody_whose_identity_is_not_settled(self, actors: People):
        make_donors(actors, 15)
        make_donors(actors, 15, status=ParticipantStatus.TENTATIVE)

        assert ask(actors.investigator).total.participants == 15

    def test_nobody_without_a_consent_on_record(self, actors: People):
        make_donors(actors, 15)
        with unit_of_work():
            for _one in range(15):
                make_samples(make_participant(actors))

        assert ask(actors.investigator).total.participants == 15

    def test_nobody_when_the_consent_cannot_be_checked(
        self, actors: People, monkeypatch: pytest.MonkeyPatch
    ):
        make_donors(actors, 15)

        def fail(*_args: object) -> None:
            raise ValueError("the rules are broken")

        monkeypatch.setattr(deciding, "judge", fail)

        assert ask(actors.investigator).total.is_masked


CRITERIA: list[tuple[dict[str, Any], int]] = [
    ({"cohorts": ("RA",)}, 15),
    ({"cohorts": ("RA", "SLE")}, 50),
    ({"sexes": (Sex.MALE,)}, 20),
    ({"sample_types": (SampleType.URINE_SPOT,)}, 15),
    ({"age_bands": (AgeBand.FROM_80,)}, 20),
    ({"age_bands": (AgeBand.UNKNOWN,)}, 15),
    ({"age_bands": (AgeBand.FROM_40, AgeBand.UNKNOWN)}, 30),
    ({"min_volume": Decimal(2)}, 20),
    ({"collected_from": 2025}, 35),
    ({"collected_to": 2024}, 15),
    ({"collected_from": 2024, "collected_to": 2024}, 15),
    ({"cohorts": ("RA",), "sexes": (Sex.MALE,)}, 0),
]


@pytest.mark.parametrize(("criteria", "expected"), CRITERIA)
def test_each_criterion_keeps_what_it_says(actors: People, criteria: dict[str, Any], expected: int):
    make_donors(actors, 15, cohort="RA", birth_year=1980, kinds=(SampleType.URINE_SPOT,))
    make_donors(actors, 20, sex=Sex.MALE, birth_year=1945, volume="2")
    make_donors(actors, 15, birth_year=None, collected_at=COLLECTED.replace(year=2024))

    assert ask(actors.investigator, **criteria).total == Figure(expected or None, expected or None)


def test_a_year_begins_at_midnight_in_paris(actors: People):
    last_evening = COLLECTED.replace(year=2024, month=12, day=31, hour=23, minute=30)
    make_donors(actors, 12, collected_at=last_evening)

    assert ask(actors.investigator, collected_from=2025).total.participants == 15


class TestWhatIsShown:
    def test_small_groups_are_masked_and_do_not_follow_from_the_others(self, actors: People):
        make_donors(actors, 30)
        make_donors(actors, 15, cohort="RA")
        make_donors(actors, 4, cohort="SSC")

        answer = ask(actors.investigator)

        assert answer.total.participants == 50
        assert answer.at("cohort", "SLE").participants == 30
        # Otherwise the third would be what is missing from the total.
        assert answer.at("cohort", "RA").is_masked
        assert answer.at("cohort", "SSC").is_masked

    def test_no_figure_kept_or_shown_is_small_or_exact(self, actors: People):
        make_donors(actors, 13, kinds=TWO_TUBES)
        make_donors(actors, 7, cohort="RA", sex=Sex.MALE)

        answer = ask(actors.investigator)

        numbers = [
            number
            for figure in answer.figures.values()
            for number in (figure.participants, figure.samples)
            if number is not None
        ]
        assert numbers
        assert all(number > 10 and number % 5 == 0 for number in numbers)

    def test_the_cells_of_a_cross_table_add_up_to_nothing_small(self, actors: People):
        make_donors(actors, 20, kinds=TWO_TUBES)
        make_donors(actors, 20, cohort="RA", kinds=TWO_TUBES)
        make_donors(actors, 5, cohort="RA", kinds=(SampleType.URINE_SPOT,))

        answer = ask(actors.investigator)

        assert answer.at("cohort-type", "SLE", "SER").participants == 20
        assert answer.at("cohort-type", "RA", "URN").is_masked
        assert answer.at("cohort-type", "SLE", "URN").is_masked


class TestDifferencing:
    """Counting a group with one person and without must give the same answer either way."""

    @pytest.mark.parametrize("target_has_it", [True, False])
    @pytest.mark.parametrize("others", [11, 12, 14, 17, 22])
    def test_one_person_more_or_less_changes_nothing(
        self, actors: People, others: int, target_has_it: bool
    ):
        """The two worlds differ in one person's tube of plasma: nothing that is shown does."""
        make_donors(actors, others, kinds=TWO_TUBES)
        make_donor(actors, kinds=TWO_TUBES if target_has_it else (SampleType.SERUM,))

        everybody = ask(actors.investigator, sample_types=(SampleType.SERUM,))
        with_plasma = ask(actors.investigator, sample_types=(SampleType.PLASMA_SINGLE_SPUN,))

        assert with_plasma.total == everybody.total

    def test_the_order_of_the_questions_does_not_matter(self, actors: People):
        make_donors(actors, 17, kinds=TWO_TUBES)
        make_donor(actors)

        fewer = ask(actors.investigator, sample_types=(SampleType.PLASMA_SINGLE_SPUN,))
        more = ask(actors.investigator, sample_types=(SampleType.SERUM,))

        assert more.total == fewer.total == Figure(15, 15)

    def test_a_group_under_the_threshold_is_not_told_by_one_just_above(self, actors: People):
        make_donors(actors, 10, kinds=TWO_TUBES)
        make_donor(actors)

        above = ask(actors.investigator)
        below = ask(actors.investigator, sample_types=(SampleType.PLASMA_SINGLE_SPUN,))

        assert above.total.participants == 15
        assert below.total.participants == 15

    def test_neither_is_it_the_other_way_round(self, actors: People):
        make_donors(actors, 10, kinds=TWO_TUBES)
        make_donor(actors)

        below = ask(actors.investigator, sample_types=(SampleType.PLASMA_SINGLE_SPUN,))
        above = ask(actors.investigator)

        assert below.total.is_masked
        assert above.total.is_masked

    def test_a_part_of_the_table_gives_no_difference_either(self, actors: People):
        """The men of the first answer against a question about men alone, but for one."""
        make_donors(actors, 30)
        make_donors(actors, 19, sex=Sex.MALE, volume="1")
        make_donor(actors, sex=Sex.MALE, volume="0.2")

        men = ask(actors.investigator).at("sex", "male")
        but_one = ask(actors.investigator, sexes=(Sex.MALE,), min_volume=Decimal("0.5"))

        assert but_one.total == men

    def test_one_persons_samples_are_not_told_by_those_of_all(self, actors: People):
        """Everybody has serum; the target alone has forty tubes of plasma."""
        make_donors(actors, 29)
        target = make_donor(actors)
        make_samples(target, (SampleType.PLASMA_SINGLE_SPUN,) * 40)

        serum = ask(actors.investigator, sample_types=(SampleType.SERUM,))
        everything = ask(actors.investigator)

        assert everything.total == serum.total

    def test_the_same_people_with_other_samples_are_counted_anew(self, actors: People):
        make_donors(actors, 30, kinds=(SampleType.SERUM,) * 8 + (SampleType.URINE_SPOT,))

        everything = ask(actors.investigator)
        urine = ask(actors.investigator, sample_types=(SampleType.URINE_SPOT,))

        assert everything.total == Figure(30, 270)
        assert urine.total == Figure(30, 30)

    def test_groups_that_differ_enough_have_their_own_numbers(self, actors: People):
        make_donors(actors, 20)
        make_donors(actors, 30, sex=Sex.MALE)

        assert ask(actors.investigator).total.participants == 50
        assert ask(actors.investigator, sexes=(Sex.MALE,)).total.participants == 30

    def test_what_somebody_else_has_asked_does_not_matter(self, actors: People):
        make_donors(actors, 17, kinds=TWO_TUBES)
        make_donors(actors, 6)

        ask(actors.other_investigator, sample_types=(SampleType.PLASMA_SINGLE_SPUN,))

        assert ask(actors.investigator).total.participants == 25


class TestRemembering:
    def test_the_same_question_of_the_same_day_is_asked_once(self, actors: People):
        make_donors(actors, 15)
        question = Question(Purpose.ACADEMIC, Criteria(sexes=(Sex.MALE, Sex.FEMALE)))
        in_another_order = Question(
            Purpose.ACADEMIC, Criteria(sexes=(Sex.FEMALE, Sex.MALE, Sex.MALE))
        )

        first = catalogue.count(actors.investigator, question)
        again = catalogue.count(actors.investigator, in_another_order)

        assert again.id == first.id

    def test_a_day_has_a_number_of_questions(self, actors: People, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(limits, "COUNTS_PER_DAY_MAX", 3)
        for year in (2021, 2022, 2023):
            ask(actors.investigator, collected_from=year)

        with pytest.raises(TooManyAttempts):
            ask(actors.investigator, collected_from=2024)
        ask(actors.investigator, collected_from=2023)
        ask(actors.other_investigator, collected_from=2024)
        with clock.frozen(clock.now() + timedelta(days=1)):
            ask(actors.investigator, collected_from=2024)

        assert registry_session.scalar(sa.select(sa.func.count(CatalogueCount.id))) == 5

    def test_old_questions_are_forgotten(self, actors: People):
        make_donors(actors, 15)
        ask(actors.investigator)

        with clock.frozen(clock.now() + timedelta(days=limits.COUNTS_REMEMBERED_DAYS + 1)):
            ask(actors.investigator, sexes=(Sex.MALE,))

        kept = registry_session.scalars(sa.select(CatalogueCount)).all()
        assert [one.asked_criteria for one in kept] == [{"sexes": ["male"]}]
        assert registry_session.scalar(sa.select(sa.func.count(ShownFigure.id))) == 0

    def test_an_answer_is_kept_as_it_was_shown(self, actors: People):
        make_donors(actors, 15)
        asked = catalogue.count(actors.investigator, Question(Purpose.ACADEMIC, Criteria()))
        make_donors(actors, 30)

        kept = catalogue.get(actors.investigator, asked.id)

        assert catalogue.answer_of(kept).total.participants == 15

    def test_nobody_sees_the_questions_of_others(self, actors: People):
        asked = catalogue.count(actors.investigator, Question(Purpose.ACADEMIC, Criteria()))

        with pytest.raises(NotFound):
            catalogue.get(actors.other_investigator, asked.id)

    def test_every_question_is_recorded(self, actors: People, audit_tags: Callable[[], list[str]]):
        ask(actors.investigator)

        assert audit_tags()[-1] == "catalogue:counted"


@pytest.mark.parametrize("role", ["nurse", "technician", "dpo", "admin"])
def test_others_count_nothing(actors: People, role: str):
    with pytest.raises(NotPermitted):
        ask(getattr(actors, role))


@pytest.mark.parametrize(
    "criteria",
    [
        {"collected_from": 2026, "collected_to": 2025},
        {"collected_from": 1900},
        {"min_volume": Decimal(0)},
    ],
)
def test_criteria_that_nothing_can_meet_are_refused(actors: People, criteria: dict[str, Any]):
    with pytest.raises(InvalidInput):
        ask(actors.investigator, **criteria)
