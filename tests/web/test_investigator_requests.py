"""Asking for an extract, from the count to what became of the request."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from registry.applications import service
from registry.applications.models import Application
from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.vocab.applications import State
from tests.factories.accounts import People
from tests.factories.applications import make_application, make_donors
from tests.web.pages import Browser, text_of

pytestmark = pytest.mark.usefixtures("app")

SignIn = Callable[[Actor], Browser]

FILLED_IN: dict[str, Any] = {
    "title": "Interferon signature",
    "justification": "Does the interferon signature precede flares?",
    "purpose": "academic",
    "recipient": "Unité Inserm 1234",
    "recipient_kind": "institute",
    "country": "FR",
    "category": "health",
    "variables": ["cohort", "sex", "sample_type"],
}


@pytest.fixture
def investigator(sign_in: SignIn, actors: People) -> Browser:
    return sign_in(actors.investigator).speak("en")


@pytest.fixture
def data_manager(sign_in: SignIn, actors: People) -> Browser:
    return sign_in(actors.data_manager).speak("en")


def states() -> list[State]:
    """Where every request stands by now."""
    registry_session.rollback()
    return list(registry_session.scalars(sa.select(Application.state).order_by(Application.id)))


def path(application: Application, *more: str) -> str:
    return "/".join(["/applications", application.number, *more])


class TestAsking:
    def test_a_count_leads_to_a_request_with_its_criteria(
        self, investigator: Browser, actors: People
    ):
        make_donors(actors, 15)
        answer = investigator.send(
            "/catalogue",
            purpose="commercial",
            recipient_kind="company",
            country="FR",
            sexes=["female"],
        )
        counted = answer.headers["Location"].rsplit("/", 1)[1]

        page = investigator.get(f"/applications/new?count={counted}").text

        checked = [line for line in page.splitlines() if "checked" in line]
        assert any('value="commercial"' in line for line in checked)
        assert any('value="female"' in line for line in checked)

    def test_a_request_is_sent_in_one_step(self, investigator: Browser):
        answer = investigator.send("/applications/new", then="send", **FILLED_IN)

        assert answer.status_code == 303
        assert "Awaiting a decision" in text_of(investigator.get(answer.headers["Location"]))

    def test_or_kept_as_a_draft_and_sent_later(self, investigator: Browser):
        address = investigator.send("/applications/new", then="keep", **FILLED_IN).headers[
            "Location"
        ]
        assert states() == [State.DRAFT]

        investigator.send(
            f"{address}/edit", then="keep", **{**FILLED_IN, "title": "A better title"}
        )
        investigator.send(f"{address}/submit", page=address)

        assert states() == [State.SUBMITTED]
        assert "A better title" in text_of(investigator.get(address))

    def test_sending_the_same_form_twice_asks_once(self, investigator: Browser):
        hidden = investigator.hidden("/applications/new")

        answers = [
            investigator.send("/applications/new", hidden=hidden, then="send", **FILLED_IN)
            for _time in range(2)
        ]

        assert len({answer.headers["Location"] for answer in answers}) == 1
        assert states() == [State.SUBMITTED]

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"title": ""}, "Title: Fill in this field"),
            ({"justification": "too short"}, "Write at least 20 characters"),
            ({"variables": []}, "Choose at least one variable"),
            ({"variables": ["name"]}, "Choose one of the values offered"),
            ({"purpose": "curiosity"}, "Choose one of the values offered"),
            ({"country": "ZZ"}, "Choose a country from the list"),
            ({"category": "disease"}, "Name the diseases"),
            ({"cohorts": ["NONE"]}, "Choose among the cohorts of the registry"),
            ({"collected_to": "2024", "collected_from": "2025"}, "comes before the first"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_written(
        self, investigator: Browser, changes: dict[str, Any], sentence: str
    ):
        answer = investigator.send("/applications/new", then="send", **{**FILLED_IN, **changes})

        assert answer.status_code == 422
        assert sentence in text_of(answer)
        assert states() == []

    def test_a_draft_changed_in_another_window_is_not_overwritten(
        self, investigator: Browser, actors: People
    ):
        draft = make_application(actors)
        old = investigator.hidden(path(draft, "edit"))
        investigator.send(path(draft, "edit"), then="keep", **FILLED_IN)

        answer = investigator.send(path(draft, "edit"), hidden=old, then="keep", **FILLED_IN)

        assert answer.status_code in (412, 422)

    def test_a_request_that_was_sent_is_not_changed(self, investigator: Browser, actors: People):
        sent = make_application(actors, state=State.SUBMITTED)

        assert investigator.get(path(sent, "edit")).status_code == 409

    def test_a_request_can_be_taken_back(self, investigator: Browser, actors: People):
        sent = make_application(actors, state=State.SUBMITTED)

        investigator.send(path(sent, "withdraw"), reason="Another team has done it.")

        assert states() == [State.WITHDRAWN]
        assert "Another team has done it." in text_of(investigator.get(path(sent)))

    def test_the_requester_does_not_see_live_numbers(self, investigator: Browser, actors: People):
        """Writing many requests would be a way round the catalogue's limits."""
        make_donors(actors, 15)
        sent = make_application(actors, state=State.SUBMITTED)

        assert "What the registry finds today" not in text_of(investigator.get(path(sent)))


class TestFollowing:
    def test_an_investigator_sees_their_own_requests(self, investigator: Browser, actors: People):
        mine = make_application(actors, state=State.SUBMITTED)
        others = make_application(actors, by=actors.other_investigator, state=State.SUBMITTED)

        page = text_of(investigator.get("/applications"))

        assert mine.number in page
        assert others.number not in page
        assert investigator.get(path(others)).status_code == 404

    def test_the_data_manager_sees_what_was_sent_and_by_whom(
        self, data_manager: Browser, actors: People
    ):
        draft = make_application(actors)
        sent = make_application(actors, state=State.SUBMITTED)

        page = text_of(data_manager.get("/applications"))

        assert sent.number in page
        assert draft.number not in page
        assert actors.investigator.name in page

    def test_a_draft_that_was_never_sent_stays_its_writers(
        self, data_manager: Browser, actors: People
    ):
        draft = make_application(actors)
        service.withdraw(actors.investigator, draft.number)

        assert data_manager.get(path(draft)).status_code == 404

    def test_the_list_is_narrowed_to_a_state(self, data_manager: Browser, actors: People):
        sent = make_application(actors, state=State.SUBMITTED)
        refused = make_application(actors, state=State.REFUSED)

        page = text_of(data_manager.get("/applications?state=refused"))

        assert refused.number in page
        assert sent.number not in page

    def test_an_unknown_state_shows_everything(self, data_manager: Browser, actors: People):
        sent = make_application(actors, state=State.SUBMITTED)

        assert sent.number in text_of(data_manager.get("/applications?state=lost&before=x"))

    @pytest.mark.parametrize("state", State)
    def test_every_state_has_its_page_for_everybody_who_may_see_it(
        self, sign_in: SignIn, actors: People, state: State
    ):
        make_donors(actors, 12)
        application = make_application(actors, state=state)

        for actor in (actors.investigator, actors.data_manager, actors.dpo):
            never_sent = state in (State.DRAFT, State.WITHDRAWN)
            expected = 404 if never_sent and actor is not actors.investigator else 200
            assert sign_in(actor).get(path(application)).status_code == expected

    @pytest.mark.parametrize("address", ["/applications/D-2026-9999", "/applications/x/edit"])
    def test_what_does_not_exist_is_not_found(self, investigator: Browser, address: str):
        assert investigator.get(address).status_code == 404


class TestTheFirstPage:
    def test_an_investigator_sees_where_their_requests_stand(
        self, investigator: Browser, actors: People
    ):
        make_application(actors, state=State.REFUSED)
        make_application(actors, by=actors.other_investigator, state=State.SUBMITTED)

        page = text_of(investigator.get("/"))

        assert "Your requests" in page
        assert "Refused" in page
        assert "Awaiting a decision" not in page

    def test_a_data_manager_sees_what_waits(self, data_manager: Browser, actors: People):
        waiting = make_application(actors, state=State.SUBMITTED)
        refused = make_application(actors, state=State.REFUSED)

        page = text_of(data_manager.get("/"))

        assert waiting.number in page
        assert refused.number not in page

    @pytest.mark.parametrize("role", ["nurse", "technician", "dpo", "admin"])
    def test_nobody_else_sees_any(self, sign_in: SignIn, actors: People, role: str):
        sent = make_application(actors, state=State.SUBMITTED)

        assert sent.number not in sign_in(getattr(actors, role)).get("/").text
