"""The pages of pseudonyms: a code in, a code out; nothing in an address, nothing stored."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from registry.accounts.models import SignInSession
from registry.identity import vault
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.codes import participant as participant_code
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.vocab import limits
from tests.factories.accounts import People
from tests.factories.applications import make_donors
from tests.factories.extracts import approved, produce, table
from tests.factories.identity import make_partner, make_person
from tests.factories.participants import make_participant
from tests.web.pages import Browser, text_of

SignIn = Callable[[Actor], Browser]
FIND, REVERSE = "/pseudonyms", "/pseudonyms/reverse"
CODE = "UNIV-004711"


@pytest.fixture
def nurse(sign_in: SignIn, actors: People) -> Browser:
    return sign_in(actors.nurse).speak("en")


@pytest.fixture
def officer(sign_in: SignIn, actors: People) -> Browser:
    return sign_in(actors.identity_officer).speak("en")


@pytest.fixture
def participant(app: Flask, actors: People) -> Participant:
    """Somebody whom the vault knows, in a cohort; and a partner who knows them too."""
    make_partner("UNI")
    return make_participant(actors, person_uid=make_person(actors.nurse).person_uid)


def codes_page(participant: Participant) -> str:
    return f"/pseudonyms/participants/{participant.code}"


class TestPartnerCodes:
    def test_a_code_is_recorded_and_shown(self, nurse: Browser, participant: Participant):
        answer = nurse.send(codes_page(participant), partner="UNI", code=CODE)

        assert answer.status_code == 303
        assert CODE in text_of(nurse.get(codes_page(participant)))

    def test_the_page_of_the_participant_leads_there(
        self, nurse: Browser, participant: Participant
    ):
        page = nurse.get(f"/participants/{participant.code}")

        assert f'href="{codes_page(participant)}"' in page.text

    def test_a_partners_code_leads_to_the_participant(
        self, nurse: Browser, participant: Participant
    ):
        nurse.send(codes_page(participant), partner="UNI", code=CODE)

        page = nurse.send(FIND, partner="UNI", code=CODE.lower())

        assert page.status_code == 200
        assert participant.shown_code in text_of(page)

    def test_a_code_that_nobody_has_leads_to_a_sentence(
        self, nurse: Browser, participant: Participant
    ):
        page = nurse.send(FIND, partner="UNI", code="X1")

        assert "Nobody at your sites" in text_of(page)

    def test_the_session_keeps_no_code(self, nurse: Browser, participant: Participant):
        nurse.send(codes_page(participant), partner="UNI", code=CODE)
        nurse.send(FIND, partner="UNI", code=CODE)

        kept = str(registry_session.scalars(sa.select(SignInSession.data)).all())

        assert "4711" not in kept

    def test_a_code_is_retired_with_a_reason(self, nurse: Browser, participant: Participant):
        nurse.send(codes_page(participant), partner="UNI", code=CODE)
        page = nurse.get(codes_page(participant)).text
        retire = next(part.split('"')[0] for part in page.split('href="') if "/retire" in part)

        assert nurse.send(retire, reason="").status_code == 422
        assert nurse.send(retire, reason="The partner changed it").status_code == 303
        assert "Retired" in text_of(nurse.get(codes_page(participant)))

    def test_what_is_wrong_is_said_at_its_field(self, nurse: Browser, participant: Participant):
        page = nurse.send(codes_page(participant), partner="", code="")

        assert page.status_code == 422
        assert "Please check this" in text_of(page)

    def test_with_the_vault_closed_only_this_is_closed(
        self, nurse: Browser, participant: Participant
    ):
        vault.open(None)

        assert nurse.get(codes_page(participant)).status_code == 503
        assert nurse.get(f"/participants/{participant.code}").status_code == 200


class TestReversal:
    @pytest.fixture
    def question(self, app: Flask, actors: People) -> dict[str, str]:
        """A code of an extract, asked about as the form does."""
        make_donors(actors, 12)
        application = approved(actors)
        code = table(produce(actors, application))[0]["participant"]
        return {
            "number": application.number,
            "pseudonym": code,
            "kind": "finding",
            "reason": "A variant that must be told",
        }

    def test_it_asks_for_the_password_first(self, officer: Browser, question: dict[str, str]):
        with clock.frozen(clock.now() + timedelta(seconds=limits.CONFIRMATION_SECONDS + 1)):
            answer = officer.get(REVERSE)

        assert (answer.status_code, answer.location) == (302, "/confirm")

    def test_it_answers_with_the_participants_code_and_no_more(
        self, officer: Browser, question: dict[str, str]
    ):
        page = officer.confirm().send(REVERSE, **question)

        answers = {one.shown_code for one in registry_session.scalars(sa.select(Participant))}
        shown = [code for code in answers if code in text_of(page)]
        assert page.status_code == 200
        assert len(shown) == 1

    def test_a_wrong_code_is_not_found_and_the_form_stays_filled_in(
        self, officer: Browser, question: dict[str, str]
    ):
        wrong = "P" + participant_code.make("0" * 16)

        page = officer.confirm().send(REVERSE, **{**question, "pseudonym": wrong})

        assert page.status_code == 404
        assert "Nobody bears this code" in text_of(page)
        assert wrong in page.text

    def test_a_nurse_does_not_find_the_page(self, nurse: Browser):
        assert nurse.get(REVERSE).status_code == 403

    def test_the_data_managers_extract_waits_while_the_vault_is_closed(
        self, sign_in: SignIn, actors: People, question: dict[str, str]
    ):
        other = approved(actors, title="Another question")
        manager = sign_in(actors.data_manager).speak("en")
        page = f"/applications/{other.number}"
        vault.open(None)

        refused = manager.send(f"{page}/produce", page=page)

        assert refused.status_code == 503
        assert "vault is closed" in text_of(refused)
        assert manager.get(page).status_code == 200
        assert manager.get("/applications").status_code == 200


class TestTypedCodes:
    @pytest.fixture
    def slipped(self, participant: Participant) -> str:
        """The participant's code with one wrong symbol."""
        wrong = "7" if participant.code[2] != "7" else "9"
        return participant.code[:2] + wrong + participant.code[3:]

    def test_a_slip_in_the_search_field_is_put_right_and_said(
        self, nurse: Browser, participant: Participant, slipped: str
    ):
        answer = nurse.send("/scan", page="/", code=slipped)

        assert answer.location == f"/participants/{participant.code}"
        page = text_of(nurse.get(answer.location))
        assert f"{participant.shown_code} was meant" in page

    def test_a_slip_in_the_address_is_put_right_and_said(
        self, nurse: Browser, participant: Participant, slipped: str
    ):
        answer = nurse.get(f"/participants/{slipped}")

        assert (answer.status_code, answer.location) == (302, f"/participants/{participant.code}")
        assert "one slip away" in text_of(nurse.get(answer.location))

    def test_a_code_typed_in_another_manner_is_no_slip(
        self, nurse: Browser, participant: Participant
    ):
        answer = nurse.send("/scan", page="/", code=participant.shown_code.lower())

        assert "one slip away" not in text_of(nurse.get(answer.location))
