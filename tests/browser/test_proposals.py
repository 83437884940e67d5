"""A technician takes proposed tubes to their boxes, by scanning alone, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.hands import sign_in
from tests.factories.accounts import People
from tests.factories.custody import divide, make_received, place
from tests.factories.storage import make_box
from tests.web.technician import Now

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.usefixtures("app")


def scan(page: Page, code: str) -> None:
    """What a scanner types: the code, then Enter."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("width", [1280, 320])
def test_the_scanned_tube_lights_up_its_cell(open_page: OpenPage, actors: People, width: int):
    box = make_box(actors, rows=3, columns=4)
    box_code = box.unit.code
    parent = make_received(actors).code
    first, *tubes = (one.code for one in divide(actors, parent, *["0.5"] * 3))
    place(actors, box, first, "B2")
    page = open_page(width=width)
    sign_in(page, "technician")

    page.goto("/samples/proposed/new")
    for code in tubes:
        scan(page, code)
    scan(page, "VALIDER")
    expect(page.locator(f"tr[data-going={tubes[0]}]")).to_contain_text(first)
    assert violations(page) == []

    scan(page, box_code)
    expect(page.get_by_label("Tubes")).to_be_focused()
    scan(page, tubes[0])
    expect(page.locator("tr.going-now")).to_contain_text(tubes[0])
    expect(page.locator("td.going-now")).to_contain_text("B3")
    assert violations(page) == []
    scan(page, "VALIDER")
    expect(page.locator("#shown")).to_contain_text(tubes[0])
    assert Now(actors.technician).cell(tubes[0]) == "B3"
