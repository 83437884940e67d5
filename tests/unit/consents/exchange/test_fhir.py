"""Consents as FHIR R4 resources: out, and back as they were."""

import json
from datetime import date
from typing import Any

import pytest
from fhir.resources.R4B.consent import Consent as Resource

from registry.consents.exchange import naming, reading, writing
from registry.consents.signing import queries
from registry.consents.withdrawals import queries as withdrawals
from registry.kernel.errors import InvalidInput
from registry.participants.models import Participant
from registry.vocab.consent import Answer, Channel, Language, Regime, Use
from tests.factories.accounts import People
from tests.factories.consents import SIGNED, make_consent, make_template, make_withdrawal
from tests.factories.participants import make_participant

pytestmark = pytest.mark.usefixtures("app")

INFORMED = date(2026, 2, 27)
ANSWERS = {"company": Answer.REFUSED, "genetics": Answer.NOT_ASKED}


@pytest.fixture
def participant(actors: People) -> Participant:
    """Somebody who has signed a form, refused one thing and was not asked another."""
    participant = make_participant(actors)
    make_consent(
        actors,
        participant,
        answers=ANSWERS,
        information_given_on=INFORMED,
        language=Language.ENGLISH,
        channel=Channel.LETTER,
    )
    return participant


def written(actors: People, participant: Participant) -> list[dict[str, Any]]:
    text = writing.bundle(
        participant,
        queries.of_participant(actors.nurse, participant.id),
        withdrawals.of_participant(actors.nurse, participant.id),
    )
    return list(reading.resources(text))


def test_what_is_written_reads_back_as_it_was(actors: People, participant: Participant):
    (resource,) = written(actors, participant)

    found = reading.read(resource)

    assert found == reading.Incoming(
        participant_code=participant.code,
        template_code="FORM",
        version=1,
        template_language=Language.FRENCH,
        signed_on=SIGNED,
        answers={"biobank": Answer.ACCEPTED, "research": Answer.ACCEPTED, **ANSWERS},
        channel=Channel.LETTER,
        explained_in=Language.ENGLISH,
        information_given_on=INFORMED,
    )


def test_a_resource_says_what_other_systems_understand(actors: People, participant: Participant):
    (resource,) = written(actors, participant)

    valid = Resource.model_validate(resource)

    assert valid.status == "active"
    assert valid.scope.coding[0].code == "research"
    assert valid.policyRule.coding[0].code == "OPTIN"
    by_item = {one.code[0].coding[0].code: one.type for one in valid.provision.provision}
    assert by_item == {
        "biobank": "permit",
        "research": "permit",
        "company": "deny",
        "genetics": "deny",
    }


def test_non_opposition_is_an_opt_out(actors: People):
    participant = make_participant(actors)
    make_consent(
        actors, participant, template=make_template(code="N", regime=Regime.NON_OPPOSITION)
    )

    (resource,) = written(actors, participant)

    assert resource["policyRule"]["coding"][0]["code"] == "OPTOUT"


def test_a_withdrawal_denies_what_it_stops(actors: People, participant: Participant):
    make_withdrawal(actors, participant, Use.GENETICS)

    _consent, withdrawal = written(actors, participant)

    assert withdrawal["provision"]["type"] == "deny"
    assert withdrawal["provision"]["code"] == [
        {"coding": [{"system": naming.USE, "code": "genetics"}]}
    ]
    with pytest.raises(InvalidInput, match="This is a withdrawal"):
        reading.read(withdrawal)


def test_nobody_is_named_and_no_scan_leaves(actors: People, participant: Participant):
    (resource,) = written(actors, participant)

    assert not {"sourceAttachment", "sourceReference"} & resource.keys()
    assert participant.person_uid not in json.dumps(resource)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"status": "nonsense"}, "status"),
        ({"status": "draft"}, "“active”"),
        ({"scope": None}, "scope"),
        ({"dateTime": "2026-03"}, "whole day"),
        ({"policy": [{"uri": "urn:registry:consent-template:FORM:x:fr"}]}, "names no form"),
        ({"patient": {"reference": "Patient/1"}}, "names no participant"),
    ],
)
def test_what_cannot_be_taken_says_why(
    actors: People, participant: Participant, change: dict[str, Any], sentence: str
):
    (resource,) = written(actors, participant)
    changed = {key: value for key, value in {**resource, **change}.items() if value is not None}

    with pytest.raises(InvalidInput) as refusal:
        reading.read(changed)

    assert sentence in str(refusal.value.message)


def test_a_provision_that_contradicts_its_answer_is_refused(
    actors: People, participant: Participant
):
    (resource,) = written(actors, participant)
    resource["provision"]["provision"][0]["type"] = "deny"

    with pytest.raises(InvalidInput, match="contradicts"):
        reading.read(resource)


def test_a_refusal_repeats_no_value(actors: People, participant: Participant):
    (resource,) = written(actors, participant)

    with pytest.raises(InvalidInput) as refusal:
        reading.read({**resource, "status": "Mme KERBRAT"})

    assert "KERBRAT" not in str(refusal.value.message)


@pytest.mark.parametrize("text", ["", "[]", "{", "{}", '{"resourceType": "Patient"}'])
def test_a_file_without_a_consent_is_refused(text: str):
    with pytest.raises(InvalidInput):
        reading.resources(text)


def test_a_file_may_hold_one_resource_on_each_line(actors: People, participant: Participant):
    (resource,) = written(actors, participant)

    found = reading.resources("\n".join([json.dumps(resource)] * 2))

    assert len(found) == 2
