"""Recording consents, corrections and withdrawals: what is taken, what is refused and why."""

from datetime import date, datetime, timedelta

import pytest

from registry.consents.decision import decide, queries as decisions
from registry.consents.signing import queries, service
from registry.consents.withdrawals import queries as withdrawals, service as withdrawing
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from registry.participants.models import Participant
from registry.vocab.consent import Answer, Channel, Language, Regime, Use, WithdrawalScope
from tests.factories.accounts import People
from tests.factories.consents import (
    SIGNED,
    make_consent,
    make_template,
    make_withdrawal,
    signed_form,
)
from tests.factories.participants import make_participant

pytestmark = pytest.mark.usefixtures("app")

TOMORROW = timedelta(days=1)


@pytest.fixture
def participant(actors: People) -> Participant:
    return make_participant(actors)


class TestRecord:
    def test_it_keeps_every_answer_and_says_so_in_the_journal(
        self, actors: People, participant: Participant, audit_tags
    ):
        form = signed_form(make_template(), {"company": Answer.REFUSED})
        consent = service.record(actors.nurse, participant.id, form)

        assert {answer.item.code: answer.answer for answer in consent.answers} == {
            "biobank": Answer.ACCEPTED,
            "research": Answer.ACCEPTED,
            "company": Answer.REFUSED,
            "genetics": Answer.ACCEPTED,
        }
        assert audit_tags()[-1] == "consent:recorded"

    def test_it_is_in_the_language_of_the_form_unless_told_otherwise(
        self, actors: People, participant: Participant
    ):
        template = make_template()

        assert make_consent(actors, participant).language is Language.FRENCH
        told = make_consent(actors, participant, template=template, language=Language.ENGLISH)
        assert told.language is Language.ENGLISH

    def test_a_missing_answer_is_named_by_its_item(self, actors: People, participant: Participant):
        template = make_template()
        form = signed_form(template)
        partial = {code: form.answers[code] for code in ("biobank", "research")}

        with pytest.raises(InvalidInput) as refusal:
            service.record(
                actors.nurse,
                participant.id,
                service.SignedForm(template.id, partial, SIGNED, Channel.PAPER),
            )

        assert set(refusal.value.errors) == {"company", "genetics"}

    def test_an_answer_to_no_item_is_refused(self, actors: People, participant: Participant):
        with pytest.raises(InvalidInput, match="no such item"):
            make_consent(actors, participant, answers={"other": Answer.ACCEPTED})

    def test_a_signature_to_come_is_refused(self, actors: People, participant: Participant):
        with pytest.raises(InvalidInput, match="still to come"):
            make_consent(actors, participant, signed_on=clock.today() + TOMORROW)

    def test_information_after_the_signature_is_refused(
        self, actors: People, participant: Participant
    ):
        with pytest.raises(InvalidInput, match="before the form is signed"):
            make_consent(
                actors,
                participant,
                signed_on=SIGNED,
                information_given_on=SIGNED + TOMORROW,
            )

    def test_a_draft_cannot_be_signed(self, actors: People, participant: Participant):
        with pytest.raises(InvalidInput, match="draft"):
            make_consent(actors, participant, template=make_template(final=False))

    @pytest.mark.parametrize("day", [date(2025, 12, 31), date(2026, 7, 1)])
    def test_a_form_is_signed_while_it_is_valid(
        self, actors: People, participant: Participant, day: date
    ):
        template = make_template(valid_from=date(2026, 1, 1), valid_to=date(2026, 6, 30))

        with pytest.raises(InvalidInput, match="not in use on that day"):
            make_consent(actors, participant, template=template, signed_on=day)

    @pytest.mark.parametrize("channel", [Channel.TELEPHONE, Channel.IN_PERSON])
    def test_an_express_consent_is_written(
        self, actors: People, participant: Participant, channel: Channel
    ):
        with pytest.raises(InvalidInput, match="needs a signature"):
            make_consent(actors, participant, channel=channel)

        notice = make_template(code="NOTICE", regime=Regime.NON_OPPOSITION)
        make_consent(actors, participant, template=notice, channel=channel)

    def test_a_nurse_of_another_site_is_refused(self, actors: People, participant: Participant):
        with pytest.raises(NotPermitted):
            service.record(actors.other_site_nurse, participant.id, signed_form(make_template()))

    def test_a_form_that_does_not_exist_is_refused(self, actors: People, participant: Participant):
        form = service.SignedForm(999, {}, SIGNED, Channel.PAPER)

        with pytest.raises(InvalidInput, match="no such form"):
            service.record(actors.nurse, participant.id, form)


class TestCorrect:
    def test_both_records_stay_and_the_newer_decides(
        self, actors: People, participant: Participant, audit_tags
    ):
        wrong = make_consent(actors, participant)
        form = signed_form(make_template(), {"research": Answer.REFUSED})

        service.correct(actors.nurse, wrong.id, form, reason="read wrongly")

        assert len(queries.of_participant(actors.nurse, participant.id)) == 2
        assert decide(participant.id, Use.ACADEMIC_RESEARCH, SIGNED).rule == 8
        assert audit_tags()[-1] == "consent:corrected"

    def test_a_record_is_corrected_once(self, actors: People, participant: Participant):
        wrong = make_consent(actors, participant)
        form = signed_form(make_template())
        service.correct(actors.nurse, wrong.id, form, reason="read wrongly")

        with pytest.raises(RuleBroken, match="corrected already"):
            service.correct(actors.nurse, wrong.id, form, reason="read wrongly")


class TestWithdraw:
    def withdraw(self, actors: People, participant: Participant, **changes):
        facts = {"scope": WithdrawalScope.ALL, "channel": Channel.TELEPHONE, **changes}
        return withdrawing.withdraw(actors.nurse, participant.id, **facts)

    def test_it_holds_from_today_on(self, actors: People, participant: Participant, audit_tags):
        make_consent(actors, participant)

        withdrawal = self.withdraw(actors, participant)

        assert withdrawal.effective_on == clock.today()
        assert withdrawal.uses == frozenset(Use)
        assert decide(participant.id, Use.STORE, clock.today()).rule == 2
        assert audit_tags()[-1] == "consent:withdrawn"

    @pytest.mark.parametrize("channel", Channel)
    def test_any_channel_will_do(self, actors: People, participant: Participant, channel: Channel):
        assert self.withdraw(actors, participant, channel=channel).channel is channel

    def test_it_names_at_least_one_use(self, actors: People, participant: Participant):
        with pytest.raises(InvalidInput, match="at least one use"):
            self.withdraw(actors, participant, scope=WithdrawalScope.USES)

    def test_it_is_not_for_later(self, actors: People, participant: Participant):
        with pytest.raises(InvalidInput, match="still to come"):
            self.withdraw(actors, participant, effective_on=clock.today() + TOMORROW)

    def test_the_protection_officer_may_record_it_and_a_technician_may_not(
        self, actors: People, participant: Participant
    ):
        facts = {"scope": WithdrawalScope.ALL, "channel": Channel.LETTER}
        withdrawing.withdraw(actors.dpo, participant.id, **facts)

        with pytest.raises(NotPermitted):
            withdrawing.withdraw(actors.technician, participant.id, **facts)


class TestQueries:
    def test_they_stop_at_the_site(self, actors: People, participant: Participant):
        make_consent(actors, participant)

        for query in (queries.of_participant, withdrawals.of_participant, decisions.standing):
            with pytest.raises(NotFound):
                query(actors.other_site_nurse, participant.id)

    def test_the_latest_signed_comes_first(self, actors: People, participant: Participant):
        later = make_consent(actors, participant, signed_on=date(2026, 4, 1))
        earlier = make_consent(actors, participant, signed_on=date(2026, 3, 1))

        found = queries.of_participant(actors.nurse, participant.id)

        assert [consent.id for consent in found] == [later.id, earlier.id]

    def test_withdrawals_are_listed(self, actors: People, participant: Participant):
        withdrawal = make_withdrawal(actors, participant, Use.GENETICS)

        assert withdrawals.of_participant(actors.nurse, participant.id) == [withdrawal]
        assert withdrawal.uses == {Use.GENETICS}

    def test_todays_standing_is_by_the_calendar_of_paris(
        self, actors: People, participant: Participant
    ):
        make_consent(actors, participant, signed_on=date(2026, 3, 2))

        with clock.frozen(datetime(2026, 3, 1, 23, 30, tzinfo=clock.PARIS)):
            assert not decisions.standing(actors.nurse, participant.id)[Use.STORE].is_allowed
        with clock.frozen(datetime(2026, 3, 2, 0, 30, tzinfo=clock.PARIS)):
            assert decisions.standing(actors.nurse, participant.id)[Use.STORE].is_allowed
