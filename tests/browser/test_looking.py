"""Seeing who somebody is, in a real browser: not by Back, not on paper, lists only sealed."""

from pathlib import Path

import pytest
import pyzipper
from playwright.sync_api import Error as PlaywrightError, Page, expect

from registry.consents.templates.wording import ItemText
from registry.identity import service
from registry.kernel import clock
from registry.participants.models import Participant
from registry.vocab import limits
from registry.vocab.consent import Use
from tests.browser.accessibility import violations
from tests.browser.hands import sign_in
from tests.factories.accounts import PASSWORD, People
from tests.factories.consents import ITEMS, make_consent, make_template
from tests.factories.identity import make_person
from tests.factories.participants import make_participant

pytestmark = pytest.mark.usefixtures("app")

STORED = "Lefèbvre-Durand"


@pytest.fixture
def known(actors: People) -> Participant:
    """A participant who agreed to be contacted again."""
    participant = make_participant(actors, person_uid=make_person(actors.nurse).person_uid)
    template = make_template(
        items=(*ITEMS, ItemText("recontact", "Contact me.", frozenset({Use.RECONTACT})))
    )
    make_consent(actors, participant, template=template)
    return participant


def reveal(page: Page, code: str) -> None:
    page.goto(f"/participants/{code}/identity")
    page.get_by_label("To contact the participant").check()
    page.get_by_label("In a few words").fill("Call about the next visit")
    page.get_by_role("button", name="Show the identity").click()
    expect(page.get_by_text(STORED)).to_be_visible()


def test_an_identity_that_was_left_does_not_come_back(page: Page, known: Participant):
    sign_in(page, "nurse")
    reveal(page, known.code)

    page.get_by_role("link", name="Hide it and go back").click()
    page.wait_for_url(f"**/participants/{known.code}")
    with pytest.raises(PlaywrightError, match="ERR_CACHE_MISS"):
        page.go_back()
    page.wait_for_url("chrome-error://**")

    expect(page.get_by_text(STORED)).to_have_count(0)


def test_an_identity_is_not_printed(page: Page, known: Participant):
    sign_in(page, "nurse")
    reveal(page, known.code)

    page.emulate_media(media="print")

    expect(page.get_by_text(STORED)).to_be_hidden()


def test_what_was_typed_is_kept_while_the_password_is_asked_again(
    page: Page, known: Participant, monkeypatch: pytest.MonkeyPatch
):
    sign_in(page, "nurse")
    page.goto(f"/participants/{known.code}/identity")
    page.get_by_label("To contact the participant").check()
    page.get_by_label("In a few words").fill("Call about the next visit")
    monkeypatch.setattr(limits, "CONFIRMATION_SECONDS", 0)
    page.get_by_role("button", name="Show the identity").click()

    expect(page.get_by_role("heading", name="Your password, please")).to_be_visible()
    expect(page.get_by_label("Your password")).to_be_focused()
    assert not violations(page)
    monkeypatch.undo()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_text(STORED)).to_be_visible()


def test_a_list_of_contacts_is_saved_as_a_sealed_file(
    page: Page, known: Participant, tmp_path: Path
):
    sign_in(page, "identity.officer")
    page.goto("/contacts")
    page.get_by_label("Only these participants").fill(known.shown_code)
    page.get_by_label("To invite the participants again").check()
    page.get_by_label("In a few words").fill("Invitation to the second visit")
    assert not violations(page)
    page.get_by_role("button", name="Make the list").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save the file").click()
    password = page.get_by_text("Password", exact=True).locator("xpath=following-sibling::dd[1]")

    file = tmp_path / saved.value.suggested_filename
    saved.value.save_as(file)
    with pyzipper.AESZipFile(file) as archive:
        inside = archive.read(archive.namelist()[0], pwd=password.inner_text().encode())
    assert file.name.startswith("contacts-")
    assert STORED in inside.decode("utf-8-sig")
    assert not violations(page)


def test_the_officer_marks_something_unusual_as_examined(
    page: Page, known: Participant, actors: People
):
    with clock.frozen(clock.now().replace(hour=1)):
        service.reveal(actors.nurse, known.person_uid, reason="Call about the next visit")
    sign_in(page, "dpo")
    page.goto("/reveals")
    expect(page.get_by_role("cell", name=known.shown_code)).to_be_visible()
    assert not violations(page)

    page.get_by_role("link", name="What is unusual").click()
    page.get_by_role("row", name="Looks at night").get_by_role("link", name="Open").click()
    expect(page.get_by_role("button", name="Mark as examined")).to_be_visible()
    assert not violations(page)
    page.get_by_label("What did you find?").fill("On call that night.")
    page.get_by_role("button", name="Mark as examined").click()

    expect(page.get_by_role("row", name="Looks at night")).to_contain_text("Examined")
    assert not violations(page)
