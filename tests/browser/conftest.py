"""The pages in a real Chromium, served by a real server on a free loopback port.

``page`` is a watched page in French; ``open_page`` opens further ones, each
with its own cookies, for jobs that take two people.  A test fails, whatever it
asserts, when one of its pages broke the content security policy, wrote an
error to the console, threw one, or asked another machine for anything.  On
failure each page's picture is left in ``build/screenshots``.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from tests.browser import chromium
from tests.browser.watch import Watch

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"

_outcome = pytest.StashKey[bool]()

OpenPage = Callable[..., Page]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember whether the test itself failed, for the pictures taken at its end."""
    report = yield
    if report.when == "call":
        item.stash[_outcome] = report.failed
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this directory is a browser test."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run; every page has a context of its own."""
    path = chromium.find()
    if path is None:
        pytest.fail("No Chromium was found: run `make browser`, or set CHROMIUM to its path.")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=chromium.arguments())
        yield started
        started.close()


@pytest.fixture
def live_server(application: Flask) -> Iterator[str]:
    """The address of the application, really served, on this test's own databases."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, name="live server")
    thread.start()
    yield f"http://localhost:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def open_page(
    browser: Browser, live_server: str, request: pytest.FixtureRequest
) -> Iterator[OpenPage]:
    """Open a watched page with its own cookies: ``open_page(locale="en-GB", width=320)``."""
    opened: list[tuple[BrowserContext, Page, Watch]] = []

    def open_one(*, locale: str = "fr-FR", width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server,
            locale=locale,
            timezone_id="Europe/Paris",
            viewport={"width": width, "height": 900},
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        opened.append((context, page, Watch(page, live_server)))
        return page

    yield open_one

    if request.node.stash.get(_outcome, True):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        for number, (_, page, _) in enumerate(opened, 1):
            name = f"{request.node.name}-{number}.png".replace("/", "_")
            page.screenshot(path=SCREENSHOTS / name, full_page=True)
    for context, _, _ in opened:
        context.close()
    problems = [problem for _, _, watch in opened for problem in watch.problems]
    assert not problems, "\n".join(["The pages had problems nobody saw:", *problems])


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A watched page of a person who reads French, not signed in."""
    return open_page()
