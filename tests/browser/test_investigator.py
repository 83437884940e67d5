"""The investigator's and the data manager's whole jobs in a real browser, side by side."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from registry.applications.models import Application
from registry.kernel import clock
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.vocab.applications import State, Variable
from registry.vocab.consent import Answer
from tests.browser.accessibility import violations
from tests.browser.hands import sign_in
from tests.factories.accounts import People
from tests.factories.applications import make_application, make_donors, make_varied_donors
from tests.factories.consents import make_withdrawal

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def donors(actors: People) -> list[Participant]:
    """Sixty people who agreed to research, and twelve who refused it."""
    agreed = make_varied_donors(actors, 60)
    make_donors(actors, 12, answers={"research": Answer.REFUSED})
    return agreed


@pytest.fixture
def investigator(page: Page, actors: People) -> Page:
    sign_in(page, "investigator")
    return page


@pytest.fixture
def data_manager(open_page: OpenPage, actors: People) -> Page:
    page = open_page()
    sign_in(page, "data.manager")
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def download(page: Page) -> bytes:
    with page.expect_download() as waiting:
        press(page, "Download the extract")
    return Path(waiting.value.path()).read_bytes()


class TestTheWholeJob:
    def test_from_a_count_to_the_extract(
        self, investigator: Page, data_manager: Page, donors: list[Participant]
    ):
        self.count(investigator)
        address = self.ask(investigator)
        self.decide(data_manager)
        self.produce(data_manager)

        investigator.goto(address)
        expect(investigator.get_by_text("The question is clear.").first).to_be_visible()
        self.check(download(investigator), donors)
        investigator.reload()
        expect(investigator.get_by_text("Extract downloaded").first).to_be_visible()

    def count(self, page: Page) -> None:
        """One criterion and one press from the first page."""
        page.get_by_role("navigation", name="Main menu").get_by_role(
            "link", name="Catalogue"
        ).click()
        page.get_by_label("Serum").check()
        press(page, "Count")
        expect(page.locator(".total-figures")).to_contain_text("60 participants")
        women = page.get_by_role("row", name="Female")
        expect(women).to_contain_text("40")

    def ask(self, page: Page) -> str:
        """The criteria come along; what is typed is the project."""
        page.get_by_role("link", name="Ask for an extract of these").click()
        expect(page.get_by_label("Serum")).to_be_checked()
        page.get_by_label("Title").fill("Interferon signature")
        page.get_by_label("Research question").fill("Does the signature precede the flares?")
        page.get_by_label("Who receives the extract").fill("Unité Inserm 1234")
        variables = page.get_by_role("group", name="Variables")
        for name in ("Sex", "Sample type", "Remaining quantity"):
            variables.get_by_label(name).check()
        press(page, "Send the request")
        expect(page.get_by_text("has been sent to the data managers")).to_be_visible()
        return page.url

    def decide(self, page: Page) -> None:
        """From the menu to the decision: the request, what was found, yes, why."""
        page.get_by_role("navigation", name="Main menu").get_by_role(
            "link", name="Requests"
        ).click()
        page.get_by_role("link", name="D-").click()
        page.get_by_role("link", name="Decide").click()
        found = page.get_by_role("region", name="What the registry finds today")
        expect(found).to_contain_text("60 participants")
        expect(found).to_contain_text("The participant refused this")
        page.get_by_label("Approve the request").check()
        page.get_by_label("Reason").fill("The question is clear.")
        press(page, "Record the decision")
        expect(page.get_by_text("has been approved")).to_be_visible()

    def produce(self, page: Page) -> None:
        press(page, "Produce the extract")
        expect(page.get_by_text("The requester alone can download it")).to_be_visible()
        expect(page.get_by_role("button", name="Download the extract")).to_have_count(0)

    def check(self, content: bytes, donors: list[Participant]) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        manifest = json.loads(files["manifest.json"])
        text = files["samples.csv"].decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))

        assert [file["sha256"] for file in manifest["files"]] == [
            hashlib.sha256(files[file["name"]]).hexdigest() for file in manifest["files"]
        ]
        assert list(rows[0]) == [
            *("participant", "sample", "sex", "sample_type", "remaining_quantity", "unit")
        ]
        assert len({row["participant"] for row in rows}) == len(donors) == 60
        assert not [donor for donor in donors if donor.code in text or donor.person_uid in text]


def test_a_withdrawal_is_in_time_until_the_last_moment(
    investigator: Page, data_manager: Page, donors: list[Participant], actors: People
):
    made = make_application(actors, state=State.PRODUCED)
    investigator.goto(f"/applications/{made.number}")
    make_withdrawal(actors, donors[0], effective_on=clock.today())

    press(investigator, "Download the extract")

    expect(investigator.get_by_role("alert")).to_contain_text("It was recalled")
    data_manager.goto(f"/applications/{made.number}")
    press(data_manager, "Produce the extract")
    investigator.goto(f"/applications/{made.number}")
    assert download(investigator)


def test_a_refusal_is_read_with_its_reason(investigator: Page, data_manager: Page, actors: People):
    sent = make_application(actors, state=State.SUBMITTED)
    data_manager.goto(f"/applications/{sent.number}/decide")
    data_manager.get_by_label("Refuse the request").check()
    press(data_manager, "Record the decision")
    expect(data_manager.get_by_role("alert")).to_contain_text("Give the reason")

    data_manager.get_by_label("Reason").fill("The question is not specific.")
    press(data_manager, "Record the decision")
    investigator.goto(f"/applications/{sent.number}")

    expect(investigator.get_by_text("The question is not specific.").first).to_be_visible()


def test_the_count_works_by_keyboard_alone(investigator: Page, donors: list[Participant]):
    investigator.goto("/catalogue")
    investigator.get_by_label("Collected from (year)").focus()
    investigator.keyboard.type("2026")
    investigator.keyboard.press("Enter")

    expect(investigator.locator(".total-figures")).to_contain_text("60 participants")


class TestEveryPage:
    @pytest.fixture
    def addresses(
        self, investigator: Page, donors: list[Participant], actors: People
    ) -> Iterator[list[str]]:
        made: list[Application] = [
            make_application(actors, state=state, variables=tuple(Variable)) for state in State
        ]
        investigator.goto("/catalogue")
        press(investigator, "Count")
        yield [
            investigator.url,
            "/catalogue",
            "/applications",
            "/applications/new",
            f"/applications/{made[0].number}/edit",
            f"/applications/{made[0].number}/withdraw",
            *(f"/applications/{one.number}" for one in made),
        ]
        registry_session.rollback()

    @pytest.mark.parametrize("width", [1280, 320])
    def test_is_accessible(self, investigator: Page, addresses: list[str], width: int):
        investigator.set_viewport_size({"width": width, "height": 800})
        found = {}
        for address in addresses:
            investigator.goto(address)
            if faults := violations(investigator):
                found[address] = faults

        assert not found

    def test_of_the_data_manager_is_accessible_too(
        self, data_manager: Page, donors: list[Participant], actors: People
    ):
        sent = make_application(actors, state=State.SUBMITTED)
        approved = make_application(actors, state=State.APPROVED)
        found = {}
        for address in (
            "/applications",
            f"/applications/{sent.number}",
            f"/applications/{sent.number}/decide",
            f"/applications/{approved.number}",
        ):
            data_manager.goto(address)
            if faults := violations(data_manager):
                found[address] = faults

        assert not found
