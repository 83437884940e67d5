"""A technician with a rack scanner, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from registry.vocab.racks import RackPreset
from tests.browser.accessibility import violations
from tests.browser.hands import sign_in
from tests.factories.accounts import People
from tests.factories.custody import make_aliquots, make_stored
from tests.factories.racks import written
from tests.factories.storage import make_box
from tests.web.technician import Now

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.usefixtures("app")


def test_a_rack_of_96_tubes_is_placed_with_two_actions(page: Page, actors: People):
    box = make_box(actors, rows=8, columns=12)
    tubes = make_aliquots(actors, *["0.05"] * 96)
    wells = zip(box.grid.cells(), (tube.code for tube in tubes), strict=True)
    file = {"name": "scan.csv", "mimeType": "text/csv",
            "buffer": written(RackPreset.POSITION_TUBE, wells)}  # fmt: skip
    sign_in(page, "technician")
    page.goto(f"/storage/from-file?box={box.unit.code}")

    page.get_by_label("File of the rack scanner").set_input_files(file)
    expect(page.get_by_role("button", name="Record these tubes")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_text("96 tubes placed, 0 moved")).to_be_visible()
    assert Now(actors.technician).cell(tubes[95].code) == "H12"


@pytest.mark.parametrize("width", [1280, 390])
def test_the_preview_says_everything_and_fits_the_screen(
    open_page: OpenPage, actors: People, width: int
):
    box = make_box(actors, rows=4, columns=6)
    there = make_stored(actors, box=box, cell="A1")
    taken = make_stored(actors, box=box, cell="B2")
    fitting, other = make_aliquots(actors, "0.1", "0.1")
    cells = {(1, 1): there.code, (1, 2): fitting.code, (2, 2): other.code, (3, 3): "NO READ",
             (4, 6): "NOBODY"}  # fmt: skip
    file = {"name": "scan.txt", "mimeType": "text/plain",
            "buffer": written(RackPreset.TRAKMATE, cells.items(), separator=";")}  # fmt: skip
    page = open_page(width=width)
    sign_in(page, "technician")
    page.goto(f"/storage/from-file?box={box.unit.code}")
    page.get_by_label("File of the rack scanner").set_input_files(file)

    expect(page.get_by_text("Cell B2 is taken.")).to_be_visible()
    expect(page.get_by_text(taken.code)).to_have_count(0)
    expect(page.locator(".laid-stop")).to_have_count(3)
    assert violations(page) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_an_inventory_tells_the_differences_and_room_is_shown(
    open_page: OpenPage, actors: People, width: int
):
    box = make_box(actors, rows=4, columns=6)
    there = make_stored(actors, box=box, cell="A1")
    missing = make_stored(actors, box=box, cell="B2")
    cells = {(1, 1): there.code, (4, 6): "NOBODY"}
    file = {"name": "scan.csv", "mimeType": "text/csv",
            "buffer": written(RackPreset.POSITION_TUBE, cells.items())}  # fmt: skip
    page = open_page(width=width)
    sign_in(page, "technician")
    page.goto(f"/storage/inventory?box={box.unit.code}")
    page.get_by_label("File of the rack scanner").set_input_files(file)
    expect(page.get_by_role("row", name=missing.code).first).to_contain_text("Not found")
    assert violations(page) == []
    page.get_by_label("Reason").fill("yearly inventory")
    page.get_by_role("button", name="Accept this inventory").click()
    page.goto(f"/samples/{missing.code}")
    expect(page.get_by_text("Not found at the inventory")).to_be_visible()

    page.goto("/storage/room?free=3")
    expect(page.get_by_role("img", name="How full each freezer is")).to_be_visible()
    assert violations(page) == []
