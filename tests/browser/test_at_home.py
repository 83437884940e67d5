"""A participant at home, on a telephone: the code, the dossier, the file, opposition."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from registry.dossiers import queries
from tests.browser.accessibility import violations
from tests.factories.accounts import People
from tests.factories.custody import make_stored
from tests.factories.dossiers import make_link
from tests.factories.samples import make_consenting_participant

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.usefixtures("app")

PHONE = 390


@pytest.fixture
def letters(actors: People) -> tuple[str, str]:
    """The path of a link and its code, for a participant with samples."""
    participant = make_consenting_participant(actors)
    make_stored(actors, participant=participant)
    _link, token, code = make_link(actors, participant)
    return f"/dossier/{token}", code


def enter(page: Page, letters: tuple[str, str]) -> None:
    page.goto(letters[0])
    page.fill("[name=code]", letters[1])
    page.click("main button[type=submit]")
    expect(page).to_have_url(page.url.partition("/dossier")[0] + "/dossier/")


@pytest.mark.parametrize("width", [PHONE, 1280])
def test_the_dossier_is_accessible(width: int, open_page: OpenPage, letters: tuple[str, str]):
    page = open_page(width=width)
    page.goto(letters[0])
    assert not violations(page)
    enter(page, letters)

    assert not violations(page)


def test_everything_is_opposed_with_a_few_taps(
    open_page: OpenPage, letters: tuple[str, str], actors: People
):
    page = open_page(width=PHONE)
    enter(page, letters)
    page.get_by_role("button", name="English").click()
    page.get_by_role("link", name="Oppose").click()
    expect(page.get_by_role("button", name="Send: stop it now")).to_be_visible()
    assert not violations(page)
    page.get_by_label("Everything: nothing of mine is used any more").check()
    page.get_by_role("button", name="Send: stop it now").click()

    expect(page.get_by_text("It is done")).to_be_visible()
    assert queries.waiting(actors.nurse) == 1
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", name="Nothing is open")).to_be_visible()
