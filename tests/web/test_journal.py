"""The journal's page: for the data protection officer, complete, and never a place for names."""

import sqlalchemy as sa

from registry.accounts import service
from registry.audit.models import AuditEntry
from registry.identity import service as identity
from registry.persistence import registry_session
from registry.vocab import limits
from registry.vocab.people import Role
from tests.factories.identity import make_person
from tests.factories.participants import make_participant
from tests.web.pages import text_of


def _details() -> str:
    return str(registry_session.scalars(sa.select(AuditEntry.details)).all())


def test_the_officer_sees_what_was_done_in_words(sign_in, actors):
    browser = sign_in(actors.dpo)
    browser.speak("en")

    page = browser.get("/audit").text

    assert "Read the journal" in browser.get("/audit").text
    assert "journal:page" not in page


def test_nobody_else_opens_it(sign_in, actors):
    for other in (actors.nurse, actors.technician, actors.investigator, actors.admin):
        assert sign_in(other).get("/audit").status_code == 403


def test_a_kind_and_a_code_lead_to_the_entries_about_it(sign_in, actors):
    browser = sign_in(actors.dpo)
    browser.get("/audit")

    page = browser.get("/audit?about=journal:page").text

    assert page.count("journal:page</a>") == 1


def test_a_name_typed_into_the_filter_is_refused_and_kept_nowhere(sign_in, actors, app):
    response = sign_in(actors.dpo).get("/audit?about=Amélie LEFEBVRE 17/04/1962")

    assert response.status_code == 422
    assert "LEFEBVRE" not in _details()


def test_verifying_says_that_every_entry_holds_and_is_itself_recorded(sign_in, actors, audit_tags):
    browser = sign_in(actors.dpo)
    browser.speak("en")

    page = browser.send("/audit/verify", page="/audit").text

    assert "Every entry is as it was written." in page
    assert audit_tags()[-1] == "audit:verified"


def test_a_name_in_an_address_that_was_refused_is_not_kept(sign_in, actors, app):
    response = sign_in(actors.investigator).get("/participants/Lefebvre")

    assert response.status_code == 403
    assert "Lefebvre" not in _details()


def test_the_next_page_shows_what_came_before(sign_in, actors, monkeypatch):
    monkeypatch.setattr(limits, "PAGE_ROWS", 2)
    browser = sign_in(actors.dpo).speak("en")
    for _ in range(2):
        browser.get("/audit")

    first = browser.get("/audit").text
    older = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")

    assert "Signed in" not in first.partition("<tbody>")[2]
    assert "Signed in" in browser.get(older).text.partition("<tbody>")[2]


def test_people_and_participants_are_named_as_people_know_them(sign_in, actors, app):
    person = make_person(actors.nurse).person_uid
    participant = make_participant(actors, person_uid=person)
    service.grant(actors.admin, actors.nurse.id, role=Role.TECHNICIAN)
    identity.reveal(actors.nurse, person, reason="the paper file is unclear")

    page = text_of(sign_in(actors.dpo).speak("en").get("/audit"))

    assert f"account:{actors.nurse.id} Nurse" in page
    assert f"person:{person} {participant.shown_code}" in page
