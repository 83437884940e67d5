"""A person who exists nowhere is enrolled, sought and revealed; then everything is searched.

Security requirement 1.
"""

import base64
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask

from config import Settings
from registry import access
from registry.accounts.models import SignInSession
from registry.app import create_app
from registry.audit.models import AuditEntry
from registry.cli import main
from registry.consents.templates.wording import ItemText
from registry.identity import service as identity
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
from tests.factories.identity import erase_person, make_person
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
#: What the nurse's badge says, and its PIN: secrets, though they name nobody.
BADGE, PIN = "ZYGO-77401992", "90418273"
LIST_FOR = {"purpose": "recall", "reason": "Invitation to the next visit"}
CANARIES = {
    "Zygomatikoff",
    "Xanthippe",
    "Quimperlé",
    "Vauxbrevillac",
    NUMBER,
    BADGE,
    PIN,
    *(BORN.strftime(form) for form in ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d")),
}


def shapes(text: str) -> Iterator[bytes]:
    """The text as it might lie in a file."""
    for encoding in ("utf-8", "latin-1", "utf-16-le", "utf-16-be"):
        plain = text.encode(encoding)
        yield plain
        yield plain.hex().encode()
        yield plain.hex().upper().encode()
        # Base64 of a longer text holds one of three forms, whatever stands before and behind.
        for before in range(3):
            coded = base64.b64encode(bytes(before) + plain).decode()
            inner = coded[-(-before * 8 // 6) :].rstrip("=")[:-1]
            yield inner.encode()
            yield inner.translate(str.maketrans("+/", "-_")).encode()


def found_by(shape_of: Callable[[str], Iterable[bytes]]) -> Callable[[bytes], set[str]]:
    """A search for the canaries, each in every case and in every shape."""
    forms = {
        canary: {
            shape for text in (canary, canary.upper(), canary.lower()) for shape in shape_of(text)
        }
        for canary in CANARIES
    }
    return lambda content: {
        canary for canary, shapes in forms.items() if any(one in content for one in shapes)
    }


#: The canaries that a page or a header shows.
found_in = found_by(lambda text: [text.encode(code) for code in ("utf-8", "latin-1", "utf-16-le")])
#: Those that a file holds, however they are written.
found_in_file = found_by(shapes)


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
    compare_and_erase_a_double(actors)
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
    sign_with_a_badge(nurse, stranger)
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


def sign_with_a_badge(owner: Browser, beside: Browser) -> None:
    """Enrolled, scanned where it is not wanted, and signing with a right and a wrong PIN."""
    enrolled = owner.send("/account/badge", badge=BADGE, pin=PIN, again=PIN)
    assert enrolled.status_code == 303
    assert beside.send("/scan", page="/", code=BADGE).location == "/"
    for pin in (PIN, PIN[::-1]):
        proof = {"witness_badge": BADGE, "witness_pin": pin}
        signed = beside.send("/samples/destroy", codes="NO-1", method="autoclave", **proof)
        assert signed.status_code == 422
        assert not found_in(signed.data)


def compare_and_erase_a_double(actors: People) -> None:
    double = make_person(actors.nurse, number=NUMBER[::-1], **{**TRAITS, "given_names": "Xenia"})
    identity.compare(actors.nurse, double.reviews[0], reason="Two records of one day")
    erase_person(actors, double.person_uid)


def agree_to_be_contacted(actors: People, participant: Participant) -> None:
    recontact = ItemText("recontact", "Contact me.", frozenset({Use.RECONTACT}))
    make_consent(actors, participant, template=make_template(items=(*ITEMS, recontact)))


def test_no_file_holds_an_identity_in_clear(known: SimpleNamespace, tmp_path: Path, engine: Engine):
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    if engine == "postgresql":
        files += postgres.server().files()
    leaks = {path.name: names for path in files if (names := found_in_file(path.read_bytes()))}

    assert files
    assert not leaks


def test_no_backup_holds_an_identity_in_clear(
    known: SimpleNamespace, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", f"{postgres.BINARIES}{os.pathsep}{os.environ['PATH']}")
    environ = {
        "REGISTRY_DATABASE_URL": settings.registry_url,
        "REGISTRY_IDENTITY_URL": settings.identity_url,
        "REGISTRY_KEYS_DIR": str(settings.keys_dir),
    }
    arguments = ["--data-dir", str(tmp_path), "backup", str(tmp_path / "backup")]
    done = CliRunner().invoke(main, arguments, obj=create_app, env=environ)
    files = [path for path in (tmp_path / "backup").rglob("*") if path.is_file()]

    assert done.exit_code == 0, done.output
    assert len(files) >= len(("registry", "identity", "erasures", "manifest"))
    assert not {path.name: names for path in files if (names := found_in_file(path.read_bytes()))}
    assert not found_in_file(done.output.encode())


def test_no_environment_of_a_process_holds_an_identity(known: SimpleNamespace):
    """What the process was started with, what it hands on, and how it was called."""
    process = Path("/proc/self")
    seen = [(process / name).read_bytes() for name in ("environ", "cmdline")]
    handed_on = "\0".join(f"{name}={value}" for name, value in os.environ.items()).encode()

    assert not found_in_file(b"\0".join([*seen, handed_on]))


def test_no_log_line_holds_an_identity(known: SimpleNamespace, caplog: pytest.LogCaptureFixture):
    """The lines written while the fixture ran are kept apart from the test's own."""
    lines = [caplog.handler.format(record) for record in caplog.get_records("setup")]

    assert lines
    assert not found_in_file("\n".join(lines).encode())


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
    for before in ("", "a", "ab"):
        coded = base64.b64encode(f"{before}Zygomatikoff is here".encode())
        assert found_in_file(b"{" + coded + b"}") == {"Zygomatikoff"}
    assert found_in_file(b"x" + NUMBER.encode().hex().encode()) == {NUMBER}
    assert found_in(b"born=19310417") == {"19310417"}
    assert not found_in(b"1931")
