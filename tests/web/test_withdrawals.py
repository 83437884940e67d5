"""Recording a withdrawal after seeing what it does, following it, and destroying samples."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from registry.consents.withdrawals.followup.models import RecallNotice
from registry.consents.withdrawals.models import Withdrawal
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.vocab.consent import WithdrawalEffect
from tests.factories.accounts import PASSWORD, People
from tests.factories.consents import make_consent, make_withdrawal
from tests.factories.custody import make_checked_out, make_stored
from tests.factories.participants import make_participant
from tests.factories.samples import make_consenting_participant
from tests.web.nurse import count, french
from tests.web.pages import Browser, text_of

pytestmark = pytest.mark.usefixtures("app")

SignIn = Callable[[Actor], Browser]
TODAY = french(clock.today())
SAID = {"effective_on": TODAY, "channel": "letter", "said_by": "self"}


@pytest.fixture
def nurse(sign_in: SignIn, actors: People) -> Browser:
    return sign_in(actors.nurse).speak("en")


@pytest.fixture
def technician(sign_in: SignIn, actors: People) -> Browser:
    return sign_in(actors.technician).speak("en")


@pytest.fixture
def participant(actors: People) -> Participant:
    return make_participant(actors)


def url(participant: Participant) -> str:
    return f"/participants/{participant.code}/withdrawals/new"


def recorded(nurse: Browser, participant: Participant, **typed: str) -> str:
    """The page after it was looked at and recorded."""
    typed = {**SAID, **typed}
    seen = re.search(r'name="record" value="(\w+)"', nurse.send(url(participant), **typed).text)
    assert seen is not None
    answer = nurse.send(url(participant), record=seen[1], **typed)
    return text_of(nurse.get(answer.location))


class TestRecording:
    def test_what_will_happen_is_shown_before_anything_is_recorded(
        self, nurse: Browser, actors: People, participant: Participant
    ):
        make_consent(actors, participant)
        make_checked_out(actors, participant=participant)

        page = nurse.send(url(participant), scope="all", **SAID)

        assert page.status_code == 200
        assert "2 samples are put in quarantine, 2 of them at other sites, 1 lent" in text_of(page)
        assert count(Withdrawal) == 0

    def test_everything_stops_at_once(
        self, nurse: Browser, actors: People, participant: Participant
    ):
        make_consent(actors, participant)

        recorded(nurse, participant, scope="all", channel="telephone")

        page = text_of(nurse.get(f"/participants/{participant.code}"))
        assert "Nothing may be done with samples or data" in page
        assert "Status Has withdrawn" in page
        assert "Record a new consent" not in page

    def test_one_use_stops_and_the_others_go_on(
        self, nurse: Browser, actors: People, participant: Participant
    ):
        make_consent(actors, participant)

        recorded(nurse, participant, scope="uses", uses="genetics")

        page = text_of(nurse.get(f"/participants/{participant.code}"))
        assert "Status Has withdrawn in part" in page
        assert "Academic research Allowed" in page

    def test_what_was_changed_after_it_was_shown_is_shown_again(
        self, nurse: Browser, actors: People, participant: Participant
    ):
        shown = nurse.send(url(participant), scope="all", **SAID)
        seen = re.search(r'name="record" value="(\w+)"', shown.text)
        assert seen is not None

        page = nurse.send(
            url(participant), scope="all", effects="destroy_samples", record=seen[1], **SAID
        )

        assert page.status_code == 200
        assert count(Withdrawal) == 0

    def test_another_day_is_shown_again_too(self, nurse: Browser, participant: Participant):
        shown = nurse.send(url(participant), scope="all", **SAID)
        seen = re.search(r'name="record" value="(\w+)"', shown.text)
        assert seen is not None
        long_ago = {**SAID, "effective_on": "01/03/2025"}

        page = nurse.send(url(participant), scope="all", record=seen[1], **long_ago)

        assert page.status_code == 200
        assert count(Withdrawal) == 0

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"scope": "uses"}, "at least one use"),
            ({"scope": "items"}, "at least one question"),
            ({"scope": "projects"}, "at least one project"),
            ({"scope": "projects", "projects": "42"}, "numbers of requests"),
            ({"scope": "projects", "projects": "D-2026-9999"}, "no request D-2026-9999"),
            ({"scope": ""}, "Fill in this field"),
            ({"scope": "all", "effective_on": "01/01/2999"}, "still to come"),
            ({"scope": "all", "effective_on": "tomorrow"}, "day/month/year"),
            ({"scope": "all", "channel": "smoke"}, "Choose one"),
            ({"scope": "all", "said_by": "witness"}, "who said it"),
            ({"scope": "uses", "uses": "everything"}, "Choose one"),
        ],
    )
    def test_nonsense_is_answered_and_nothing_is_written(
        self, nurse: Browser, participant: Participant, values: dict[str, str], sentence: str
    ):
        page = nurse.send(url(participant), **{**SAID, **values})

        assert page.status_code == 422
        assert sentence in text_of(page)
        assert count(Withdrawal) == 0

    def test_a_project_typed_for_another_choice_stops_no_withdrawal_from_everything(
        self, nurse: Browser, participant: Participant
    ):
        recorded(nurse, participant, scope="all", projects="D-2026-9999")

        assert count(Withdrawal) == 1

    def test_a_day_before_the_last_agreement_is_pointed_out(
        self, nurse: Browser, actors: People, participant: Participant
    ):
        make_consent(actors, participant)
        warning = "A consent was signed on 02 Mar 2026, after the day"
        long_ago = {**SAID, "effective_on": "01/03/2025"}

        early = nurse.send(url(participant), scope="all", **long_ago)
        today = nurse.send(url(participant), scope="all", **SAID)

        assert warning in text_of(early)
        assert warning not in text_of(today)

    def test_the_protection_officer_may_and_a_technician_may_not(
        self, sign_in: SignIn, actors: People, participant: Participant
    ):
        assert sign_in(actors.dpo).get(url(participant)).status_code == 200
        assert sign_in(actors.technician).get(url(participant)).status_code == 403


class TestFollowing:
    def test_a_notice_is_printed_sent_and_answered(
        self, nurse: Browser, actors: People, participant: Participant
    ):
        make_consent(actors, participant)
        make_checked_out(actors, participant=participant)
        withdrawal = make_withdrawal(actors, participant)
        notice = registry_session.scalars(sa.select(RecallNotice.id)).one()
        page = f"/withdrawals/notices/{notice}"

        assert nurse.get(f"{page}-en.pdf").data.startswith(b"%PDF")
        nurse.send(page, sent_on=TODAY)
        nurse.send(page, acknowledged_on=TODAY, answer="Tube comes back on Monday")

        shown = text_of(nurse.get(f"/withdrawals/{withdrawal.id}"))
        assert "Acknowledged" in shown
        assert "Tube comes back on Monday" in shown
        assert "Recall notices to send" not in shown

    @pytest.mark.parametrize("language", ["fr", "en"])
    def test_the_letter_is_printed_in_either_language(
        self, nurse: Browser, actors: People, participant: Participant, language: str
    ):
        withdrawal = make_withdrawal(actors, participant)

        letter = nurse.get(f"/withdrawals/{withdrawal.id}/letter-{language}.pdf")

        assert letter.data.startswith(b"%PDF")

    def test_that_it_was_sent_is_noted_once(
        self, nurse: Browser, actors: People, participant: Participant
    ):
        withdrawal = make_withdrawal(actors, participant)
        page = f"/withdrawals/{withdrawal.id}/letter"

        answer = nurse.send(page, language="fr", sent_on=TODAY)

        assert "All done" in text_of(nurse.get(answer.location))

    def test_another_site_s_nurse_finds_nothing(
        self, sign_in: SignIn, actors: People, participant: Participant
    ):
        withdrawal = make_withdrawal(actors, participant)

        other = sign_in(actors.other_site_nurse)

        assert other.get(f"/withdrawals/{withdrawal.id}").status_code == 404

    def test_the_ground_of_an_erasure_that_was_asked_for_is_filled_in(
        self, sign_in: SignIn, actors: People, participant: Participant
    ):
        make_withdrawal(actors, participant, effects=[WithdrawalEffect.ERASE_DATA])
        officer = sign_in(actors.dpo).confirm()

        page = officer.get(f"/participants/{participant.code}/erase").text

        assert re.search(r'<input[^>]*checked[^>]*value="consent_withdrawn"', page)


class TestSamples:
    def test_the_tube_s_page_says_why_it_is_not_used(self, technician: Browser, actors: People):
        participant = make_consenting_participant(actors)
        tube = make_stored(actors, participant=participant)
        make_withdrawal(actors, participant)

        page = text_of(technician.get(f"/samples/{tube.code}"))

        assert "In quarantine" in page
        assert f"{tube.code} is in quarantine: it may be put in its place, but not used." in page

    def test_a_consent_that_does_not_allow_it_is_said_on_the_tube_s_page(
        self, technician: Browser, actors: People
    ):
        participant = make_consenting_participant(actors)
        tube = make_stored(actors, participant=participant)
        make_withdrawal(actors, participant, effects=[WithdrawalEffect.STOP_COLLECTION])

        offered = technician.get(f"/samples/{tube.code}").text

        assert f'href="/samples/{tube.code}/check-out"' not in offered

    def test_an_order_is_carried_out_before_a_witness(self, technician: Browser, actors: People):
        participant = make_consenting_participant(actors)
        tube = make_stored(actors, participant=participant)
        make_withdrawal(actors, participant, effects=[WithdrawalEffect.DESTROY_SAMPLES])
        assert tube.code in technician.get("/samples/work?list=destruction").text
        typed = {"codes": tube.code, "method": "autoclave", "witness": actors.nurse.login}

        refused = technician.send("/samples/destroy", **typed, witness_password="not this one")
        answer = technician.send("/samples/destroy", **typed, witness_password=PASSWORD)

        assert "name or password is wrong" in text_of(refused)
        page = text_of(technician.get(answer.location))
        assert "Destroyed" in page
        number = re.search(r"X-[0-9A-Z]+", page)
        assert number is not None
        certificate = technician.get(f"/destructions/{number[0]}.pdf")
        assert certificate.data.startswith(b"%PDF")

    def test_nobody_is_witness_to_their_own_act(self, technician: Browser, actors: People):
        participant = make_consenting_participant(actors)
        tube = make_stored(actors, participant=participant)
        make_withdrawal(actors, participant, effects=[WithdrawalEffect.DESTROY_SAMPLES])

        page = technician.send(
            "/samples/destroy",
            codes=tube.code,
            method="autoclave",
            witness=actors.technician.login,
            witness_password=PASSWORD,
        )

        assert "nobody does to their own act" in text_of(page)
