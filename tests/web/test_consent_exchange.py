"""A participant's consents as a file: for who may read them, recorded, and valid FHIR."""

from collections.abc import Callable

from fhir.resources.R4B.bundle import Bundle
from flask import Flask

from registry.kernel.actor import Actor
from registry.persistence import database
from tests.factories.accounts import People
from tests.factories.consents import make_consent
from tests.factories.participants import make_participant
from tests.web.pages import Browser


def test_the_file_is_a_valid_bundle_and_its_download_is_recorded(
    app: Flask,
    sign_in: Callable[[Actor], Browser],
    actors: People,
    audit_tags: Callable[[], list[str]],
):
    participant = make_participant(actors)
    make_consent(actors, participant)

    answer = sign_in(actors.nurse).get(f"/participants/{participant.code}/consents.json")

    assert answer.mimetype == "application/fhir+json"
    (entry,) = Bundle.model_validate_json(answer.text).entry
    assert entry.resource.patient.identifier.value == participant.code
    database.remove_sessions()
    assert "consent:exported" in audit_tags()


def test_another_site_gets_nothing(app: Flask, sign_in: Callable[[Actor], Browser], actors: People):
    participant = make_participant(actors)

    answer = sign_in(actors.other_site_nurse).get(f"/participants/{participant.code}/consents.json")

    assert answer.status_code == 404
