"""An act that an administrator defines, from its definition to a tube's chain of custody."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.hands import scan, sign_in
from tests.factories.accounts import People
from tests.factories.custody import make_received
from tests.factories.defined import do_act, make_act

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.usefixtures("app")


def test_it_is_defined_scanned_and_read(open_page: OpenPage, actors: People):
    tube = make_received(actors)
    office = open_page()
    sign_in(office, "admin")
    office.goto("/acts/new")
    office.get_by_label("Code").fill("SONIC")
    office.get_by_label("French name").first.fill("Passage aux ultrasons")
    office.get_by_label("English name").first.fill("Sonication")
    first = office.locator("details.more").first
    first.get_by_label("French name").fill("Durée")
    first.get_by_label("English name").fill("Duration")
    first.get_by_label("What it takes").select_option(label="A number")
    first.get_by_label("Unit of a number").fill("s")
    office.get_by_role("button", name="Define the act").click()
    expect(office.locator("body")).to_contain_text("“Sonication” is defined")

    bench = open_page()
    sign_in(bench, "technician")
    bench.goto("/samples/work")
    bench.get_by_role("link", name="Sonication").click()
    bench.get_by_label("Duration").fill("12,5")
    bench.get_by_label("Tubes").focus()
    scan(bench, tube.code, "VALIDER")
    expect(bench.locator("body")).to_contain_text("Sonication: tubes recorded: 1")
    bench.goto(f"/samples/{tube.code}")
    expect(bench.locator(".timeline")).to_contain_text("Duration: 12.5 s")


@pytest.mark.parametrize("width", [1280, 320])
def test_its_pages_can_be_read_by_everybody(open_page: OpenPage, actors: People, width: int):
    make_act(actors)
    tube = make_received(actors)
    do_act(actors, tube.code)
    for login, paths in (
        ("admin", ("/acts", "/acts/new", "/acts/SONIC")),
        ("technician", ("/samples/acts/SONIC", "/samples/work", f"/samples/{tube.code}")),
    ):
        page = open_page(width=width)
        sign_in(page, login)
        for path in paths:
            page.goto(path)
            assert violations(page) == [], path
