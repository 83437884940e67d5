"""Making an extract: of those alone who agreed, and of nobody who stands out."""

from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa

from registry.access import Permission, require
from registry.applications.criteria import Criteria
from registry.consents import decision
from registry.consents.decision import deciding
from registry.extracts import eligibility, service, snapshot
from registry.extracts.models import Extract
from registry.identity.events import PersonsMerged
from registry.kernel import clock
from registry.kernel.errors import RuleBroken
from registry.kernel.events import publish
from registry.participants.models import Participant
from registry.persistence import db, registry_session, unit_of_work
from registry.vocab.applications import Purpose, State, Variable
from registry.vocab.consent import Answer, Use
from registry.vocab.people import ParticipantStatus, Sex
from registry.vocab.samples import SampleType
from tests.factories.accounts import People
from tests.factories.applications import (
    make_application,
    make_donors,
    make_samples,
    make_varied_donors,
)
from tests.factories.consents import make_withdrawal
from tests.factories.extracts import approved, manifest, produce, state_of, table
from tests.factories.participants import OPERATOR, make_participant

pytestmark = pytest.mark.usefixtures("app")

TWO_TUBES = (SampleType.SERUM, SampleType.PLASMA_SINGLE_SPUN)


def withdraw(actors: People, donor: Participant, *uses: Use) -> None:
    make_withdrawal(actors, donor, *uses, effective_on=clock.today())


class TestWhoIsIn:
    def test_those_who_agreed_with_their_matching_samples(self, actors: People):
        make_donors(actors, 12, kinds=TWO_TUBES)
        application = approved(actors, criteria=Criteria(sample_types=(SampleType.SERUM,)))

        extract = produce(actors, application)

        rows = table(extract)
        assert [extract.participants, extract.samples, len(rows)] == [12, 12, 12]
        assert {row["sample_type"] for row in rows} == {"SER"}
        assert len({row["participant"] for row in rows}) == 12

    def test_others_are_counted_by_reason_and_small_numbers_masked(self, actors: People):
        make_donors(actors, 15)
        make_donors(actors, 14, answers={"company": Answer.REFUSED})
        for donor in make_donors(actors, 2):
            withdraw(actors, donor, Use.ACADEMIC_RESEARCH)
        make_donors(actors, 3, status=ParticipantStatus.TENTATIVE)

        told = manifest(produce(actors, approved(actors, purpose=Purpose.COMMERCIAL)))

        excluded = {
            left["reason"]["en"]: left["participants"] for left in told["excluded_by_consent"]
        }
        assert excluded == {
            "Academic research: It is not settled who this participant is, "
            "or whose answers count.": "< 11",
            "Academic research: The participant has withdrawn from this or opposed it.": "< 11",
            "Research with a company: The participant refused this, was not asked, "
            "or did not answer clearly.": 15,
        }
        assert told["participants"] == 15

    @pytest.mark.parametrize(
        ("purpose", "refused"),
        [
            (Purpose.ACADEMIC, "research"),
            (Purpose.COMMERCIAL, "research"),
            (Purpose.COMMERCIAL, "company"),
            (Purpose.GENETIC, "genetics"),
        ],
    )
    def test_every_use_of_the_purpose_must_be_allowed(
        self, actors: People, purpose: Purpose, refused: str
    ):
        make_donors(actors, 12)
        make_donors(actors, 4, answers={refused: Answer.REFUSED})

        extract = produce(actors, approved(actors, purpose=purpose))

        assert extract.participants == 12

    def test_nothing_leaves_the_union_that_nobody_was_asked_about(self, actors: People):
        make_donors(actors, 20)

        with pytest.raises(RuleBroken):
            produce(actors, approved(actors, country="US"))

    def test_nothing_is_made_when_the_consent_cannot_be_checked(
        self, actors: People, monkeypatch: pytest.MonkeyPatch
    ):
        make_donors(actors, 20)
        application = approved(actors)
        monkeypatch.setattr(deciding, "judge", lambda _case: 1 / 0)

        with pytest.raises(RuleBroken):
            produce(actors, application)

        assert state_of(application) is State.APPROVED

    def test_nothing_is_made_when_the_decision_does_not_answer(
        self, actors: People, monkeypatch: pytest.MonkeyPatch
    ):
        make_donors(actors, 20)
        application = approved(actors)
        monkeypatch.setattr(decision, "decide_many", lambda *_args, **_more: {})

        with pytest.raises(RuleBroken):
            produce(actors, application)

    def test_a_decision_that_crashes_makes_nothing(
        self, actors: People, monkeypatch: pytest.MonkeyPatch
    ):
        make_donors(actors, 20)
        application = approved(actors)

        def crash(*_args: object, **_more: object) -> None:
            raise LookupError("no table")

        monkeypatch.setattr(decision, "decide_many", crash)

        with pytest.raises(LookupError):
            produce(actors, application)
        assert state_of(application) is State.APPROVED
        assert registry_session.scalar(sa.select(sa.func.count(Extract.id))) == 0


class TestDisclosure:
    @pytest.mark.parametrize("number", [0, 1, 10])
    def test_ten_participants_are_too_few(self, actors: People, number: int):
        make_donors(actors, number)
        application = approved(actors)

        with pytest.raises(RuleBroken, match="fewer than 11"):
            produce(actors, application)

        assert state_of(application) is State.APPROVED

    def test_whoever_leaves_looks_like_ten_others(self, actors: People):
        make_varied_donors(actors, 90)
        knowable = ["cohort", "sex", "age_band", "diagnosis", "collection_year"]
        application = approved(actors, variables=tuple(map(Variable, knowable)))

        extract = produce(actors, application)

        looks: dict[str, set[tuple[str, ...]]] = {}
        for row in table(extract):
            seen = tuple(row[name] for name in knowable if name in row)
            looks.setdefault(row["participant"], set()).add(seen)
        groups = Counter(frozenset(one) for one in looks.values())
        assert groups
        assert min(groups.values()) == extract.k >= 11
        assert manifest(extract)["disclosure"]["k"] == extract.k

    def test_those_who_stand_out_are_held_back_and_masked(self, actors: People):
        make_donors(actors, 60)
        make_donors(actors, 3, sex=Sex.OTHER)

        extract = produce(actors, approved(actors, variables=(Variable.SEX,)))

        assert extract.participants == 60
        assert {row["sex"] for row in table(extract)} == {"female"}
        assert manifest(extract)["disclosure"]["held_back"] == "< 11"

    def test_what_was_made_coarser_is_said(self, actors: People):
        make_donors(actors, 10, birth_year=1980)
        make_donors(actors, 10, birth_year=1970)

        extract = produce(actors, approved(actors, variables=(Variable.AGE_BAND,)))

        assert {row["age_band"] for row in table(extract)} == {"40-59"}
        assert "age_band" in manifest(extract)["disclosure"]["coarser"]

    def test_what_is_too_telling_is_left_out_altogether(self, actors: People):
        with unit_of_work():
            for number in range(22):
                make_donors(actors, 1, diagnosis_code=f"X{number}")

        extract = produce(actors, approved(actors, variables=(Variable.DIAGNOSIS, Variable.SEX)))

        assert list(table(extract)[0]) == ["participant", "sample", "sex"]

    def test_rare_types_are_masked_and_that_is_said(self, actors: People):
        make_donors(actors, 20)
        make_donors(actors, 8, kinds=(SampleType.CSF,))
        make_donors(actors, 8, kinds=(SampleType.SYNOVIAL,))

        extract = produce(actors, approved(actors, variables=(Variable.SAMPLE_TYPE,)))

        assert {row["sample_type"] for row in table(extract)} == {"SER", "masked"}
        assert extract.k == manifest(extract)["disclosure"]["k"] == 16
        assert "sample_type" in manifest(extract)["disclosure"]["coarser"]
        codes = {line["code"] for line in table(extract, "dictionary.csv")}
        assert codes == {"", "SER", "masked"}


class TestMeanwhile:
    """What others do while an extract is being made."""

    def test_a_sample_that_was_not_measured_is_not_written(
        self, actors: People, monkeypatch: pytest.MonkeyPatch
    ):
        donors = make_donors(actors, 12)
        application = approved(actors)
        measure = snapshot.plan

        def and_then_comes_one_more(*args: Any) -> Any:
            found = measure(*args)
            make_samples(donors[0], (SampleType.CSF,))
            return found

        monkeypatch.setattr(snapshot, "plan", and_then_comes_one_more)

        extract = produce(actors, application)

        assert {row["sample_type"] for row in table(extract)} == {"SER"}
        assert extract.samples == 12

    @pytest.mark.parametrize("act", ["produce", "take"])
    def test_nobody_is_changed_between_the_question_and_the_commit(
        self, actors: People, monkeypatch: pytest.MonkeyPatch, act: str
    ):
        engine = db.engines["registry"]
        if engine.dialect.name == "sqlite":
            pytest.skip("SQLite has one writer at a time")
        donors = make_donors(actors, 12)
        state = State.APPROVED if act == "produce" else State.PRODUCED
        application = make_application(actors, state=state)
        ask = eligibility.ask
        free: list[int] = []

        def somebody_tries(*args: Any) -> Any:
            statement = sa.select(Participant.id).with_for_update(key_share=True, skip_locked=True)
            with engine.connect() as other:
                free.extend(other.scalars(statement))
            return ask(*args)

        monkeypatch.setattr(eligibility, "ask", somebody_tries)

        if act == "produce":
            produce(actors, application)
        else:
            service.take(actors.investigator, application.number)

        assert not set(free) & {donor.id for donor in donors}


def test_a_participant_without_a_consent_is_never_in(actors: People):
    make_donors(actors, 12)
    with unit_of_work():
        for _one in range(5):
            make_samples(make_participant(actors))

    assert produce(actors, approved(actors)).participants == 12


class TestTwoWhoAreOne:
    """Two participants of a cohort were found to be one person."""

    @pytest.fixture
    def merged(self, actors: People) -> tuple[Participant, Participant]:
        kept, other = make_donors(actors, 2)
        with unit_of_work():
            require(OPERATOR, Permission.PARTICIPANT_ENROL, kept)
            publish(PersonsMerged(OPERATOR, kept.person_uid, other.person_uid))
        return kept, other

    def test_they_count_once_with_the_samples_of_both(
        self, actors: People, merged: tuple[Participant, Participant]
    ):
        make_donors(actors, 10)

        extract = produce(actors, approved(actors))

        assert [extract.participants, extract.samples] == [11, 12]

    def test_and_so_may_be_too_few(self, actors: People, merged: tuple[Participant, Participant]):
        make_donors(actors, 9)

        with pytest.raises(RuleBroken):
            produce(actors, approved(actors))

    def test_what_one_of_them_withdrew_holds_for_both(
        self, actors: People, merged: tuple[Participant, Participant]
    ):
        kept, _other = merged
        make_donors(actors, 11)
        withdraw(actors, kept, Use.ACADEMIC_RESEARCH)

        extract = produce(actors, approved(actors))

        assert [extract.participants, extract.samples] == [11, 11]
