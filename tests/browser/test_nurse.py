"""The nurse's whole job in a real browser: from a name to labelled tubes."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Error as PlaywrightError, Page, expect

from registry.consents.templates import starter
from registry.kernel import clock
from registry.participants.models import Participant
from registry.persistence import vault_session
from registry.vocab.people import ParticipantStatus
from tests import rendered
from tests.browser.accessibility import violations
from tests.browser.hands import scan, sign_in
from tests.factories.accounts import People
from tests.factories.consents import make_consent, make_template
from tests.factories.identity import make_person
from tests.factories.participants import OPERATOR, make_cohort, make_participant
from tests.web.nurse import count, french, only_participant

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def nurse(page: Page, actors: People) -> Page:
    make_cohort()
    starter.install(OPERATOR)
    sign_in(page, "nurse")
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


class TestTheWholeJob:
    def test_from_a_name_to_labelled_tubes(self, nurse: Page):
        self.look_for(nurse)
        self.include(nurse)
        self.record_consent(nurse)
        self.register_kit(nurse)
        self.print_labels(nurse)

        participant = only_participant()
        nurse.goto("/participants")
        expect(nurse.get_by_role("row", name=participant.shown_code)).to_contain_text("Allowed")
        assert "Lefebvre" not in nurse.content()

    def look_for(self, page: Page) -> None:
        """By keyboard alone: the first field has the focus."""
        page.goto("/participants/search")
        expect(page.get_by_label("Birth name")).to_be_focused()
        for typed in ("Lefebvre", "Amelie", "17/04/1962"):
            page.keyboard.type(typed)
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Nobody was found")).to_be_visible()
        assert "Lefebvre" not in page.url

    def include(self, page: Page) -> None:
        press(page, "Include this person")
        expect(page.get_by_label("Birth name")).to_have_value("Lefebvre")
        page.get_by_label("Sex").select_option(label="Female")
        page.get_by_label("Birthplace").fill("42218")
        page.get_by_label("Hospital identifier").fill("0042137")
        press(page, "Include the person")
        expect(page.get_by_text("was included.")).to_be_visible()
        assert "Lefebvre" not in page.content()

    def record_consent(self, page: Page) -> None:
        page.get_by_role("link", name="Record the consent").click()
        page.get_by_label("Information given on").fill(french(clock.today()))
        questions = page.locator("fieldset.question")
        for question in questions.all():
            question.get_by_label("Accepted").check()
        questions.filter(has_text="company").get_by_label("Declined").check()
        press(page, "Show what this allows")
        expect(page.get_by_role("row", name="Research with a company")).to_contain_text(
            "Not allowed"
        )
        press(page, "Save")
        expect(page.get_by_text("Samples may be collected.")).to_be_visible()

    def register_kit(self, page: Page) -> None:
        """n tubes are n scans: the last Enter sends, because nothing is missing any more."""
        page.get_by_role("link", name="Register the tubes").click()
        expect(page.get_by_label("Tube 1, code")).to_be_focused()
        scan(page, "T0001", "T0002")
        expect(page.locator("#kit-echo")).to_contain_text("T0002")
        scan(page, "T0003")
        expect(page.get_by_text("3 tubes are registered.")).to_be_visible()

    def print_labels(self, page: Page) -> None:
        form = page.locator("form[action='/labels']")
        values = form.locator("input, select").evaluate_all(
            "fields => Object.fromEntries(fields.map(one => [one.name, one.value]))"
        )
        sheet = page.request.post("/labels", form=values)
        assert sheet.headers["content-type"] == "application/pdf"
        assert rendered.codes(sheet.body()) == ["T0001", "T0002", "T0003"]


class TestDoubt:
    @pytest.fixture
    def known(self, actors: People) -> Participant:
        born = date(1962, 4, 7)
        person = make_person(actors.nurse, birth_date=born)
        return make_participant(actors, person_uid=person.person_uid)

    def test_a_near_duplicate_is_settled_side_by_side(self, nurse: Page, known: Participant):
        page = nurse
        self.include_the_exchanged_one(page)
        expect(page.get_by_text("was saved, to be confirmed")).to_be_visible()

        page.get_by_role("link", name="Compare the identities").click()
        page.get_by_label("Why do you look").fill("same paper file?")
        press(page, "Show both identities")
        both = page.get_by_role("region", name="Both identities")
        expect(both.get_by_role("row", name="Birth date")).to_contain_text("Exchanged")
        page.get_by_label("Same person").check()
        press(page, "Decide")

        expect(page.get_by_text("Both are now one person")).to_be_visible()
        page.goto(f"/participants/{known.code}")
        expect(page.get_by_text("Identity to be confirmed")).to_have_count(0)

    def include_the_exchanged_one(self, page: Page) -> None:
        page.goto("/participants/new")
        page.get_by_label("Birth name").fill("Lefebvre Durand")
        page.get_by_label("Given names").fill("Amelie Rose")
        page.get_by_label("Birth date").fill("04/07/1962")
        page.get_by_label("Birthplace").fill("Saint-Etienne")
        page.get_by_label("Sex").select_option(label="Female")
        page.get_by_label("Hospital identifier").fill("9999999")
        press(page, "Include the person")
        expect(page.get_by_text("Somebody known resembles this person")).to_be_visible()
        press(page, "Include the person")


class TestReveal:
    def test_the_identity_is_gone_when_one_goes_back(self, nurse: Page, actors: People):
        page = nurse
        person = make_person(actors.nurse)
        participant = make_participant(actors, person_uid=person.person_uid)
        page.goto(f"/participants/{participant.code}")

        page.get_by_role("link", name="See the identity").click()
        page.get_by_label("The participant asked").check()
        page.get_by_label("In a few words").fill("wants a letter")
        press(page, "Show the identity")
        expect(page.get_by_text("Lefèbvre-Durand")).to_be_visible()
        page.get_by_role("link", name="Hide it and go back").click()

        # The browser kept no copy, and does not send the reason again by itself.
        with pytest.raises(PlaywrightError, match="ERR_CACHE_MISS"):
            page.go_back()
        expect(page.get_by_text("Lefèbvre-Durand")).to_have_count(0)


class TestRefusals:
    def test_what_is_wrong_is_read_first_and_what_was_typed_stays(
        self, nurse: Page, actors: People
    ):
        page = nurse
        page.goto("/participants/new")
        page.get_by_label("Birth name").fill("Lefebvre")
        page.get_by_label("Birth date").fill("31/02/1980")
        press(page, "Include the person")

        expect(page.locator(".error-summary")).to_be_focused()
        expect(page.get_by_label("Birth date")).to_have_value("31/02/1980")
        page.get_by_role("link", name="There is no such day").click()
        expect(page.get_by_label("Birth date")).to_be_focused()
        assert count(Participant) == 0

    def test_enter_never_registers_half_a_kit(self, nurse: Page, actors: People):
        page = nurse
        participant = make_participant(actors)
        make_consent(actors, participant, template=make_template(), signed_on=clock.today())
        page.goto(f"/participants/{participant.code}/kits/new")

        scan(page, "T0001", "T0001")
        expect(page.locator("#kit-echo")).to_contain_text("was scanned already")
        expect(page.get_by_role("button", name="Register the tubes")).to_be_visible()
        page.get_by_label("Tube 2, code").fill("T0002")
        page.get_by_label("Tube 3, why it is missing").select_option(label="The draw failed")
        press(page, "Register the tubes")
        expect(page.get_by_text("2 tubes are registered.")).to_be_visible()


class TestEverybody:
    @pytest.mark.parametrize(("language", "width"), [("fr", 1280), ("en", 320)])
    def test_the_pages_are_accessible_and_fit(
        self, app: Flask, open_page: OpenPage, actors: People, language: str, width: int
    ):
        starter.install(OPERATOR)
        enrolled = make_person(actors.nurse, birth_date=date(1962, 4, 7))
        first = make_participant(actors, person_uid=enrolled.person_uid)
        doubt = make_person(
            actors.nurse,
            number="9999999",
            birth_date=date(1962, 7, 4),
            postal_code=None,
            town=None,
        )
        make_participant(actors, person_uid=doubt.person_uid, status=ParticipantStatus.TENTATIVE)
        consent = make_consent(actors, first, signed_on=clock.today())
        vault_session.rollback()
        page = open_page(width=width)
        sign_in(page, "nurse", language)
        own = f"/participants/{first.code}"
        for path in (
            "/", "/participants", "/participants/search", "/participants/new", own,
            f"{own}/identity", f"{own}/consents/new", f"{own}/consents/{consent.id}/correct",
            f"{own}/withdrawals/new", f"{own}/kits/new", "/reviews",
            f"/reviews/{doubt.reviews[0]}", f"/reviews/{doubt.reviews[0]}/history",
            "/reviews/decided",
        ):  # fmt: skip
            page.goto(path)
            assert violations(page) == [], path
