"""Including by keyboard alone: one page, and no more actions than were promised."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from registry.participants.models import Participant
from tests.browser.hands import Hands, sign_in
from tests.factories.accounts import People
from tests.factories.identity import make_person
from tests.factories.participants import make_cohort, make_participant
from tests.web.nurse import count

pytestmark = pytest.mark.usefixtures("app")

#: One page, seven actions and what is typed, from the open page to the printed label.
ACTIONS_MAX = 7


@pytest.fixture
def known(actors: People) -> Participant:
    """Somebody whose day and month of birth are exchanged in what is typed below."""
    person = make_person(actors.nurse, birth_date=date(1962, 4, 7))
    return make_participant(actors, person_uid=person.person_uid)


def five_fields(page: Page, born: str) -> Hands:
    """Type who it is and press Enter in the last field."""
    page.goto("/participants/new")
    expect(page.locator("[name=birth_name]")).to_be_focused()
    hands = Hands(page)
    for typed in ("Lefebvre Durand", "Amelie Rose", born, "F"):
        hands.type(typed)
        hands.press("Tab")
    hands.type("9999999")
    hands.press("Enter")
    return hands


@pytest.mark.parametrize("language", ["en", "fr"])
def test_somebody_new_is_included_and_the_label_is_there(page: Page, actors: People, language: str):
    make_cohort()
    sign_in(page, "nurse", language)

    with page.expect_download() as label:
        hands = five_fields(page, "17/04/1962")

    page.wait_for_url("**/participants/*")
    assert hands.actions <= ACTIONS_MAX - 2
    assert label.value.suggested_filename.startswith("participant-")
    assert "Lefebvre" not in page.content() + page.url
    assert count(Participant) == 1


@pytest.mark.parametrize(
    ("keys", "participants", "told"),
    [
        (["Enter"], 2, "to be confirmed"),
        (["ArrowDown", "Enter"], 2, "was included."),
        (["ArrowUp", "Enter"], 1, "already included"),
    ],
    ids=["not sure", "not the same", "the same"],
)
def test_somebody_who_resembles_is_answered_about_on_the_same_page(
    page: Page, known: Participant, keys: list[str], participants: int, told: str
):
    sign_in(page, "nurse")
    hands = five_fields(page, "04/07/1962")
    expect(page.get_by_text("Somebody known resembles this person")).to_be_visible()
    expect(page.get_by_label("Not sure")).to_be_focused()
    assert count(Participant) == 1

    hands.press(*keys)

    expect(page.get_by_text(told).first).to_be_visible()
    assert page.url.rsplit("/", 1)[0].endswith("/participants")
    assert hands.actions <= ACTIONS_MAX
    assert count(Participant) == participants


def test_a_pair_is_decided_by_keyboard_alone(page: Page, known: Participant):
    sign_in(page, "nurse")
    hands = five_fields(page, "04/07/1962")
    expect(page.get_by_label("Not sure")).to_be_focused()
    hands.press("Enter")
    page.get_by_role("link", name="Compare the identities").focus()
    hands = Hands(page)
    hands.press("Enter")
    expect(page.locator("[name=reason]")).to_be_focused()
    hands.type("same paper file?")
    hands.press("Tab", "Enter")
    expect(page.get_by_label("Same person")).to_be_focused()
    assert page.locator("mark").count() > 0
    hands.press("Space", "Enter")

    expect(page.get_by_text("Both are now one person")).to_be_visible()
