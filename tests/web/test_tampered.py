"""Who opens an identity that was tampered with gets a reference, and the journal gets an entry.

Security requirement 2, on the page.
"""

from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask

from config import Settings
from registry.audit.models import AuditEntry
from registry.identity.models import IdentityRecord, table_of
from registry.kernel.actor import Actor
from registry.persistence import db, registry_session
from tests.factories.accounts import People
from tests.factories.identity import make_person
from tests.factories.participants import make_participant
from tests.web.pages import Browser

SignIn = Callable[[Actor], Browser]


def test_the_page_says_nothing_of_the_inside_and_the_journal_where_it_was(
    app: Flask, sign_in: SignIn, actors: People, settings: Settings
):
    person = make_person(actors.nurse)
    participant = make_participant(actors, person_uid=person.person_uid)
    table = table_of(IdentityRecord)
    with db.engines["identity"].begin() as connection:
        connection.execute(sa.update(table).values(birth_name=table.c.given_names))
    # As in service: a defect is answered, not raised.
    app.testing = app.config["PROPAGATE_EXCEPTIONS"] = False
    nurse = sign_in(actors.nurse).speak("en")

    page = nurse.send(
        f"/participants/{participant.code}/identity", kind="check", reason="paper file"
    )

    assert page.status_code == 500
    assert "Amélie" not in page.text
    assert "birth_name" not in page.text
    assert person.person_uid not in page.text
    registry_session.rollback()
    entry = registry_session.scalars(
        sa.select(AuditEntry).where(AuditEntry.tag == "vault:tampered")
    ).one()
    assert entry.actor_login == actors.nurse.login
    assert entry.object_ref == f"identity_record:{person.person_uid}:1"
