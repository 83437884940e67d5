"""Closed by default, tokens on every unsafe request, headers on every response."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Blueprint, Flask, abort

from config import Settings
from registry.access import Permission
from registry.app import create_app
from registry.kernel.actor import Actor
from registry.persistence import db
from registry.web.guards import open_to_all, requires
from registry.web.pdf import pdf_response
from tests.factories.accounts import PASSWORD, People
from tests.web.pages import Browser, text_of

SignIn = Callable[[Actor], Browser]


@pytest.fixture
def with_odd_pages(application: Flask) -> Flask:
    """The application with pages that no area has."""
    bp = Blueprint("odd", __name__)

    @bp.get("/odd/undeclared")
    def undeclared() -> str:
        return "never shown"

    @bp.route("/odd/open", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    @open_to_all
    def open_page() -> str:
        return "<p>open</p>"

    @bp.get("/odd/personal")
    @requires(Permission.ACCOUNT_OWN)
    def personal() -> str:
        return "personal"

    @bp.get("/odd/file")
    @open_to_all
    def file():  # type: ignore[no-untyped-def]
        return pdf_response(b"%PDF-1.7", "label-T0700.pdf")

    @bp.get("/odd/teapot")
    @open_to_all
    def teapot() -> str:
        abort(503)

    application.register_blueprint(bp)
    return application


class TestClosedByDefault:
    def test_an_undeclared_page_is_shown_to_nobody(
        self, with_odd_pages: Flask, sign_in: SignIn, actors: People
    ):
        assert Browser(with_odd_pages).get("/odd/undeclared").status_code == 403
        assert sign_in(actors.admin).get("/odd/undeclared").status_code == 403

    def test_a_stranger_is_sent_to_the_sign_in_page_without_the_question(
        self, with_odd_pages: Flask
    ):
        answer = Browser(with_odd_pages).get("/odd/personal?code=T0700")

        assert answer.status_code == 302
        assert answer.location == "/sign-in?next=/odd/personal"

    def test_an_open_page_is_open(self, with_odd_pages: Flask):
        assert Browser(with_odd_pages).get("/odd/open").status_code == 200

    def test_a_refusal_for_lack_of_leave_is_recorded(
        self,
        app: Flask,
        sign_in: SignIn,
        actors: People,
        audit_tags: Callable[[], list[str]],
    ):
        browser = sign_in(actors.nurse)

        assert browser.get("/accounts/1").status_code == 403

        assert audit_tags() == ["sign_in:accepted", "access:refused"]


class TestTokens:
    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
    def test_an_unsafe_request_without_one_is_refused_with_a_sentence(
        self, with_odd_pages: Flask, method: str
    ):
        browser = Browser(with_odd_pages).speak("en")

        answer = browser.open("/odd/open", method=method)

        assert answer.status_code == 400
        assert "nothing was recorded" in text_of(answer)

    def test_one_of_another_session_is_refused(self, with_odd_pages: Flask):
        mine, other = Browser(with_odd_pages), Browser(with_odd_pages)
        stolen = other.hidden("/sign-in")["csrf_token"]
        mine.get("/sign-in")

        assert mine.post("/odd/open", {"csrf_token": stolen}).status_code == 400

    def test_ones_own_is_accepted(self, with_odd_pages: Flask):
        browser = Browser(with_odd_pages)
        token = browser.hidden("/sign-in")["csrf_token"]

        assert browser.post("/odd/open", {"csrf_token": token}).status_code == 200

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    def test_a_post_that_another_site_started_is_refused_even_with_one(
        self, with_odd_pages: Flask, site: str
    ):
        browser = Browser(with_odd_pages)
        token = browser.hidden("/sign-in")["csrf_token"]

        answer = browser.post("/odd/open", {"csrf_token": token}, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 400


PATHS = [
    "/sign-in",
    "/",
    "/nowhere",
    "/odd/undeclared",
    "/odd/teapot",
    "/odd/file",
    "/static/registry.css",
    "/static/missing.css",
    "/bootstrap/static/css/bootstrap.min.css",
]


class TestHeaders:
    @pytest.mark.parametrize("path", PATHS)
    def test_every_response_is_hardened(self, with_odd_pages: Flask, path: str):
        headers = Browser(with_odd_pages).get(path).headers

        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "base-uri 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        seconds = re.match(r"max-age=(\d+)", headers["Strict-Transport-Security"])
        assert seconds is not None
        assert int(seconds[1]) >= 365 * 24 * 3600
        assert headers["Cache-Control"] == "no-store"

    def test_a_defect_is_hardened_too(self, with_odd_pages: Flask, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setitem(
            with_odd_pages.view_functions, "odd.open_page", open_to_all(lambda: 1 // 0)
        )
        with_odd_pages.config["PROPAGATE_EXCEPTIONS"] = False

        answer = Browser(with_odd_pages).get("/odd/open")

        assert answer.status_code == 500
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"

    def test_a_page_allows_one_script_by_a_fresh_nonce(self, browser: Browser):
        nonces = set()
        for _ in range(3):
            page = browser.get("/sign-in")
            found = re.search(
                r"script-src 'nonce-([^']+)'", page.headers["Content-Security-Policy"]
            )
            assert found is not None
            assert re.findall(r"<script[^>]*>", page.text) == [
                tag for tag in re.findall(r"<script[^>]*>", page.text) if found[1] in tag
            ]
            nonces.add(found[1])
        assert len(nonces) == 3

    def test_a_file_that_changes_its_address_with_its_content_may_be_kept(self, browser: Browser):
        urls = re.findall(r'(?:href|src)="(/[^"]*static/[^"]+)"', browser.get("/sign-in").text)

        assert len(urls) >= 3
        for url in urls:
            assert "immutable" in browser.get(url).headers["Cache-Control"]

    def test_the_script_stays_small(self, browser: Browser):
        assert len(browser.get("/static/registry.js").data) <= 5 * 1024

    def test_static_files_start_no_session(self, browser: Browser):
        assert "Set-Cookie" not in browser.get("/static/registry.css").headers

    def test_every_response_has_its_own_number(self, browser: Browser):
        first, second = (browser.get("/sign-in").headers["X-Request-Id"] for _ in range(2))

        assert first != second


class TestOverHttps:
    @pytest.fixture
    def behind_https(self, settings: Settings) -> Iterator[Browser]:
        secured = Settings(**{**vars(settings), "public_url": "https://registry.example"})
        app = create_app(secured)
        yield Browser(app, base_url="https://registry.example")
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()

    def test_the_cookie_is_bound_to_the_host_and_the_channel(self, behind_https: Browser):
        cookie = behind_https.get("/sign-in").headers["Set-Cookie"]

        assert cookie.startswith("__Host-registry_session=")
        assert "Secure" in cookie
        assert "Path=/" in cookie

    def test_signing_in_works_without_a_referrer(self, behind_https: Browser, actors: People):
        answer = behind_https.send("/sign-in", login="nurse", password="wrong")

        assert answer.status_code == 401

    def test_people_behind_the_proxy_have_their_own_addresses(
        self, behind_https: Browser, actors: People
    ):
        def attempt(address: str) -> int:
            hidden = behind_https.hidden("/sign-in")
            values = {**hidden, "login": "nobody", "password": "wrong"}
            headers = {"X-Forwarded-For": address}
            return behind_https.post("/sign-in", values, headers=headers).status_code

        assert [attempt("192.0.2.1") for _ in range(10)] == [401] * 10
        values = {"login": "technician", "password": PASSWORD}
        here, there = (
            behind_https.post(
                "/sign-in",
                {**behind_https.hidden("/sign-in"), **values},
                headers={"X-Forwarded-For": address},
            ).status_code
            for address in ("192.0.2.1", "198.51.100.7")
        )
        assert (here, there) == (429, 303)

    def test_without_a_proxy_nobody_can_claim_an_address(self, browser: Browser, actors: People):
        answers = [
            browser.post(
                "/sign-in",
                {**browser.hidden("/sign-in"), "login": f"nobody.{number}", "password": "wrong"},
                headers={"X-Forwarded-For": f"192.0.2.{number}"},
            ).status_code
            for number in range(11)
        ]

        assert answers == [401] * 10 + [429]
