"""The pages of the tray, on a wide and a narrow screen, for everybody."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from registry.samples.tray import queries
from tests.browser.accessibility import violations
from tests.browser.hands import scan, sign_in
from tests.factories.accounts import People
from tests.factories.samples import make_consenting_participant
from tests.factories.tray import lay

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.usefixtures("app")


def test_a_tube_is_laid_into_the_tray_and_its_participant_scanned(
    open_page: OpenPage, actors: People
):
    participant = make_consenting_participant(actors)
    bench = open_page()
    sign_in(bench, "technician")
    bench.goto("/tray/new")
    bench.get_by_label("Tray").fill("Fridge 2")
    bench.get_by_label("Sent by").select_option(label="Hôpital de Paris")
    bench.get_by_label("Volume of each").fill("5")
    # In a small field it goes on to the codes.
    bench.keyboard.press("Enter")

    scan(bench, "EXT-1", "VALIDER")
    expect(bench.locator("body")).to_contain_text("wait in the tray Fridge 2: 1")
    [tube] = queries.waiting(actors.technician)

    ward = open_page()
    sign_in(ward, "nurse")
    ward.goto(f"/tray/{tube.id}/attach")
    scan(ward, participant.code)
    expect(ward.get_by_role("heading", name="Attach EXT-1")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 320])
def test_the_pages_of_the_tray_can_be_read_by_everybody(
    open_page: OpenPage, actors: People, width: int
):
    [tube] = lay(actors)
    participant = make_consenting_participant(actors)
    one = f"/tray/{tube.id}"
    for login, paths in (
        ("technician", ("/tray", "/tray/new", f"{one}/reject")),
        ("nurse", (one, f"{one}/attach", f"{one}/attach?participant={participant.code}")),
    ):
        page = open_page(width=width)
        sign_in(page, login)
        for path in paths:
            page.goto(path)
            assert violations(page) == [], path
