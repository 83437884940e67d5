"""What people see, and what the log keeps, when something is refused or breaks."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask, request
from sqlalchemy.exc import OperationalError

from config import Settings
from registry.access import Permission
from registry.accounts import sessions as store
from registry.kernel import errors
from registry.kernel.actor import Actor
from registry.kernel.messages import T
from registry.persistence import registry_session
from registry.web.errors import PAGES, STATUSES, status_of
from registry.web.guards import open_to_all, requires
from tests.factories.accounts import People
from tests.web.pages import Browser, text_of

CANARY = "Durand-Kowalczyk"
SignIn = Callable[[Actor], Browser]


@pytest.fixture
def broken(application: Flask) -> Flask:
    """The application with pages that fail in each way."""
    bp = Blueprint("broken", __name__)

    @bp.get("/broken/<int:status>")
    @open_to_all
    def refuse(status: int) -> str:
        kind = next(kind for kind, known in STATUSES.items() if known == status)
        raise kind(T("The reason is {reason}.", reason="<b>this</b>"))

    @bp.route("/broken/defect", methods=["GET", "POST"])
    @open_to_all
    def defect() -> str:
        name = request.args.get("name", CANARY)
        registry_session.execute(sa.select(sa.literal(name), sa.literal_column("missing_column")))
        raise RuntimeError(f"could not take {name}")

    @bp.get("/broken/personal")
    @requires(Permission.ACCOUNT_OWN)
    def personal() -> str:
        raise RuntimeError("personal")

    application.register_blueprint(bp)
    application.config["PROPAGATE_EXCEPTIONS"] = False
    return application


def log_lines(settings: Settings) -> list[dict[str, Any]]:
    path = settings.logs_dir / "registry.log"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


class TestTheTable:
    def test_every_refusal_of_the_domain_has_its_status(self):
        kinds = {
            kind
            for kind in vars(errors).values()
            if isinstance(kind, type) and issubclass(kind, errors.DomainError)
        } - {errors.DomainError}

        assert kinds == set(STATUSES)

    def test_a_more_particular_refusal_has_the_status_of_its_kind(self):
        class Particular(errors.RuleBroken):
            pass

        assert status_of(Particular(T("x"))) == 409

    def test_every_status_has_its_page(self):
        assert {*STATUSES.values(), 400, 405, 413, 500} <= set(PAGES)


class TestPages:
    @pytest.mark.parametrize("status", sorted(STATUSES.values()))
    def test_a_refusal_says_why_and_shows_the_way_out(self, broken: Flask, status: int):
        page = Browser(broken).get(f"/broken/{status}")

        assert page.status_code == status
        assert "The reason is <b>this</b>." in text_of(page)
        assert "&lt;b&gt;this" in page.text
        assert '<html lang="fr">' in page.text
        assert page.text.count("<h1>") == 1
        assert 'class="btn' in page.text

    def test_an_unknown_address_gets_a_page_of_ours(self, browser: Browser):
        page = browser.get("/nowhere")

        assert page.status_code == 404
        assert '<html lang="fr">' in page.text
        assert "Set-Cookie" not in page.headers

    def test_a_wrong_method_says_which_are_right(self, browser: Browser):
        page = browser.get("/sign-out")

        assert page.status_code == 405
        assert "POST" in page.headers["Allow"]

    def test_too_large_a_post_is_refused_with_a_sentence(
        self, application: Flask, browser: Browser
    ):
        hidden = browser.hidden("/sign-in")
        application.config["MAX_CONTENT_LENGTH"] = 1000

        page = browser.post("/sign-in", {**hidden, "login": "x" * 2000, "password": "x"})

        assert page.status_code == 413
        assert "10" in text_of(page)


class TestADefect:
    def test_it_shows_a_reference_and_nothing_of_the_inside(
        self, broken: Flask, settings: Settings
    ):
        page = Browser(broken).get(f"/broken/defect?name={CANARY}")

        assert page.status_code in {500, 503}
        assert CANARY not in page.text
        assert "Traceback" not in page.text
        assert "RuntimeError" not in page.text

    def test_the_reference_is_in_the_log_with_the_place_but_without_any_value(
        self, broken: Flask, settings: Settings, sign_in: SignIn, actors: People
    ):
        page = sign_in(actors.nurse).get("/broken/personal")

        entry = next(line for line in log_lines(settings) if line["event"] == "failed")
        assert page.status_code == 500
        assert entry["reference"] in page.text
        assert entry["exception"] == "RuntimeError"
        assert any("test_errors.py" in place for place in entry["stack"])

    def test_no_value_reaches_any_file(self, broken: Flask, settings: Settings):
        Browser(broken).get(f"/broken/defect?name={CANARY}")
        Browser(broken).get(f"/nowhere/{CANARY}?name={CANARY}")
        browser = Browser(broken)
        browser.send("/sign-in", login=CANARY, password=CANARY)

        written = [path for path in Path(settings.data_dir).rglob("*") if path.is_file()]
        assert any(path.name == "registry.log" for path in written)
        for path in written:
            assert CANARY.encode() not in path.read_bytes(), path.name

    def test_a_database_that_does_not_answer_closes_the_page_for_the_moment(
        self, application: Flask, sign_in: SignIn, actors: People, monkeypatch: pytest.MonkeyPatch
    ):
        browser = sign_in(actors.nurse)

        def unreachable(*_: object) -> None:
            raise OperationalError("SELECT", {}, Exception("gone"))

        monkeypatch.setattr(store, "find", unreachable)
        page = browser.get("/")

        assert page.status_code == 503
        assert "<h1>" in page.text


class TestTheLog:
    def test_a_request_leaves_one_line_without_its_question(
        self, settings: Settings, sign_in: SignIn, actors: People
    ):
        browser = sign_in(actors.admin)
        answer = browser.get(f"/accounts/{actors.nurse.id}?q={CANARY}")

        line = log_lines(settings)[-1]
        assert line["event"] == "request"
        assert line["route"] == "/accounts/<int:user_id>"
        assert (line["method"], line["status"]) == ("GET", 200)
        assert line["account"] == actors.admin.id
        assert line["request_id"] == answer.headers["X-Request-Id"]
        assert CANARY not in json.dumps(line)

    def test_line_breaks_cannot_forge_an_entry(self, settings: Settings, browser: Browser):
        browser.send("/sign-in", login='x\n{"event":"forged"}\x1b[31m', password="y")

        assert all(line["event"] != "forged" for line in log_lines(settings))
