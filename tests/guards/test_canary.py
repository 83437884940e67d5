"""A person who exists nowhere is enrolled, sought and revealed; then everything is searched."""

import logging
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from registry import access
from registry.identity import service
from registry.kernel.errors import DomainError
from tests import postgres
from tests.databases import Engine
from tests.factories.accounts import People
from tests.factories.identity import make_person, make_traits
from tests.factories.participants import make_participant
from tests.guards.doors import address, guarded, people, signed_in

BORN = date(1931, 4, 17)
TRAITS = {
    "birth_name": "Zygomatikoff-Oulipo",
    "given_names": "Xanthippe Ludmilla",
    "birth_place": "Quimperlézec",
    "town": "Vauxbrevillac",
    "birth_date": BORN,
}
NUMBER = "7744119933"
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


@pytest.fixture
def known(app: Flask, actors: People, caplog: pytest.LogCaptureFixture) -> SimpleNamespace:
    """The person, after a nurse has done with the identity all that she may."""
    caplog.set_level(logging.DEBUG)
    enrolled = make_person(actors.nurse, number=NUMBER, **TRAITS)
    participant = make_participant(actors, person_uid=enrolled.person_uid, birth_year=BORN.year)
    service.search(actors.nurse, traits=make_traits(**TRAITS))
    identity = service.reveal(actors.nurse, enrolled.person_uid, reason="Called for her visit")
    assert identity.traits.birth_name == TRAITS["birth_name"]
    with pytest.raises(DomainError):
        service.reveal(actors.technician, enrolled.person_uid, reason="Curious about her")
    return SimpleNamespace(participant_code=participant.code, participant_id=participant.id)


def test_no_file_holds_an_identity_in_clear(known: SimpleNamespace, tmp_path: Path, engine: Engine):
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    if engine == "postgresql":
        files += postgres.server().files()
    leaks = {path.name: names for path in files if (names := found_in(path.read_bytes()))}

    assert files
    assert not leaks


def test_no_log_line_holds_an_identity(known: SimpleNamespace, caplog: pytest.LogCaptureFixture):
    assert not found_in(caplog.text.encode())


def test_no_page_that_is_merely_opened_shows_an_identity(
    known: SimpleNamespace, application: Flask, actors: People
):
    """Identities are shown on a reveal alone, which asks for a reason and is recorded."""
    values = {
        "code": known.participant_code,
        "participant_code": known.participant_code,
        "participant_id": known.participant_id,
    }
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


def test_the_search_would_find_one():
    assert found_in("…ZYGOMATIKOFF…".encode("utf-16-le")) == {"Zygomatikoff"}
    assert found_in(b"born=19310417") == {"19310417"}
    assert not found_in(b"1931")
