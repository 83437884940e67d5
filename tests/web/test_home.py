"""The first page, the language, and one's own account."""

from collections.abc import Callable

import pytest
from flask import Flask

from registry.access import allows
from registry.kernel.actor import Actor
from registry.kernel.messages import Bilingual, T
from registry.web import navigation, scan_router
from registry.web.notices import notify, take
from registry.web.sessions import frozen, thawed
from tests.factories.accounts import People
from tests.web.pages import Browser, text_of

SignIn = Callable[[Actor], Browser]


class TestScanning:
    @pytest.fixture
    def found(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A thing with the code T1, which only nurses find."""

        def resolve(actor: Actor, code: str) -> str | None:
            return "/account" if code == "T1" and actor.holds("nurse") else None

        monkeypatch.setattr(scan_router, "RESOLVERS", (resolve,))

    @pytest.mark.usefixtures("found")
    def test_a_code_leads_to_the_page_of_what_it_names(self, sign_in: SignIn, actors: People):
        answer = sign_in(actors.nurse).send("/scan", page="/", code=" t1\r\n")

        assert (answer.status_code, answer.location) == (303, "/account")

    @pytest.mark.usefixtures("found")
    def test_what_is_not_at_ones_sites_is_not_found(self, sign_in: SignIn, actors: People):
        answer = sign_in(actors.technician).speak("en").send("/scan", page="/", code="T1")

        assert answer.status_code == 404
        assert "Nothing with the code “T1” is known at your sites." in text_of(answer)

    def test_the_field_is_in_the_bar_of_every_other_page(self, sign_in: SignIn, actors: People):
        browser = sign_in(actors.nurse)

        assert browser.get("/account").text.count('action="/scan"') == 1
        assert browser.get("/").text.count('action="/scan"') == 1

    def test_a_spreadsheets_number_is_not_looked_up(self, sign_in: SignIn, actors: People):
        answer = sign_in(actors.nurse).send("/scan", page="/", code="4,35E+09")

        assert answer.status_code == 422

    def test_who_may_open_nothing_with_a_code_has_no_field(self, sign_in: SignIn, actors: People):
        browser = sign_in(actors.investigator)

        assert 'action="/scan"' not in browser.get("/").text
        assert 'action="/scan"' not in browser.get("/account").text

    def test_the_field_has_the_focus(self, sign_in: SignIn, actors: People):
        assert "autofocus" in sign_in(actors.nurse).get("/").text


class TestNavigation:
    def test_nobody_is_offered_what_would_be_refused(self, sign_in: SignIn, actors: People):
        for name, actor in vars(actors).items():
            browser = sign_in(actor).speak("en")
            page = browser.get("/").text
            urls = browser.client.application.url_map.bind("")
            offered = [e for e in navigation.ENTRIES if f">{e.label.msgid}</a>" in page]

            assert bool(offered) == any(allows(actor, e.permission) for e in navigation.ENTRIES)
            for entry in offered:
                answer = browser.get(urls.build(entry.endpoint))
                assert answer.status_code == 200, f"{name}: {entry.endpoint}"

    def test_every_entry_leads_to_a_page(self, application: Flask):
        missing = [
            entry.endpoint
            for entry in navigation.ENTRIES
            if entry.endpoint not in application.view_functions
        ]

        assert not missing

    def test_the_place_where_one_is_is_marked(self, sign_in: SignIn, actors: People):
        assert 'aria-current="page"' in sign_in(actors.admin).get("/accounts").text


class TestLanguage:
    def test_french_comes_first(self, browser: Browser):
        assert '<html lang="fr">' in browser.get("/sign-in").text

    def test_a_stranger_can_switch(self, browser: Browser):
        browser.speak("en")

        assert '<html lang="en">' in browser.get("/sign-in").text

    def test_it_is_kept_through_the_sign_in(self, browser: Browser, actors: People):
        browser.speak("en").send("/sign-in", login="nurse", password="correct horse battery staple")

        assert '<html lang="en">' in browser.get("/").text

    def test_it_returns_to_the_page_and_to_no_other_site(self, sign_in: SignIn, actors: People):
        browser = sign_in(actors.nurse)
        hidden = browser.hidden("/account", "/language")

        assert browser.post("/language", {**hidden, "language": "en"}).location == "/account"
        hidden["next"] = "//evil.example"
        assert browser.post("/language", {**hidden, "language": "en"}).location == "/"

    def test_an_unknown_one_changes_nothing(self, browser: Browser):
        browser.speak("xx")

        assert '<html lang="fr">' in browser.get("/sign-in").text

    def test_a_kept_preference_is_spoken_at_the_next_sign_in(self, sign_in: SignIn, actors: People):
        browser = sign_in(actors.nurse).speak("en")
        browser.send("/account/preferences", page="/account")

        again = sign_in(actors.nurse).get("/")
        assert '<html lang="en">' in again.text
        assert 'data-shortcuts="off"' in again.text


class TestNotices:
    def test_one_is_shown_once_in_the_language_of_the_page(self, application: Flask):
        with application.test_request_context():
            notify(T("Placed in {place}.", place="A1"))

            assert [(kind, str(message)) for kind, message in take()] == [
                ("success", "Placed in A1.")
            ]
            assert take() == []

    def test_a_message_survives_the_session(self):
        message = T("Moved to {place}.", place=T("the box {code}", code="B1"))

        assert thawed(frozen([["info", message]])) == [["info", message]]

    def test_so_does_what_was_written_in_both_languages(self):
        message = T("{act} is done.", act=Bilingual("Shaking", fr="Agitation"))

        [[_, kept]] = thawed(frozen([["info", message]]))

        assert kept == message
        assert kept.params["act"].fr == "Agitation"


class TestOwnAccount:
    def test_it_shows_the_roles_and_their_sites(self, sign_in: SignIn, actors: People):
        page = text_of(sign_in(actors.nurse).get("/account"))

        assert "Hôpital de Paris" in page
        assert "Hôpital de Lyon" not in page

    def test_a_refused_password_is_explained_at_its_field(self, sign_in: SignIn, actors: People):
        browser = sign_in(actors.nurse)

        page = browser.send(
            "/account/password",
            current="correct horse battery staple",
            new="motdepasse12345",
            again="motdepasse12345",
        )

        assert page.status_code == 422
        assert 'href="#new"' in page.text
        assert "motdepasse12345" not in page.text
