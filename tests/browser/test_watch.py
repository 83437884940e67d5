"""The watch and the accessibility check: each thing they are there to notice, planted."""

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser

from tests.browser import accessibility
from tests.browser.watch import Watch

PAGES = {
    "inline": ("<script>document.title = 'run'</script>", "content security policy"),
    "throws": ("<script src='/script.js'></script>", "script error"),
    "missing": ("<img alt='' src='/nowhere.png'>", "404 for image"),
    "outside": ("<img alt='' src='http://localhost:9/x.png'>", "asked another machine"),
}


@pytest.fixture
def application() -> Flask:
    """A small application with one fault a page."""
    app = Flask(__name__)

    @app.after_request
    def strict(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self'; img-src 'self' http://localhost:9"
        )
        return response

    @app.get("/<name>")
    def show(name: str) -> str:
        return f"<!doctype html><link rel=icon href='data:,'><title>x</title>{PAGES[name][0]}"

    @app.get("/refused")
    def refused() -> tuple[str, int]:
        return "<!doctype html><title>refused</title>", 422

    @app.get("/script.js")
    def script() -> Response:
        return Response("throw new Error('planted')", mimetype="text/javascript")

    @app.get("/nowhere.png")
    def nowhere() -> tuple[str, int]:
        return "", 404

    return app


@pytest.mark.parametrize("name", PAGES)
def test_it_notices(name: str, browser: Browser, live_server: str):
    context = browser.new_context()
    page = context.new_page()
    watch = Watch(page, live_server)

    page.goto(f"{live_server}/{name}", wait_until="networkidle")
    context.close()

    assert PAGES[name][1] in "\n".join(watch.problems)


def test_a_refused_form_is_no_problem(browser: Browser, live_server: str):
    context = browser.new_context()
    page = context.new_page()
    watch = Watch(page, live_server)

    page.goto(f"{live_server}/refused", wait_until="networkidle")
    context.close()

    assert watch.problems == []


def test_axe_runs_under_a_strict_policy(browser: Browser, live_server: str):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{live_server}/missing")

    found = accessibility.violations(page)
    context.close()

    assert any(fault.startswith("html-has-lang at html") for fault in found), found
