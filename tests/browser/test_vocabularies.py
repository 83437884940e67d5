"""The page of a vocabulary, on a wide and a narrow screen, for everybody."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.hands import sign_in
from tests.factories.accounts import People

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize("width", [1280, 320])
def test_a_term_is_added_and_retired(open_page: OpenPage, actors: People, width: int):
    page = open_page(width=width)
    sign_in(page, "admin")
    page.goto("/vocabularies")
    page.get_by_label("French name").fill("Dosage ELISA")
    page.get_by_label("English name").fill("ELISA")
    page.get_by_label("It refines").select_option(label="Analysis")

    page.get_by_role("button", name="Add the term").click()
    page.get_by_role("button", name="Offer no longer: ELISA").click()

    expect(page.get_by_role("button", name="Offer again: ELISA")).to_be_visible()
    assert violations(page) == []
