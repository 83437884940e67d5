"""The sign-in page, and what becomes of the session."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from registry.accounts import service
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.vocab import limits
from registry.vocab.people import Role
from tests.factories.accounts import PASSWORD, People, Sites
from tests.web.pages import Browser, text_of

NOON = datetime(2026, 3, 12, 11, tzinfo=UTC)
NEW = "vache lilas tunnel bleu"
SignIn = Callable[[Actor], Browser]


def is_in(browser: Browser) -> bool:
    return browser.get("/").status_code == 200


class TestTheDoor:
    def test_it_leads_to_the_first_page(self, browser: Browser, actors: People):
        answer = browser.send("/sign-in", login="nurse", password=PASSWORD)

        assert (answer.status_code, answer.location) == (303, "/")
        assert "Nurse" in text_of(browser.get("/"))

    def test_it_leads_back_to_where_the_person_wanted_to_go(self, browser: Browser, actors: People):
        refused = browser.get("/account")
        assert refused.location == "/sign-in?next=/account"

        hidden = browser.hidden(refused.location)
        assert hidden["next"] == "/account"
        answer = browser.send("/sign-in", hidden=hidden, login="nurse", password=PASSWORD)
        assert answer.location == "/account"

    @pytest.mark.parametrize(
        "elsewhere",
        [
            "//evil.example",
            "https://evil.example/",
            "/\\evil.example",
            "\\\\evil.example",
            "/%0d%0aSet-Cookie:x=1",
            "javascript:alert(1)",
            "/nowhere-of-ours",
            "/sign-in",
            "/static/registry.css",
            "///evil.example",
            "/account\t//evil.example",
        ],
    )
    def test_it_never_leads_elsewhere(self, browser: Browser, actors: People, elsewhere: str):
        answer = browser.send("/sign-in", next=elsewhere, login="nurse", password=PASSWORD)

        assert answer.location == "/"

    def test_known_and_unknown_people_are_refused_alike(self, browser: Browser, actors: People):
        answers = [
            browser.send("/sign-in", login=login, password="wrong") for login in ("nurse", "nobody")
        ]
        known, unknown = (re.sub(r'(nonce|value)="[^"]*"', "", page.text) for page in answers)

        assert [page.status_code for page in answers] == [401, 401]
        assert known == unknown
        assert len({frozenset(page.headers.keys()) for page in answers}) == 1

    def test_the_password_is_never_sent_back(self, browser: Browser, actors: People):
        answer = browser.send("/sign-in", login="nurse", password="my wrong password")

        assert "my wrong password" not in answer.text

    def test_the_eleventh_failure_gets_429_and_a_sentence(self, browser: Browser, actors: People):
        for _ in range(limits.SIGN_IN_FAILURES_MAX):
            browser.send("/sign-in", login="nurse", password="wrong")

        answer = browser.send("/sign-in", login="nurse", password=PASSWORD)

        assert answer.status_code == 429
        assert "5 minutes" in text_of(answer)

    def test_others_elsewhere_still_get_in(self, application: Flask, actors: People):
        here = Browser(application, environ_overrides={"REMOTE_ADDR": "192.0.2.1"})
        elsewhere = Browser(application, environ_overrides={"REMOTE_ADDR": "198.51.100.7"})
        for _ in range(limits.SIGN_IN_FAILURES_MAX + 1):
            here.send("/sign-in", login="nurse", password="wrong")

        answer = elsewhere.send("/sign-in", login="technician", password=PASSWORD)
        assert answer.status_code == 303

    def test_who_is_in_is_not_asked_again(self, sign_in: SignIn, actors: People):
        assert sign_in(actors.nurse).get("/sign-in").location == "/"


class TestTheSession:
    def test_its_token_changes_when_somebody_signs_in(self, browser: Browser, actors: People):
        browser.get("/sign-in")
        planted = browser.token
        assert planted

        browser.send("/sign-in", login="nurse", password=PASSWORD)

        assert browser.token != planted
        stranger = Browser(browser.client.application)
        stranger.token = planted
        assert not is_in(stranger)

    def test_a_token_of_somebodys_making_is_never_taken_over(
        self, browser: Browser, actors: People
    ):
        browser.token = "x" * 43

        browser.send("/sign-in", login="nurse", password=PASSWORD)

        assert browser.token != "x" * 43

    def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
        self, browser: Browser, actors: People
    ):
        cookie = browser.get("/sign-in").headers["Set-Cookie"]

        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie

    def test_signing_out_ends_it_for_whoever_kept_the_cookie(self, sign_in: SignIn, actors: People):
        browser = sign_in(actors.nurse)
        kept = browser.token
        assert kept

        answer = browser.send("/sign-out", page="/")

        assert answer.location == "/sign-in"
        thief = Browser(browser.client.application)
        thief.token = kept
        assert not is_in(thief)
        assert not is_in(browser)

    def test_a_disabled_person_is_out_at_the_next_request(
        self, app: Flask, sign_in: SignIn, actors: People
    ):
        browser = sign_in(actors.nurse)
        assert is_in(browser)
        assert actors.nurse.id is not None

        service.disable(actors.admin, actors.nurse.id)

        assert not is_in(browser)

    def test_a_changed_password_ends_the_others_and_renews_this_one(
        self, sign_in: SignIn, actors: People
    ):
        here, elsewhere = sign_in(actors.nurse), sign_in(actors.nurse)
        before = here.token

        answer = here.send("/account/password", current=PASSWORD, new=NEW, again=NEW)

        assert answer.status_code == 303
        assert is_in(here)
        assert here.token != before
        assert not is_in(elsewhere)

    def test_new_roles_renew_the_token_and_count_at_once(
        self, app: Flask, sign_in: SignIn, actors: People, sites: Sites
    ):
        browser = sign_in(actors.nurse)
        before = browser.token
        assert browser.get("/accounts").status_code == 403
        assert actors.nurse.id is not None

        service.grant(actors.admin, actors.nurse.id, role=Role.ADMIN)

        assert browser.get("/accounts").status_code == 200
        assert browser.token != before

    def test_a_role_taken_back_counts_at_once(self, app: Flask, sign_in: SignIn, actors: People):
        browser = sign_in(actors.nurse)
        assert actors.nurse.id is not None
        granted = service.grant(actors.admin, actors.nurse.id, role=Role.ADMIN).id
        assert browser.get("/accounts").status_code == 200

        service.revoke(actors.admin, actors.nurse.id, grant_id=granted)

        assert browser.get("/accounts").status_code == 403

    def test_it_ends_after_half_an_hour_of_nothing(self, sign_in: SignIn, actors: People):
        with clock.frozen(NOON):
            browser = sign_in(actors.nurse)
        with clock.frozen(NOON + timedelta(minutes=29)):
            assert is_in(browser)
        with clock.frozen(NOON + timedelta(minutes=58)):
            assert is_in(browser)
        with clock.frozen(NOON + timedelta(minutes=89)):
            assert not is_in(browser)

    def test_it_ends_after_twelve_hours_of_work(self, sign_in: SignIn, actors: People):
        with clock.frozen(NOON):
            browser = sign_in(actors.nurse)
        for minutes in range(20, 12 * 60, 20):
            with clock.frozen(NOON + timedelta(minutes=minutes)):
                assert is_in(browser)
        with clock.frozen(NOON + timedelta(hours=12)):
            assert not is_in(browser)


class TestAPasswordThatSomebodyElseChose:
    def test_it_opens_nothing_but_the_page_to_change_it(
        self, app: Flask, sign_in: SignIn, actors: People, browser: Browser
    ):
        assert actors.nurse.id is not None
        service.reset_password(actors.admin, actors.nurse.id, password=NEW)
        browser.send("/sign-in", login="nurse", password=NEW)

        assert browser.get("/").location == "/account/password"
        own = "lune orange violon sept"
        browser.send("/account/password", current=NEW, new=own, again=own)

        assert is_in(browser)
