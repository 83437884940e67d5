"""Quality control by somebody else, and who was informed."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from registry.consents.signing import checks, information, proofs, queries, service
from registry.consents.signing.models import Consent, ConsentInformation
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.vocab import limits
from registry.vocab.consent import Channel, CheckOutcome
from tests.factories.accounts import People
from tests.factories.consents import make_template, signed_form
from tests.factories.participants import OPERATOR, make_participant
from tests.factories.scans import png

pytestmark = pytest.mark.usefixtures("app")

PASSED, FAILED = CheckOutcome.PASSED, CheckOutcome.FAILED


@pytest.fixture
def participant(actors: People) -> Participant:
    return make_participant(actors)


@pytest.fixture
def consent(actors: People, participant: Participant) -> Consent:
    made = service.record(actors.nurse, participant.id, signed_form(make_template()))
    proofs.attach(actors.nurse, made.id, [png()])
    return made


class TestCheck:
    def test_the_last_check_counts_and_the_earlier_ones_stay(
        self, actors: People, consent: Consent
    ):
        checks.check(actors.dpo, consent.id, outcome=FAILED, remark="signed on another day")
        checks.check(actors.dpo, consent.id, outcome=PASSED)

        assert [one.outcome for one in consent.checks] == [FAILED, PASSED]

    @pytest.mark.parametrize("who", ["nurse", "other_site_nurse", "data_manager", "technician"])
    def test_the_recorder_and_others_may_not(self, actors: People, consent: Consent, who: str):
        with pytest.raises(NotPermitted):
            checks.check(getattr(actors, who), consent.id, outcome=PASSED)

    def test_no_machine_checks(self, consent: Consent):
        with pytest.raises(NotPermitted):
            checks.check(OPERATOR, consent.id, outcome=PASSED)

    def test_who_finds_something_wrong_says_what(self, actors: People, consent: Consent):
        with pytest.raises(InvalidInput):
            checks.check(actors.dpo, consent.id, outcome=FAILED)

    def test_there_must_be_a_scan_to_compare_with(self, actors: People, participant: Participant):
        bare = service.record(actors.nurse, participant.id, signed_form(make_template()))

        with pytest.raises(RuleBroken):
            checks.check(actors.dpo, bare.id, outcome=PASSED)

    def test_a_corrected_record_is_not_checked_any_more(self, actors: People, consent: Consent):
        service.correct(actors.nurse, consent.id, signed_form(make_template()), reason="misread")

        with pytest.raises(RuleBroken):
            checks.check(actors.dpo, consent.id, outcome=PASSED)


class TestInform:
    def inform(self, who: object, *participants: Participant, **facts: object) -> int:
        given = {
            "template_id": make_template().id,
            "informed_on": date(2026, 3, 2),
            "channel": Channel.LETTER,
        } | facts
        return information.inform(who, [one.id for one in participants], **given)  # type: ignore[arg-type]

    def test_a_letter_to_many_is_recorded_for_each_and_once(
        self, actors: People, participant: Participant
    ):
        other = make_participant(actors)

        assert self.inform(actors.nurse, participant, other) == 2
        assert self.inform(actors.nurse, participant, other) == 0

        count = sa.select(sa.func.count()).select_from(ConsentInformation)
        assert registry_session.scalar(count) == 2
        assert queries.informed(actors.nurse, participant.id)[0].informed_on == date(2026, 3, 2)

    def test_one_of_another_site_undoes_the_whole(self, actors: People, participant: Participant):
        elsewhere = make_participant(actors, by=actors.other_site_nurse)

        with pytest.raises(NotPermitted):
            self.inform(actors.nurse, participant, elsewhere)

        assert not queries.informed(actors.nurse, participant.id)

    @pytest.mark.parametrize("day", [date(2019, 1, 1), clock.today() + timedelta(days=1)])
    def test_a_day_on_which_nobody_could_be_informed_is_refused(
        self, actors: People, participant: Participant, day: date
    ):
        with pytest.raises(InvalidInput):
            self.inform(actors.nurse, participant, informed_on=day)

    def test_a_draft_informs_nobody(self, actors: People, participant: Participant):
        draft = make_template(code="DRAFT", final=False)

        with pytest.raises(InvalidInput):
            self.inform(actors.nurse, participant, template_id=draft.id)

    def test_nobody_and_too_many_are_refused(
        self, actors: People, participant: Participant, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(limits, "INFORMED_AT_ONCE_MAX", 1)

        with pytest.raises(InvalidInput):
            self.inform(actors.nurse)
        with pytest.raises(InvalidInput):
            self.inform(actors.nurse, participant, make_participant(actors))
