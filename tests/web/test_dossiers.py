"""The staff hands a dossier over and gives links; a participant reads and opposes at home."""

import re

import pytest

from registry.dossiers import queries
from registry.persistence import database
from tests.factories.dossiers import make_link, make_opposition
from tests.factories.samples import make_consenting_participant
from tests.web.pages import Browser, hidden_values, text_of


@pytest.fixture
def participant(app, actors):
    return make_consenting_participant(actors)


@pytest.fixture
def nurse(sign_in, actors) -> Browser:
    return sign_in(actors.nurse).speak("en")


@pytest.fixture
def at(participant) -> str:
    return f"/participants/{participant.code}/dossier"


def switch(home: Browser, page: str, language: str) -> None:
    hidden = home.hidden(page, "/dossier/language")
    home.post("/dossier/language", {**hidden, "language": language})


@pytest.fixture
def home(application, actors, participant) -> Browser:
    """A browser in which the participant has typed the code, in English."""
    _link, token, code = make_link(actors, participant)
    browser = Browser(application)
    path = f"/dossier/{token}"
    switch(browser, path, "en")
    answer = browser.send(path, code=code)
    assert answer.status_code == 303
    assert answer.location == "/dossier/"
    return browser


def test_a_nurse_reads_the_dossier_and_prints_it_in_two_languages(nurse, at, participant):
    shown = text_of(nurse.get(f"{at}/read"))
    files = [nurse.get(f"{at}/{spoken}.pdf") for spoken in ("fr", "en")]

    assert "Keep my samples." in shown
    assert "nobody has looked at your identity" in shown
    assert all(one.mimetype == "application/pdf" for one in files)
    assert files[0].data != files[1].data
    assert "Dossier" in text_of(nurse.get(f"/participants/{participant.code}"))


def test_a_request_shows_the_day_by_which_it_is_due(nurse, at):
    asked = nurse.send(f"{at}/requests/new", asked_on="12/03/2026", channel="letter")
    shown = text_of(nurse.get(at))
    [path] = re.findall(rf"{at}/requests/\d+/answer", nurse.get(at).text)
    answered = nurse.send(path, answered_on="20/03/2026", how="post")

    assert asked.status_code == answered.status_code == 303
    assert "12 Apr 2026" in shown
    assert "Sent by post" in text_of(nurse.get(at))


def test_the_address_and_the_code_are_each_shown_once(nurse, at):
    hidden = nurse.hidden(at, f"{at}/links")
    made = nurse.post(f"{at}/links", {**hidden, "days": "7"})
    again = nurse.post(f"{at}/links", {**hidden, "days": "7"})
    [letter] = re.findall(rf"{at}/links/\d+/letter", made.text)
    printed = nurse.post(letter, {**hidden_values(made.text, at, letter), "language": "en"})
    code_at = letter.replace("letter", "code")
    asked = {**nurse.hidden(at, code_at), "language": "fr"}
    slip, second = nurse.post(code_at, asked), nurse.post(code_at, asked)

    assert re.search(r"/dossier/([a-z2-7]{4}-){7}[a-z2-7]{4}", made.text)
    assert again.status_code == second.status_code == 303
    assert printed.mimetype == slip.mimetype == "application/pdf"
    assert "/dossier/" not in nurse.get(at).text.replace(at, "")


def test_the_letter_of_another_address_is_not_printed(nurse, at, actors, participant):
    link, _token, _code = make_link(actors, participant)
    hidden = nurse.hidden(at, f"{at}/links")
    answer = nurse.post(
        f"{at}/links/{link.id}/letter", {**hidden, "token": "a" * 32, "language": "fr"}
    )

    assert answer.status_code == 404


def test_at_home_the_dossier_is_read_and_kept_without_an_account(home, participant):
    page = home.get("/dossier/")
    file = home.get("/dossier/dossier-fr.pdf")

    assert "Keep my samples." in text_of(page)
    assert file.mimetype == "application/pdf"
    assert participant.code not in file.headers["Content-Disposition"]


def test_pages_at_home_run_no_script_leak_no_address_and_are_not_indexed(home):
    for path in ("/dossier/", "/dossier/oppose", "/dossier/aaaa"):
        page = home.get(path)
        policy = page.headers["Content-Security-Policy"]

        assert "script-src" not in policy
        assert "default-src 'none'" in policy
        assert "<script" not in page.text
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert "no-store" in page.headers["Cache-Control"]


def test_the_page_that_asks_for_the_code_is_the_same_for_every_address(
    application, actors, participant
):
    _link, token, _code = make_link(actors, participant)
    pages = []
    for one in (token, "a" * 32, "nothing"):
        page = Browser(application).get(f"/dossier/{one}")
        text = re.sub(r'value="[^"]*"', "", page.text)
        pages.append((page.status_code, text))

    assert len(set(pages)) == 1


def test_a_wrong_code_says_the_same_for_every_address(application, actors, participant):
    _link, token, code = make_link(actors, participant)
    answers = set()
    for one, typed in ((token, f"{(int(code) + 1) % 10**8:08}"), ("a" * 32, code)):
        page = Browser(application).send(f"/dossier/{one}", code=typed)
        answers.add((page.status_code, text_of(page)))

    assert [status for status, _text in answers] == [401]


def test_everything_is_opposed_from_home_and_answered_by_the_staff(
    home, nurse, actors, participant
):
    sent = home.send("/dossier/oppose", scope="all", effects=["destroy_samples"])
    waiting = text_of(nurse.get("/"))
    [one] = queries.oppositions(actors.nurse)
    listed = text_of(nurse.get("/oppositions"))
    nurse.send(f"/oppositions/{one.id}", act="answer", answer="We will call you.")
    read = text_of(home.get("/dossier/"))

    assert sent.status_code == 303
    assert "Oppositions from home 1 to decide" in waiting
    assert participant.shown_code in listed
    assert "Destruction of the samples" in listed
    assert "We will call you." in read
    database.remove_sessions()
    assert queries.waiting(actors.nurse) == 0


def test_the_same_opposition_sent_twice_has_one_effect(home, actors):
    hidden = home.hidden("/dossier/oppose")
    values = {**hidden, "scope": "uses", "uses": ["genetics"]}
    first, second = home.post("/dossier/oppose", values), home.post("/dossier/oppose", values)

    assert first.status_code == second.status_code == 303
    assert len(queries.oppositions(actors.nurse)) == 1


def test_boxes_under_another_answer_do_not_count(home, actors):
    home.send("/dossier/oppose", scope="uses", uses=["genetics"], items=["biobank"])
    [one] = queries.oppositions(actors.nurse)

    assert {covered.use.value for covered in one.withdrawal.covers} == {"genetics"}
    assert not one.withdrawal.items


def test_an_incomplete_opposition_is_put_right_on_the_page(home, actors):
    page = home.send("/dossier/oppose", scope="uses")

    assert page.status_code == 422
    assert "Choose at least one use" in text_of(page)
    assert list(queries.oppositions(actors.nurse)) == []


def test_a_revoked_link_ends_the_visit_at_the_next_click(home, nurse, at):
    [path] = re.findall(rf"{at}/links/\d+/revoke", nurse.get(at).text)
    assert nurse.send(path, page=at).status_code == 303

    assert home.get("/dossier/").status_code == 401
    assert home.get("/dossier/dossier-en.pdf").status_code == 401
    assert home.get("/dossier/oppose").status_code == 401


def test_leaving_ends_the_visit_and_its_cookie(home):
    before = home.client.get_cookie("registry_dossier", path="/dossier")
    home.send("/dossier/leave", page="/dossier/")
    home.client.set_cookie("registry_dossier", before.value, path="/dossier")

    assert home.get("/dossier/").status_code == 401


def test_the_cookie_at_home_is_of_its_own_area_and_strict(application, actors, participant):
    _link, token, code = make_link(actors, participant)
    browser = Browser(application)
    answer = browser.send(f"/dossier/{token}", code=code)
    cookie = answer.headers["Set-Cookie"]

    assert "registry_dossier=" in cookie
    assert "Path=/dossier" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert browser.client.get_cookie("registry_session") is None
    assert browser.get("/participants").status_code == 302


def test_a_session_of_the_staff_is_worth_nothing_at_home_and_the_reverse(nurse, home):
    stolen = home.client.get_cookie("registry_dossier", path="/dossier").value
    home.client.set_cookie("registry_dossier", nurse.token, path="/dossier")
    seen = home.get("/dossier/")
    home.send("/dossier/language", page="/dossier/", language="fr")
    staff = nurse.get("/participants").text
    nurse.token = stolen

    assert seen.status_code == 401
    assert '<html lang="en">' in staff
    assert nurse.get("/participants").status_code == 302


def test_a_signed_in_nurse_is_nobody_on_the_pages_at_home(nurse, actors, participant):
    _link, token, _code = make_link(actors, participant)
    page = nurse.get(f"/dossier/{token}")

    assert actors.nurse.name not in page.text
    assert nurse.get("/dossier/").status_code == 401


def test_an_opposition_without_the_token_of_the_form_is_refused(home, actors):
    answer = home.post("/dossier/oppose", {"scope": "all"})

    assert answer.status_code == 400
    assert "<script" not in answer.text
    assert list(queries.oppositions(actors.nurse)) == []


def test_the_language_is_switched_on_the_page_that_is_open(home):
    switch(home, "/dossier/oppose", "fr")

    assert '<html lang="fr">' in home.get("/dossier/oppose").text


def test_the_language_switch_leads_nowhere_else(home):
    hidden = home.hidden("/dossier/", "/dossier/language")
    for target in ("https://evil.example/", "//evil.example/", "/participants", "/dossier/x\\y"):
        answer = home.post("/dossier/language", {**hidden, "language": "fr", "next": target})
        assert answer.location == "/dossier/"


def test_the_list_of_oppositions_is_the_sites_own(sign_in, actors, participant):
    made = make_opposition(actors, participant)
    stranger = sign_in(actors.other_site_nurse).speak("en")

    assert "Nobody has opposed" in text_of(stranger.get("/oppositions"))
    assert stranger.get(f"/oppositions/{made.id}").status_code == 404
