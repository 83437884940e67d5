"""The shell in a real browser: keyboard, scanner, focus, narrow screens."""

from collections.abc import Callable

import pytest
from flask import Blueprint, Flask, render_template_string, request
from playwright.sync_api import Page, expect
from wtforms import StringField, TextAreaField

from registry.access import Permission
from registry.accounts import service
from registry.kernel.messages import T
from registry.web.forms.base import SchemaForm
from registry.web.guards import requires
from schemas.base import Shape
from schemas.fields import ScanCode, ScanCodes
from tests.browser.accessibility import violations
from tests.browser.hands import scan, sign_in
from tests.factories.accounts import PASSWORD, People

OpenPage = Callable[..., Page]


class TrayIn(Shape):
    box = ScanCode(required=True)
    first = ScanCode(required=True)
    second = ScanCode()
    codes = ScanCodes()


class TrayForm(SchemaForm):
    schema = TrayIn

    box = StringField(T("Box"))
    first = StringField(T("First tube"))
    second = StringField(T("Second tube"))
    codes = TextAreaField(T("Tubes"))


PAGE = """{% extends "base.html" %}{% import "_parts/forms.html" as forms %}
{% block title %}Tray{% endblock %}{% block content %}<h1>Tray {{ request.method }}</h1>
{% call forms.form_for(form) %}
{% if "list" in request.path %}{{ forms.scan_list(form.codes) }}
{% else %}{{ forms.scan(form.box, first=true) }}{{ forms.scan(form.first) }}
{{ forms.scan(form.second) }}{% endif %}
{{ forms.actions("Send") }}{% endcall %}{% endblock %}"""


@pytest.fixture
def posts(application: Flask) -> list[dict[str, str]]:
    """What was posted to the scanning pages, in order."""
    received: list[dict[str, str]] = []
    bp = Blueprint("scanning", __name__)

    @bp.route("/scanning/<kind>", methods=["GET", "POST"])
    @requires(Permission.ACCOUNT_OWN)
    def scanning(kind: str) -> str:
        if request.method == "POST":
            received.append(request.form.to_dict())
        return render_template_string(PAGE, form=TrayForm())

    application.register_blueprint(bp)
    return received


class TestTheKeyboard:
    def test_everything_up_to_the_first_scan_needs_no_mouse(self, page: Page, actors: People):
        sign_in(page)

        expect(page.get_by_label("Scan or type a code")).to_be_focused()
        scan(page, "nothing")
        expect(page.get_by_text("Nothing with the code “NOTHING”")).to_be_visible()

    def test_the_first_stop_leads_past_the_menu(self, page: Page, actors: People):
        sign_in(page, "admin")
        page.goto("/accounts")
        page.keyboard.press("Tab")
        expect(page.get_by_text("Skip to the content")).to_be_focused()
        page.keyboard.press("Enter")

        expect(page.locator("#content")).to_be_focused()

    def test_a_slash_goes_to_the_scan_field(self, page: Page, actors: People):
        sign_in(page)
        page.goto("/account")
        page.keyboard.press("/")

        expect(page.locator("#quick-code")).to_be_focused()
        expect(page.locator("#quick-code")).to_have_value("")

    def test_single_key_shortcuts_can_be_switched_off(self, app: Flask, page: Page, actors: People):
        service.set_preferences(actors.nurse, language="en", shortcuts=False)
        sign_in(page)
        page.goto("/account")
        page.keyboard.press("/")

        expect(page.locator("#quick-code")).not_to_be_focused()

    def test_what_is_wrong_is_read_first_and_leads_to_the_field(self, page: Page, actors: People):
        sign_in(page)
        page.goto("/account/password")
        page.get_by_role("button", name="Change the password").click()

        expect(page.locator(".error-summary")).to_be_focused()
        page.get_by_role("link", name="New password: Fill in this field.").click()
        expect(page.get_by_label("New password", exact=True)).to_be_focused()


class TestScanning:
    def test_each_scan_ends_a_line_and_a_repeated_one_is_taken_out(
        self, page: Page, actors: People, posts: list[dict[str, str]]
    ):
        sign_in(page)
        page.goto("/scanning/list")
        field, echo = page.get_by_label("Tubes"), page.locator("#codes-echo")
        expect(field).to_be_focused()

        scan(page, "t1")
        expect(echo).to_have_text("T1 Scanned: 1")
        scan(page, "t2")
        expect(field).to_have_value("T1\nT2\n")
        scan(page, "t1")
        expect(echo).to_have_text("T1 was scanned already")
        expect(echo).to_have_class("scan-echo scan-bad")
        expect(field).to_have_value("T1\nT2\n")
        assert posts == []

    def test_enter_goes_on_to_the_next_field_and_sends_when_all_are_filled(
        self, page: Page, actors: People, posts: list[dict[str, str]]
    ):
        sign_in(page)
        page.goto("/scanning/fields")
        scan(page, "b1")
        expect(page.get_by_label("First tube")).to_be_focused()
        assert posts == []

        scan(page, "t1")
        expect(page.get_by_role("heading", level=1)).to_have_text("Tray POST")

        assert [(sent["box"], sent["first"]) for sent in posts] == [("B1", "T1")]

    def test_one_code_in_two_fields_is_refused_before_it_is_sent(
        self, page: Page, actors: People, posts: list[dict[str, str]]
    ):
        sign_in(page)
        page.goto("/scanning/fields")
        scan(page, "b1")
        scan(page, "b1")

        expect(page.locator("#first-echo")).to_have_text("B1 was scanned already")
        expect(page.get_by_label("First tube")).to_be_focused()
        assert posts == []

    def test_a_form_is_sent_once_however_often_the_button_is_pressed(
        self, page: Page, actors: People, posts: list[dict[str, str]]
    ):
        sign_in(page)
        page.goto("/scanning/list")
        page.get_by_label("Tubes").fill("T1")
        page.get_by_role("button", name="Send").dblclick()
        expect(page.get_by_role("heading", level=1)).to_have_text("Tray POST")

        assert len(posts) == 1

    def test_without_scripts_the_pages_work_too(
        self, open_page: OpenPage, actors: People, posts: list[dict[str, str]]
    ):
        page = open_page(java_script_enabled=False)
        page.goto("/sign-in")
        page.locator("#login").fill("nurse")
        page.locator("#password").fill(PASSWORD)
        page.locator("main button[type=submit]").click()
        page.goto("/scanning/list")
        page.locator("#codes").press_sequentially("t1\nt2\n")
        page.locator("main button[type=submit]").click()

        assert [sent["codes"].split() for sent in posts] == [["t1", "t2"]]


class TestEverybody:
    @pytest.mark.parametrize("width", [320, 1280])
    def test_the_pages_are_accessible_and_fit(
        self, open_page: OpenPage, actors: People, width: int
    ):
        page = open_page(width=width)
        page.goto("/sign-in")
        assert violations(page) == []
        sign_in(page, "admin")
        for path in ("/", "/account", "/account/password", "/accounts", "/accounts/new",
                     f"/accounts/{actors.nurse.id}", "/accounts/sites/new"):  # fmt: skip
            page.goto(path)
            assert violations(page) == []

    def test_error_pages_are_accessible(self, page: Page, actors: People):
        sign_in(page)
        page.goto("/nowhere")
        assert violations(page) == []
        page.goto("/accounts")
        assert violations(page) == []

    def test_targets_are_large_enough_to_hit(self, page: Page, actors: People):
        sign_in(page, "admin")
        page.goto(f"/accounts/{actors.nurse.id}")
        small = page.evaluate(
            """() => [...document.querySelectorAll("button, input:not([type=hidden]), select")]
            .filter(one => one.offsetParent && (one.offsetHeight < 24 || one.offsetWidth < 24))
            .map(one => one.outerHTML)"""
        )

        assert small == []

    def test_what_is_typed_as_a_name_never_runs(self, page: Page, actors: People):
        planted = "<script>document.title='run'</script><img src=x onerror=document.title='run'>"
        sign_in(page, "admin")
        page.goto("/accounts/new")
        page.get_by_label("First and last name").fill(planted)
        page.get_by_label("Sign-in name").fill("planted")
        page.get_by_label("First password").fill("vache lilas tunnel bleu")
        page.get_by_role("button", name="Open the account").click()
        page.wait_for_url("**/accounts/*")
        expect(page.get_by_role("heading", level=1)).to_have_text(planted)
        page.goto("/accounts")

        assert "run" not in page.title()
