"""A second person signs at a colleague's screen with a badge and a PIN, by scanner and keys."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from registry.vocab.consent import WithdrawalEffect
from tests.browser.accessibility import violations
from tests.browser.hands import scan, sign_in
from tests.factories.accounts import BADGE, PIN, People, make_badge
from tests.factories.consents import make_withdrawal
from tests.factories.custody import make_stored
from tests.factories.samples import make_consenting_participant

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.usefixtures("app")


def test_a_badge_is_enrolled_and_signs_with_its_pin_without_a_mouse(
    open_page: OpenPage, actors: People
):
    participant = make_consenting_participant(actors)
    tube = make_stored(actors, participant=participant)
    make_withdrawal(actors, participant, effects=[WithdrawalEffect.DESTROY_SAMPLES])
    own = open_page()
    sign_in(own, "nurse")
    own.goto("/account/badge")
    own.get_by_label("Badge").focus()
    scan(own, BADGE, PIN, PIN)
    expect(own.locator("body")).to_contain_text("Your badge is enrolled.")

    bench = open_page()
    sign_in(bench, "technician")
    bench.goto("/samples/destroy")
    scan(bench, tube.code)
    bench.get_by_label("Autoclave, then infectious waste").focus()
    bench.keyboard.press("Space")
    bench.get_by_label("Witness’s badge").focus()
    scan(bench, BADGE)
    expect(bench.locator("body")).not_to_contain_text(BADGE)
    scan(bench, PIN)

    expect(bench.locator("body")).to_contain_text("Tubes destroyed: 1.")


@pytest.mark.parametrize("width", [1280, 320])
def test_the_pages_of_badges_can_be_read_by_everybody(
    open_page: OpenPage, actors: People, width: int
):
    make_badge(actors.technician)
    for login, paths in (
        ("technician", ("/account/badge", "/samples/destroy")),
        ("admin", ("/account/badge", f"/accounts/{actors.technician.id}/badge")),
    ):
        page = open_page(width=width)
        sign_in(page, login)
        for path in paths:
            page.goto(path)
            assert violations(page) == [], path
