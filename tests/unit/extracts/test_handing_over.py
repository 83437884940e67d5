"""Handing an extract over: to its requester alone, after asking about everybody once more."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from registry.applications import queries as applications, service as requests
from registry.consents import decision
from registry.consents.decision import deciding
from registry.extracts import queries, service
from registry.extracts.models import ExtractDownload, ExtractMember
from registry.kernel import clock
from registry.kernel.errors import NotFound, NotPermitted, RuleBroken, Unavailable
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.vocab.applications import Act, State
from registry.vocab.consent import Answer, Use
from tests.factories.accounts import People
from tests.factories.applications import (
    make_application,
    make_donors,
)
from tests.factories.consents import make_consent, make_withdrawal
from tests.factories.extracts import approved, produce, state_of

pytestmark = pytest.mark.usefixtures("app")


def withdraw(actors: People, donor: Participant, *uses: Use) -> None:
    make_withdrawal(actors, donor, *uses, effective_on=clock.today())


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

        assert service.take(actors.investigator, application.number).extract.participants == 12

    def test_a_file_that_cannot_be_read_counts_as_not_handed_over(
        self, actors: People, settings: Any
    ):
        make_donors(actors, 12)
        application = make_application(actors, state=State.PRODUCED)
        for path in settings.documents_dir.rglob("*"):
            if path.is_file():
                path.write_bytes(path.read_bytes()[:-1])

        with pytest.raises(Unavailable):
            service.take(actors.investigator, application.number)

        assert registry_session.scalar(sa.select(sa.func.count(ExtractDownload.id))) == 0
        assert state_of(application) is State.PRODUCED

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
        monkeypatch.setattr(deciding, "judge", lambda _case: 1 / 0)

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
