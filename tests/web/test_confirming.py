"""Giving the password again before identities are shown (OWASP ASVS 7.5.3)."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from registry.accounts import service
from registry.accounts.models import SignInSession
from registry.audit.models import AuditEntry
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.vocab import limits
from registry.vocab.people import Role
from tests.factories.accounts import PASSWORD, People, Sites
from tests.factories.identity import make_person
from tests.factories.participants import make_participant
from tests.web.pages import Browser, hidden_values, text_of

pytestmark = pytest.mark.usefixtures("app")

SignIn = Callable[[Actor], Browser]
NOON = datetime(2026, 3, 12, 11, tzinfo=UTC)
LATER = NOON + timedelta(seconds=limits.CONFIRMATION_SECONDS)
STORED = "Lefèbvre-Durand"
TYPED = {"kind": "check", "reason": "the paper file is unclear"}


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def known(actors: People) -> Participant:
    return make_participant(actors, person_uid=make_person(actors.nurse).person_uid)


@pytest.fixture
def page(known: Participant) -> str:
    return f"/participants/{known.code}/identity"


@pytest.fixture
def nurse(sign_in: SignIn, actors: People) -> Browser:
    """A nurse who signed in at noon."""
    return sign_in(actors.nurse).speak("en")


def tags(actor: Actor) -> list[str]:
    registry_session.rollback()
    return list(
        registry_session.scalars(
            sa.select(AuditEntry.tag).where(AuditEntry.actor_id == actor.id).order_by("seq")
        )
    )


class TestAPageThatIsOpened:
    def test_signing_in_counts_for_five_minutes(self, nurse: Browser, page: str):
        with clock.frozen(LATER - timedelta(seconds=1)):
            assert nurse.get(page).status_code == 200
        with clock.frozen(LATER):
            assert nurse.get(page).location == "/confirm"

    def test_the_password_leads_back_to_it_and_counts_for_five_minutes(
        self, nurse: Browser, page: str
    ):
        with clock.frozen(LATER):
            nurse.get(page)
            answer = nurse.send("/confirm", present_password=PASSWORD)

            assert (answer.status_code, answer.location) == (303, page)
            assert nurse.get(page).status_code == 200
        with clock.frozen(LATER + timedelta(seconds=limits.CONFIRMATION_SECONDS)):
            assert nurse.get(page).location == "/confirm"

    def test_no_address_says_where_one_wanted_to_go(self, nurse: Browser, page: str):
        with clock.frozen(LATER):
            assert nurse.get(page).location == "/confirm"

    def test_who_wanted_to_go_nowhere_is_led_to_the_first_page(self, nurse: Browser):
        assert nurse.send("/confirm", present_password=PASSWORD).location == "/"

    def test_it_changes_the_sessions_token(self, nurse: Browser):
        before = nurse.token
        nurse.confirm()
        nurse.get("/")

        assert nurse.token != before

    def test_other_pages_do_not_ask(self, nurse: Browser, known: Participant):
        with clock.frozen(LATER):
            assert nurse.get(f"/participants/{known.code}").status_code == 200

    def test_leave_is_asked_before_the_password(self, sign_in: SignIn, actors: People, page: str):
        technician = sign_in(actors.technician)
        with clock.frozen(LATER):
            assert technician.get(page).status_code == 403


class TestAFormThatWasSentTooLate:
    @pytest.fixture
    def asked(self, nurse: Browser, page: str):
        hidden = nurse.hidden(page)
        with clock.frozen(LATER):
            return nurse.send(page, hidden=hidden, **TYPED)

    def test_the_password_is_asked_and_nothing_was_done(self, asked, actors: People):
        assert asked.status_code == 401
        assert "Nothing was done yet" in text_of(asked)
        assert STORED not in asked.text
        assert "identity:revealed" not in tags(actors.nurse)

    def test_with_the_password_it_goes_on_with_what_was_typed(
        self, asked, nurse: Browser, page: str, actors: People
    ):
        with clock.frozen(LATER):
            answer = nurse.post(
                page, {**hidden_values(asked.text, page), "present_password": PASSWORD}
            )

        assert answer.status_code == 200
        assert STORED in answer.text
        assert tags(actors.nurse)[-2:] == ["confirmation:accepted", "identity:revealed"]

    def test_with_a_wrong_one_it_is_asked_again(
        self, asked, nurse: Browser, page: str, actors: People
    ):
        with clock.frozen(LATER):
            answer = nurse.post(
                page, {**hidden_values(asked.text, page), "present_password": "not mine at all"}
            )

        assert answer.status_code == 422
        assert "not your present password" in text_of(answer)
        assert "not mine at all" not in answer.text
        assert hidden_values(answer.text, page)["reason"] == TYPED["reason"]
        assert STORED not in answer.text
        assert tags(actors.nurse)[-1] == "confirmation:refused"

    def test_no_session_keeps_what_was_typed(self, asked):
        registry_session.rollback()
        kept = str(registry_session.scalars(sa.select(SignInSession.data)).all())

        assert "paper file" not in kept


class TestWhoMayTry:
    def test_wrong_passwords_count_like_failed_sign_ins(
        self, nurse: Browser, browser: Browser, actors: People
    ):
        for _ in range(limits.SIGN_IN_FAILURES_MAX):
            assert nurse.send("/confirm", present_password="wrong").status_code == 422

        answer = nurse.send("/confirm", present_password=PASSWORD)

        assert answer.status_code == 429
        assert browser.send("/sign-in", login="nurse", password=PASSWORD).status_code == 429
        assert tags(actors.nurse).count("confirmation:refused") == limits.SIGN_IN_FAILURES_MAX + 1

    def test_a_change_of_roles_makes_it_be_asked_again(
        self, nurse: Browser, page: str, actors: People, sites: Sites
    ):
        assert nurse.get(page).status_code == 200
        service.grant(actors.admin, actors.nurse.id or 0, role=Role.NURSE, site_id=sites.lyon)

        assert nurse.get(page).location == "/confirm"

    def test_who_signs_out_takes_it_along(self, nurse: Browser, page: str):
        old = str(nurse.token)
        nurse.send("/sign-out", page="/")
        nurse.token = old

        assert nurse.get(page).location.startswith("/sign-in")

    def test_a_stranger_is_asked_who_they_are(self, browser: Browser):
        assert browser.get("/confirm").location == "/sign-in?next=/confirm"
