"""Deciding on a request and handing its extract over, and everything that must not happen."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from registry.accounts.models import RoleGrant
from registry.applications.models import Application
from registry.extracts.models import ExtractDownload
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.persistence import db, registry_session
from registry.vocab.applications import State
from registry.vocab.consent import Answer
from registry.vocab.people import Role
from tests.factories.accounts import People
from tests.factories.applications import both, make_application, make_donors
from tests.factories.consents import make_withdrawal
from tests.web.pages import Browser, text_of

pytestmark = pytest.mark.usefixtures("app")

SignIn = Callable[[Actor], Browser]


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


class TestDeciding:
    def test_the_data_manager_sees_what_the_registry_found(
        self, data_manager: Browser, actors: People
    ):
        make_donors(actors, 15)
        make_donors(actors, 12, answers={"research": Answer.REFUSED})
        sent = make_application(actors, state=State.SUBMITTED)

        page = text_of(data_manager.get(path(sent, "decide")))

        assert "Consent allows it 15 participants" in page
        assert "15 Academic research: The participant refused this" in page

    def test_too_few_are_said_before_the_decision(self, data_manager: Browser, actors: People):
        make_donors(actors, 5)
        sent = make_application(actors, state=State.SUBMITTED)

        page = text_of(data_manager.get(path(sent, "decide")))

        assert "no extract could be made" in page
        assert "Consent allows it < 11 participants" in page

    def test_a_refusal_reaches_the_requester_with_its_reason(
        self, data_manager: Browser, investigator: Browser, actors: People
    ):
        sent = make_application(actors, state=State.SUBMITTED)

        data_manager.send(
            path(sent, "decide"), decision="refuse", reason="The question is not specific."
        )

        page = text_of(investigator.get(path(sent)))
        assert "Refused by Data.Manager" in page
        assert "The question is not specific." in page

    @pytest.mark.parametrize(
        "values", [{"decision": "refuse"}, {}, {"decision": "produce", "reason": "Because."}]
    )
    def test_a_decision_is_whole_or_none(
        self, data_manager: Browser, actors: People, values: dict[str, str]
    ):
        sent = make_application(actors, state=State.SUBMITTED)

        answer = data_manager.send(path(sent, "decide"), **values)

        assert answer.status_code == 422
        assert states() == [State.SUBMITTED]

    @pytest.mark.parametrize("decision", ["approve", "refuse"])
    def test_nobody_decides_their_own_request_through_any_page(
        self, sign_in: SignIn, actors: People, decision: str
    ):
        browser, own = self.two_hats(sign_in, actors)
        token = browser.hidden("/applications/new")

        opened = browser.get(path(own, "decide"))
        posted = browser.post(
            path(own, "decide"), {**token, "decision": decision, "reason": "It is excellent."}
        )

        assert opened.status_code == 403
        assert posted.status_code == 403
        assert states() == [State.SUBMITTED]

    def test_nor_is_it_offered(self, sign_in: SignIn, actors: People):
        browser, own = self.two_hats(sign_in, actors)

        page = browser.speak("en").get(path(own))

        assert path(own, "decide") not in page.text
        assert "A data manager other than you decides" in text_of(page)

    @staticmethod
    def two_hats(sign_in: SignIn, actors: People) -> tuple[Browser, Application]:
        """An investigator who was made a data manager as well, and a request of theirs."""
        with db.engines["registry"].begin() as connection:
            connection.execute(
                sa.insert(RoleGrant).values(
                    user_id=actors.investigator.id,
                    role=Role.DATA_MANAGER,
                    site_id=None,
                    granted_at=clock.now(),
                )
            )
        actor = both(actors.investigator, actors.data_manager)
        return sign_in(actor), make_application(actors, by=actor, state=State.SUBMITTED)

    def test_what_was_decided_is_not_decided_again(self, data_manager: Browser, actors: People):
        refused = make_application(actors, state=State.REFUSED)

        assert data_manager.get(path(refused, "decide")).status_code == 409

    def test_an_investigator_decides_nothing(self, investigator: Browser, actors: People):
        sent = make_application(actors, by=actors.other_investigator, state=State.SUBMITTED)

        assert investigator.get(path(sent, "decide")).status_code == 403


class TestTheExtract:
    def test_it_goes_from_approval_to_the_requester(
        self, data_manager: Browser, investigator: Browser, actors: People
    ):
        make_donors(actors, 15)
        approved = make_application(actors, state=State.APPROVED)

        data_manager.send(path(approved, "produce"), page=path(approved))
        answer = investigator.send(path(approved, "extract"), page=path(approved))

        assert answer.status_code == 200
        assert answer.mimetype == "application/zip"
        assert f'filename="{approved.number}-1.zip"' in answer.headers["Content-Disposition"]
        assert answer.headers["Cache-Control"] == "no-store"
        with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            assert archive.namelist() == ["samples.csv", "dictionary.csv", "manifest.json"]
        assert states() == [State.DELIVERED]
        assert "15 samples of 15 participants" in text_of(investigator.get(path(approved)))

    def test_too_few_are_refused_on_the_page(self, data_manager: Browser, actors: People):
        make_donors(actors, 5)
        approved = make_application(actors, state=State.APPROVED)

        answer = data_manager.send(path(approved, "produce"), page=path(approved))

        assert answer.status_code == 409
        assert "fewer than 11 participants" in text_of(answer)
        assert states() == [State.APPROVED]

    def test_a_withdrawal_since_its_production_stops_the_download(
        self, data_manager: Browser, investigator: Browser, actors: People
    ):
        donors = make_donors(actors, 15)
        made = make_application(actors, state=State.PRODUCED)
        token = investigator.hidden(path(made), path(made, "extract"))
        make_withdrawal(actors, donors[0], effective_on=clock.today())

        answer = investigator.send(path(made, "extract"), hidden=token)

        assert answer.status_code == 409
        assert "no longer allows it. It was recalled" in text_of(answer)
        assert registry_session.scalars(sa.select(ExtractDownload)).all() == []
        assert "produce it anew" in text_of(data_manager.get(path(made)))

        data_manager.send(path(made, "produce"), page=path(made))
        assert investigator.send(path(made, "extract"), page=path(made)).status_code == 200

    @pytest.mark.parametrize("role", ["data_manager", "dpo", "other_investigator", "nurse"])
    def test_nobody_else_downloads_it(self, sign_in: SignIn, actors: People, role: str):
        make_donors(actors, 15)
        made = make_application(actors, state=State.PRODUCED)
        browser = sign_in(getattr(actors, role))

        answer = browser.post(path(made, "extract"), browser.hidden("/", "/sign-out"))

        assert answer.status_code in (403, 404)
        assert registry_session.scalars(sa.select(ExtractDownload)).all() == []

    def test_a_damaged_file_is_an_error_page_and_no_broken_download(
        self, investigator: Browser, actors: People, settings: Any
    ):
        make_donors(actors, 15)
        made = make_application(actors, state=State.PRODUCED)
        for file in settings.documents_dir.rglob("*"):
            if file.is_file():
                file.write_bytes(file.read_bytes()[:-1])

        answer = investigator.send(path(made, "extract"), page=path(made))

        assert answer.status_code == 503
        assert "cannot be read back" in text_of(answer)
