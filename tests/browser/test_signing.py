"""Consent in a real browser: a pile of papers by keyboard, and signing on a tablet."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from registry.consents.signing import proofs, service
from registry.consents.signing.models import Consent, ConsentProof
from registry.consents.templates import starter
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.vocab.consent import Audience, Language
from tests.browser.accessibility import violations
from tests.browser.hands import Hands, sign_in
from tests.factories.accounts import PASSWORD, People
from tests.factories.consents import make_template, signed_form
from tests.factories.participants import OPERATOR, make_participant
from tests.factories.scans import pdf, png
from tests.web.nurse import count

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.usefixtures("app")

TABLET = 820


@pytest.fixture
def participant(actors: People) -> Participant:
    return make_participant(actors)


def write_on(pad: Locator) -> None:
    """Draw something like a signature."""
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    mouse = pad.page.mouse
    mouse.move(box["x"] + 30, box["y"] + box["height"] / 2)
    mouse.down()
    for step in range(1, 16):
        height = box["height"] * (0.3 + 0.4 * (step % 2))
        mouse.move(box["x"] + 30 + step * 15, box["y"] + height)
    mouse.up()


class TestPile:
    def test_a_paper_of_k_questions_takes_k_and_two_actions(
        self, page: Page, participant: Participant
    ):
        """The scan of the label, one key for each question, and Enter."""
        form = make_template(language=Language.ENGLISH)
        sign_in(page, "nurse")
        page.goto("/participants/consents")
        hands = Hands(page)

        hands.type(participant.code)
        hands.press("Enter")
        expect(page.locator("input[type=radio]").first).to_be_focused()
        page.wait_for_load_state()
        for answer in ("1", "1", "2", "1"):
            hands.press(answer)
        hands.press("Enter")

        expect(page.get_by_text("The consent is recorded.")).to_be_visible()
        assert hands.actions == len(form.items) + 2
        registry_session.rollback()
        [consent] = registry_session.query(Consent).all()
        given = {one.item.code: one.answer.value for one in consent.answers}
        assert given == {
            "biobank": "accepted",
            "research": "accepted",
            "company": "refused",
            "genetics": "accepted",
        }

    def test_without_javascript_the_same_page_records(
        self, open_page: OpenPage, participant: Participant
    ):
        make_template(language=Language.ENGLISH)
        page = open_page(java_script_enabled=False)
        page.goto("/sign-in")
        page.fill("[name=login]", "nurse")
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.goto(f"/participants/{participant.code}/consents/new")
        for question in page.locator("fieldset.question").all():
            question.locator("input").first.check()

        page.locator("main form[method=post] button[type=submit]").first.click()

        assert count(Consent) == 1


class TestTablet:
    def test_both_sides_sign_and_take_the_copy(self, open_page: OpenPage, participant: Participant):
        starter.install(OPERATOR)
        page = open_page(width=TABLET, has_touch=True, locale="en-GB")
        sign_in(page, "nurse")
        page.goto(f"/participants/{participant.code}/consents/sign")

        questions = page.locator("fieldset.question")
        for question in questions.all():
            question.get_by_text("I agree", exact=True).click()
        questions.nth(2).get_by_text("I decline", exact=True).click()
        pads = page.locator("canvas:visible")
        for pad in pads.all():
            write_on(pad)
        page.get_by_role("button", name="Sign", exact=True).click()

        expect(page.get_by_role("heading", name="The form is signed")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download the copy").click()
        assert download.value.path().read_bytes().startswith(b"%PDF-")
        assert count(ConsentProof) == 1

    def test_a_signature_can_be_cleared_and_survives_a_refusal(
        self, open_page: OpenPage, participant: Participant
    ):
        make_template(language=Language.ENGLISH)
        page = open_page(width=TABLET, locale="en-GB")
        sign_in(page, "nurse")
        page.goto(f"/participants/{participant.code}/consents/sign")
        first, last = page.locator("canvas:visible").all()
        strokes = page.locator("input[name=drawn_self]")

        write_on(first)
        assert strokes.input_value()
        page.get_by_role("button", name="Clear (The participant)").click()
        assert not strokes.input_value()
        write_on(last)
        page.get_by_role("button", name="Sign", exact=True).click()

        expect(page.locator(".error-summary")).to_be_focused()
        assert page.locator("input[name=drawn_professional]").input_value()
        assert count(Consent) == 0


class TestSideBySide:
    def test_a_second_person_compares_and_says_so(
        self, open_page: OpenPage, actors: People, participant: Participant
    ):
        form = make_template(language=Language.ENGLISH)
        consent = service.record(actors.nurse, participant.id, signed_form(form))
        proofs.attach(actors.nurse, consent.id, [png()])
        page = open_page(locale="en-GB")
        sign_in(page, "dpo")
        page.goto(f"/participants/{participant.code}")

        page.get_by_role("link", name="Check with the scan").click()
        page.get_by_role("button", name="Open the scan").click()
        image = page.get_by_role("img", name="Scan 1 of the signed form")
        expect(image).to_have_js_property("naturalWidth", 8)
        page.get_by_label("In order", exact=True).check()
        page.get_by_role("button", name="Record the check").click()

        expect(page.get_by_text("The record is in order.")).to_be_visible()


class TestEverybody:
    @pytest.mark.parametrize(("language", "width"), [("fr", TABLET), ("en", 390), ("fr", 1280)])
    def test_the_pages_are_accessible_and_fit(
        self, app: Flask, open_page: OpenPage, actors: People, language: str, width: int
    ):
        starter.install(OPERATOR)
        participant = make_participant(actors, birth_year=None)
        minors = make_template(code="MINOR", audience=Audience.MINOR)
        form = make_template(proof_within_days=30)
        consent = service.record(actors.nurse, participant.id, signed_form(form))
        proofs.attach(actors.nurse, consent.id, [png(), pdf()])
        service.correct(actors.nurse, consent.id, signed_form(form), reason="misread")
        own = f"/participants/{participant.code}"
        one = f"{own}/consents/{consent.id + 1}"
        page = open_page(width=width)
        sign_in(page, "nurse", language)
        for path in (
            own, f"{own}/consents/new?form={minors.id}", f"{own}/consents/sign",
            f"{own}/consents/sign?form={minors.id}", f"{one}/scans", f"{one}/scan",
            f"{one}/signed", f"{one}/correct", "/participants/consents", "/participants/informed",
        ):  # fmt: skip
            page.goto(path)
            assert violations(page) == [], path
        page.goto(f"{one}/scan")
        page.locator("input[type=radio]").first.check()
        page.locator("textarea").fill("two answers ticked")
        page.locator("main button[type=submit]").click()
        expect(page.locator(".scan-shown").first).to_be_visible()
        assert violations(page) == []
