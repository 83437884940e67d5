"""Extracts: of those alone who agreed, under codes that lead nowhere, asked about at the end."""

import csv
import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from registry import documents
from registry.applications import queries as applications, service as requests
from registry.applications.criteria import Criteria
from registry.applications.models import Application
from registry.consents import decision
from registry.extracts import queries, service
from registry.extracts.models import Extract, ExtractDownload, ExtractMember
from registry.kernel import clock
from registry.kernel.errors import NotFound, NotPermitted, RuleBroken
from registry.participants.models import Participant
from registry.persistence import registry_session, unit_of_work
from registry.samples.models import Sample
from registry.vocab.applications import Act, Purpose, State, Variable
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
from tests.factories.consents import make_consent, make_withdrawal
from tests.factories.participants import make_participant

pytestmark = pytest.mark.usefixtures("app")

TWO_TUBES = (SampleType.SERUM, SampleType.PLASMA_SINGLE_SPUN)


def approved(actors: People, **changes: Any) -> Application:
    return make_application(actors, state=State.APPROVED, **changes)


def files_of(extract: Extract) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(documents.get(extract.document.ref))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def table(extract: Extract, name: str = "samples.csv") -> list[dict[str, str]]:
    text = files_of(extract)[name].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def manifest(extract: Extract) -> dict[str, Any]:
    found = json.loads(files_of(extract)["manifest.json"])
    assert isinstance(found, dict)
    return found


def produce(actors: People, application: Application) -> Extract:
    return service.produce(actors.data_manager, application.number)


def state_of(application: Application) -> State:
    registry_session.expire_all()
    return registry_session.get_one(Application, application.id).state


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
        ("purpose", "outside_eu", "refused"),
        [
            (Purpose.ACADEMIC, False, "research"),
            (Purpose.COMMERCIAL, False, "research"),
            (Purpose.COMMERCIAL, False, "company"),
            (Purpose.GENETIC, False, "genetics"),
        ],
    )
    def test_every_use_of_the_purpose_must_be_allowed(
        self, actors: People, purpose: Purpose, outside_eu: bool, refused: str
    ):
        make_donors(actors, 12)
        make_donors(actors, 4, answers={refused: Answer.REFUSED})

        extract = produce(actors, approved(actors, purpose=purpose, outside_eu=outside_eu))

        assert extract.participants == 12

    def test_nothing_leaves_the_union_that_nobody_was_asked_about(self, actors: People):
        make_donors(actors, 20)

        with pytest.raises(RuleBroken):
            produce(actors, approved(actors, outside_eu=True))

    def test_nothing_is_made_when_the_consent_cannot_be_checked(
        self, actors: People, monkeypatch: pytest.MonkeyPatch
    ):
        make_donors(actors, 20)
        application = approved(actors)
        monkeypatch.setattr(decision, "judge", lambda _case: 1 / 0)

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


class TestTheFile:
    def test_the_digests_of_the_manifest_are_those_of_the_files(self, actors: People):
        make_donors(actors, 12)

        extract = produce(actors, approved(actors))

        files = files_of(extract)
        listed = {one["name"]: one["sha256"] for one in manifest(extract)["files"]}
        assert listed == {
            name: hashlib.sha256(files[name]).hexdigest()
            for name in ("samples.csv", "dictionary.csv")
        }
        assert extract.sha256 == hashlib.sha256(documents.get(extract.document.ref)).hexdigest()

    def test_every_column_is_in_the_dictionary_in_two_languages(self, actors: People):
        make_donors(actors, 12)

        extract = produce(actors, approved(actors, variables=tuple(Variable)))

        dictionary = table(extract, "dictionary.csv")
        columns = [line["column"] for line in dictionary if not line["code"]]
        assert columns == list(table(extract)[0])
        assert all(line["signification_fr"] and line["meaning_en"] for line in dictionary)
        codes = [line for line in dictionary if line["column"] == "sample_type" and line["code"]]
        assert [line["code"] for line in codes] == ["SER"]

    def test_only_the_columns_asked_for_are_there(self, actors: People):
        make_donors(actors, 12)

        extract = produce(
            actors, approved(actors, variables=(Variable.REMAINING_VOLUME, Variable.SEX))
        )

        row = table(extract)[0]
        assert list(row) == ["participant", "sample", "sex", "remaining_quantity", "unit"]
        assert [row["remaining_quantity"], row["unit"]] == ["0,5", "mL"]

    def test_no_code_of_the_registry_leaves(self, actors: People):
        donors = make_donors(actors, 15, kinds=TWO_TUBES)
        canaries = {donor.code for donor in donors} | {donor.person_uid for donor in donors}
        canaries |= {donor.shown_code for donor in donors}
        canaries |= set(registry_session.scalars(sa.select(Sample.code)))

        extract = produce(actors, approved(actors, variables=tuple(Variable)))

        for name, content in files_of(extract).items():
            text = content.decode("utf-8-sig").upper()
            assert not [canary for canary in canaries if canary.upper() in text], name

    def test_the_stored_file_tells_nothing(self, actors: People, settings: Any):
        make_donors(actors, 15)
        extract = produce(actors, approved(actors))
        code = table(extract)[0]["participant"]

        stored = [path for path in settings.documents_dir.rglob("*") if path.is_file()]

        assert len(stored) == 1
        assert code.encode() not in stored[0].read_bytes()
        assert b"samples.csv" not in stored[0].read_bytes()

    def test_rows_are_in_the_order_of_codes_that_say_nothing(self, actors: People):
        make_donors(actors, 15, kinds=TWO_TUBES)

        rows = table(produce(actors, approved(actors)))

        codes = [(row["participant"], row["sample"]) for row in rows]
        assert codes == sorted(codes)

    def test_a_renewed_extract_can_be_joined_and_another_projects_cannot(self, actors: People):
        make_donors(actors, 12)
        application = make_application(actors, state=State.DELIVERED)
        make_donors(actors, 12)

        first = queries.latest(application.id)
        assert first is not None
        renewed = produce(actors, application)
        others = produce(actors, approved(actors))

        codes = [
            {row[key] for row in table(one) for key in ("participant", "sample")}
            for one in (first, renewed, others)
        ]
        assert codes[0] < codes[1]
        assert not codes[1] & codes[2]
        assert [first.seq, renewed.seq] == [1, 2]

    def test_samples_that_are_used_up_are_left_out(self, actors: People):
        donors = make_donors(actors, 12)
        with unit_of_work():
            for donor in donors:
                make_samples(donor, (SampleType.URINE_SPOT,), volume="3")

        extract = produce(actors, approved(actors, criteria=Criteria(min_volume=Decimal(1))))

        assert {row["sample_type"] for row in table(extract)} == {"URN"}


class TestHandingOver:
    def test_the_requester_takes_it_and_that_is_recorded(
        self, actors: People, audit_tags: Callable[[], list[str]]
    ):
        make_donors(actors, 12)
        application = make_application(actors, state=State.PRODUCED)

        service.take(actors.investigator, application.number)
        service.take(actors.investigator, application.number)

        downloads = registry_session.scalars(sa.select(ExtractDownload)).all()
        assert [one.downloaded_by_id for one in downloads] == [actors.investigator.id] * 2
        assert state_of(application) is State.DELIVERED
        assert audit_tags()[-2:] == ["extract:downloaded", "extract:downloaded"]

    @pytest.mark.parametrize("role", ["data_manager", "dpo"])
    def test_nobody_else_does_not_even_who_made_it(self, actors: People, role: str):
        make_donors(actors, 12)
        application = make_application(actors, state=State.PRODUCED)

        with pytest.raises(NotPermitted):
            service.take(getattr(actors, role), application.number)

    def test_a_colleague_does_not_know_of_it(self, actors: People):
        make_donors(actors, 12)
        application = make_application(actors, state=State.PRODUCED)

        with pytest.raises(NotFound):
            service.take(actors.other_investigator, application.number)

    @pytest.mark.parametrize("taken_before", [False, True])
    def test_a_withdrawal_in_between_stops_it(self, actors: People, taken_before: bool):
        donors = make_donors(actors, 13)
        state = State.DELIVERED if taken_before else State.PRODUCED
        application = make_application(actors, state=state)
        before = registry_session.scalar(sa.select(sa.func.count(ExtractDownload.id)))
        withdraw(actors, donors[0], Use.ACADEMIC_RESEARCH)

        with pytest.raises(RuleBroken, match="recalled"):
            service.take(actors.investigator, application.number)

        extract = queries.latest(application.id)
        assert extract is not None
        assert extract.recalled_at is not None
        assert state_of(application) is State.APPROVED
        assert registry_session.scalar(sa.select(sa.func.count(ExtractDownload.id))) == before

    def test_it_stays_recalled_until_it_is_made_anew(
        self, actors: People, audit_tags: Callable[[], list[str]]
    ):
        donors = make_donors(actors, 13)
        application = make_application(actors, state=State.PRODUCED)
        withdraw(actors, donors[0])
        with pytest.raises(RuleBroken):
            service.take(actors.investigator, application.number)
        assert audit_tags()[-1] == "extract:recalled"

        with pytest.raises(RuleBroken):
            service.take(actors.investigator, application.number)
        anew = produce(actors, application)
        service.take(actors.investigator, application.number)

        assert [anew.seq, anew.participants] == [2, 12]
        steps = applications.get(actors.investigator, application.number).steps
        assert [step.act for step in steps][-3:] == [Act.RECALL, Act.PRODUCE, Act.DELIVER]

    def test_a_refusal_in_a_later_consent_stops_it(self, actors: People):
        donors = make_donors(actors, 13)
        application = make_application(actors, state=State.PRODUCED)
        make_consent(
            actors,
            donors[0],
            answers={"research": Answer.REFUSED},
            signed_on=clock.today(),
        )

        with pytest.raises(RuleBroken, match="recalled"):
            service.take(actors.investigator, application.number)

    def test_somebody_outside_the_extract_does_not_matter(self, actors: People):
        make_donors(actors, 12)
        application = make_application(actors, state=State.PRODUCED)
        late = make_donors(actors, 1)[0]
        withdraw(actors, late)

        assert service.take(actors.investigator, application.number).participants == 12

    def test_a_decision_that_crashes_hands_nothing_over(
        self, actors: People, monkeypatch: pytest.MonkeyPatch
    ):
        make_donors(actors, 12)
        application = make_application(actors, state=State.PRODUCED)
        monkeypatch.setattr(decision, "decide_many", lambda *_args: 1 / 0)

        with pytest.raises(ZeroDivisionError):
            service.take(actors.investigator, application.number)

        assert registry_session.scalar(sa.select(sa.func.count(ExtractDownload.id))) == 0
        assert state_of(application) is State.PRODUCED

    def test_a_decision_that_cannot_be_taken_recalls(
        self, actors: People, monkeypatch: pytest.MonkeyPatch
    ):
        make_donors(actors, 12)
        application = make_application(actors, state=State.PRODUCED)
        monkeypatch.setattr(decision, "judge", lambda _case: 1 / 0)

        with pytest.raises(RuleBroken, match="recalled"):
            service.take(actors.investigator, application.number)

    def test_whoever_is_in_it_is_on_record(self, actors: People):
        donors = make_donors(actors, 12)
        make_application(actors, state=State.PRODUCED)

        members = set(registry_session.scalars(sa.select(ExtractMember.participant_id)))

        assert members == {donor.id for donor in donors}

    def test_nothing_is_handed_over_that_was_not_made(self, actors: People):
        application = approved(actors)

        with pytest.raises(RuleBroken):
            service.take(actors.investigator, application.number)

    def test_a_request_taken_back_gives_no_extract(self, actors: People):
        make_donors(actors, 12)
        application = make_application(actors, state=State.PRODUCED)
        requests.withdraw(actors.investigator, application.number)

        with pytest.raises(RuleBroken):
            service.take(actors.investigator, application.number)


class TestExamining:
    def test_who_decides_sees_numbers_that_may_be_shown(self, actors: People):
        make_donors(actors, 13)
        make_donors(actors, 4, answers={"research": Answer.REFUSED})
        application = make_application(actors, state=State.SUBMITTED)

        report = queries.examine(actors.data_manager, application.number)

        assert [report.allowed, report.held_back, report.is_enough] == [15, 0, True]
        assert [left.participants for left in report.left_out] == [None]

    def test_the_requester_has_the_catalogue_for_that(self, actors: People):
        application = make_application(actors, state=State.SUBMITTED)

        with pytest.raises(NotPermitted):
            queries.examine(actors.investigator, application.number)

    def test_too_few_are_told_before_anybody_decides(self, actors: People):
        make_donors(actors, 9)
        application = make_application(actors, state=State.SUBMITTED)

        report = queries.examine(actors.data_manager, application.number)

        assert [report.allowed, report.is_enough] == [None, False]


def test_a_participant_without_a_consent_is_never_in(actors: People):
    make_donors(actors, 12)
    with unit_of_work():
        for _one in range(5):
            make_samples(make_participant(actors))

    assert produce(actors, approved(actors)).participants == 12
