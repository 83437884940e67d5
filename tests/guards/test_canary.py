"""A person who exists nowhere is enrolled, sought and revealed; then everything is searched."""

import logging
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from registry import access
from registry.accounts.models import SignInSession
from registry.audit.models import AuditEntry
from registry.consents.templates import ItemText
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.participants.models import Participant
from registry.persistence import db
from registry.persistence.handled import HandledRequest
from registry.vocab import limits
from registry.vocab.consent import Use
from tests import postgres
from tests.databases import Engine
from tests.factories.accounts import PASSWORD, People, Sites
from tests.factories.consents import ITEMS, make_consent, make_template
from tests.factories.identity import make_person
from tests.factories.participants import make_participant
from tests.guards.doors import address, guarded, people, signed_in
from tests.web.pages import Browser

BORN = date(1931, 4, 17)
TRAITS = {
    "birth_name": "Zygomatikoff-Oulipo",
    "given_names": "Xanthippe Ludmilla",
    "birth_place": "Quimperlézec",
    "town": "Vauxbrevillac",
    "birth_date": BORN,
}
NUMBER = "7744119933"
LIST_FOR = {"purpose": "recall", "reason": "Invitation to the next visit"}
CANARIES = {
    "Zygomatikoff",
    "Xanthippe",
    "Quimperlé",
    "Vauxbrevillac",
    NUMBER,
    *(BORN.strftime(form) for form in ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d")),
}


def found_in(content: bytes) -> set[str]:
    """The canaries that the bytes hold, however they are written."""
    return {
        canary
        for canary in CANARIES
        for text in (canary, canary.upper(), canary.lower())
        for encoding in ("utf-8", "latin-1", "utf-16-le")
        if text.encode(encoding) in content
    }


WHY = {"kind": "contact", "reason": "Called for her visit"}


@pytest.fixture
def known(
    app: Flask, actors: People, sites: Sites, caplog: pytest.LogCaptureFixture
) -> SimpleNamespace:
    """The person, after everybody has done with the identity all that they may, on the pages."""
    caplog.set_level(logging.DEBUG)
    enrolled = make_person(actors.nurse, number=NUMBER, **TRAITS)
    participant = make_participant(actors, person_uid=enrolled.person_uid, birth_year=BORN.year)
    agree_to_be_contacted(actors, participant)
    typed = {
        "birth_name": TRAITS["birth_name"],
        "given_names": TRAITS["given_names"],
        "birth_date": BORN.strftime("%d/%m/%Y"),
        "hospital_identifier": NUMBER,
        "site_id": str(sites.paris),
    }
    at = f"/participants/{participant.code}/identity"
    nurse, officer, stranger = (
        entered(app, one) for one in (actors.nurse, actors.identity_officer, actors.technician)
    )
    nurse.send("/participants/search", **typed)
    assert TRAITS["birth_name"] in nurse.send(at, **WHY).text
    assert nurse.send(at, **{**WHY, "reason": f"file of {NUMBER}"}).status_code == 422
    assert stranger.get(at).status_code == 403
    assert officer.send("/contacts", codes=participant.code, **LIST_FOR).status_code == 200
    with clock.frozen(clock.now() + timedelta(seconds=limits.CONFIRMATION_SECONDS)):
        late = nurse.send("/participants/search", **typed)
        assert late.status_code == 200
        assert nurse.get(at).location == "/confirm"
        nurse.post(at, {**nurse.hidden("/confirm"), **WHY, "reason": TRAITS["birth_name"]})
    return SimpleNamespace(participant_code=participant.code, participant_id=participant.id)


def entered(app: Flask, actor: Actor) -> Browser:
    browser = Browser(app)
    browser.send("/sign-in", login=actor.login, password=PASSWORD)
    return browser


def agree_to_be_contacted(actors: People, participant: Participant) -> None:
    recontact = ItemText("recontact", "Contact me.", frozenset({Use.RECONTACT}))
    make_consent(actors, participant, template=make_template(items=(*ITEMS, recontact)))


def test_no_file_holds_an_identity_in_clear(known: SimpleNamespace, tmp_path: Path, engine: Engine):
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    if engine == "postgresql":
        files += postgres.server().files()
    leaks = {path.name: names for path in files if (names := found_in(path.read_bytes()))}

    assert files
    assert not leaks


def test_no_log_line_holds_an_identity(known: SimpleNamespace, caplog: pytest.LogCaptureFixture):
    assert not found_in(caplog.text.encode())


def test_no_session_and_no_kept_request_holds_an_identity(known: SimpleNamespace, app: Flask):
    """Read as rows: the driver may write them to its files later."""
    with db.engines["registry"].connect() as connection:
        kept = [
            str(row)
            for table in (SignInSession.__table__, HandledRequest.__table__, AuditEntry.__table__)
            for row in connection.execute(sa.select(table))
        ]

    assert len(kept) > len(CANARIES)
    assert not found_in("\n".join(kept).encode())


@pytest.fixture
def values(known: SimpleNamespace) -> dict[str, Any]:
    return {
        "code": known.participant_code,
        "participant_code": known.participant_code,
        "participant_id": known.participant_id,
    }


def test_no_page_that_is_merely_opened_shows_an_identity(
    values: dict[str, Any], application: Flask, actors: People
):
    """Identities are shown on a reveal alone, which asks for a reason and is recorded."""
    shown = 0
    for actor in people(actors):
        client = signed_in(application, actor)
        for rule, permission in guarded(application):
            if "GET" not in (rule.methods or ()) or not access.allows(actor, permission):
                continue
            answer = client.get(address(application, rule, **values))
            shown += answer.status_code == 200

            assert not found_in(answer.data), f"{actor.login}: {rule.rule}"
            assert not found_in(str(answer.headers).encode()), f"{actor.login}: {rule.rule}"
    assert shown


def test_no_form_that_was_refused_shows_an_identity(
    values: dict[str, Any], application: Flask, actors: People
):
    """Sent empty, or by somebody who may not: pages and errors tell nothing of the person."""
    application.config["WTF_CSRF_ENABLED"] = False
    refused = 0
    for actor in (actors.nurse, actors.identity_officer, actors.technician, actors.dpo):
        client = signed_in(application, actor)
        for rule, _ in guarded(application):
            if "POST" not in (rule.methods or ()) or rule.endpoint == "accounts.sign_out":
                continue
            answer = client.post(address(application, rule, **values))
            refused += answer.status_code in (403, 422)

            assert answer.status_code < 500, f"{actor.login}: {rule.rule}"
            assert not found_in(answer.data), f"{actor.login}: {rule.rule}"
            assert not found_in(str(answer.headers).encode()), f"{actor.login}: {rule.rule}"
    assert refused


def test_the_search_would_find_one():
    assert found_in("…ZYGOMATIKOFF…".encode("utf-16-le")) == {"Zygomatikoff"}
    assert found_in(b"born=19310417") == {"19310417"}
    assert not found_in(b"1931")
