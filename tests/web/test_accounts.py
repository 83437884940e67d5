"""Administering accounts through the pages."""

import re
from collections.abc import Callable

import pytest

from registry.kernel.actor import Actor
from registry.vocab.people import Role
from tests.factories.accounts import PASSWORD, People, Sites
from tests.web.pages import Browser, text_of

NEW = "vache lilas tunnel bleu"
SignIn = Callable[[Actor], Browser]


@pytest.fixture
def admin(sign_in: SignIn, actors: People) -> Browser:
    """The administrator's browser."""
    return sign_in(actors.admin).speak("en")


def test_an_account_is_opened_given_a_role_and_used(admin: Browser, browser: Browser, sites: Sites):
    opened = admin.send("/accounts/new", login="paul.t", name="Paul T", email="", password=NEW)
    assert opened.status_code == 303
    page = opened.location
    assert "Now give it a role" in text_of(admin.get(page))

    given = admin.send(f"{page}/roles", page=page, role=Role.NURSE.value, site_id=str(sites.paris))
    assert given.status_code == 303
    assert "Hôpital de Paris" in text_of(admin.get(page))

    assert browser.send("/sign-in", login="paul.t", password=NEW).status_code == 303
    assert browser.get("/").location == "/account/password"


def test_a_taken_name_is_refused_at_its_field_and_the_form_keeps_what_was_typed(admin: Browser):
    page = admin.send("/accounts/new", login="nurse", name="Another Nurse", password=NEW)

    assert page.status_code == 422
    assert '<a href="#login">' in page.text
    assert 'value="Another Nurse"' in page.text


def test_a_role_is_taken_back(admin: Browser, actors: People):
    page = f"/accounts/{actors.nurse.id}"
    assert "Research nurse" in text_of(admin.get(page)).split("Give a role")[0]

    assert admin.send(f"{page}/roles/revoke", page=page).status_code == 303

    assert "Research nurse" not in text_of(admin.get(page)).split("Give a role")[0]


def test_the_same_role_twice_is_refused_on_the_page(admin: Browser, actors: People, sites: Sites):
    page = f"/accounts/{actors.nurse.id}"

    answer = admin.send(f"{page}/roles", page=page, role=Role.NURSE.value, site_id=str(sites.paris))

    assert answer.status_code == 409
    assert "holds this role there already" in text_of(answer)


def test_an_account_is_disabled_and_enabled(admin: Browser, browser: Browser, actors: People):
    page = f"/accounts/{actors.nurse.id}"

    admin.send(f"{page}/disable", page=page)
    assert "Disabled" in text_of(admin.get(page))
    assert browser.send("/sign-in", login="nurse", password=PASSWORD).status_code == 401

    admin.send(f"{page}/enable", page=page)
    assert browser.send("/sign-in", login="nurse", password=PASSWORD).status_code == 303


def test_a_lost_password_is_replaced_for_one_sign_in(
    admin: Browser, browser: Browser, actors: People
):
    page = f"/accounts/{actors.nurse.id}"
    weak = admin.send(f"{page}/password", page=page, password="motdepasse12345")
    assert weak.status_code == 422
    assert "easily guessed" in text_of(weak)

    assert admin.send(f"{page}/password", page=page, password=NEW).status_code == 303

    assert browser.send("/sign-in", login="nurse", password=NEW).status_code == 303
    assert browser.get("/account").location == "/account/password"


def test_ones_own_account_offers_nothing_to_change(admin: Browser, actors: People):
    page = admin.get(f"/accounts/{actors.admin.id}").text

    assert not re.findall(r'action="/accounts/\d+/', page)


def test_a_site_is_opened(admin: Browser):
    assert admin.send("/accounts/sites/new", code="nte", name="Nantes", kind="").status_code == 422

    admin.send("/accounts/sites/new", code="nte", name="Nantes", kind="hospital")

    assert "NTE Nantes" in text_of(admin.get("/accounts"))


def test_what_is_typed_as_a_name_is_inert_wherever_it_is_shown(admin: Browser, sign_in: SignIn):
    planted = "<script>alert(1)</script>"
    location = admin.send("/accounts/new", login="x.planted", name=planted, password=NEW).location

    for path in (location, "/accounts"):
        page = admin.get(path).text
        assert planted not in page
        assert "&lt;script&gt;" in page


def test_an_account_that_does_not_exist_is_not_found(admin: Browser):
    assert admin.get("/accounts/999999").status_code == 404
