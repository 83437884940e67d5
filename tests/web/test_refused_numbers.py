"""Saying on the pages that a hospital number is not a person's, and that it is after all."""

import pytest

from registry.identity.models import HospitalIdentifier, RefusedNumber
from tests.factories.identity import make_person
from tests.factories.participants import make_participant
from tests.web.nurse import count
from tests.web.pages import text_of

NUMBER = "0042137"
REASON = "A label stuck on the wrong file"


@pytest.fixture
def nurse(sign_in, actors):
    return sign_in(actors.nurse).speak("en").confirm()


@pytest.fixture
def page(app, actors) -> str:
    uid = make_person(actors.nurse, number=NUMBER).person_uid
    participant = make_participant(actors, person_uid=uid, birth_year=1962)
    return f"/participants/{participant.code}/identity/correct"


def opened(nurse, page):
    return nurse.send(page, reason="The hospital telephoned")


def test_a_number_is_taken_away_and_given_back(nurse, page):
    assert f'href="{page}/number/1/refusal"' in opened(nurse, page).text

    sent = nurse.send(f"{page}/number/1/refusal", reason=REASON)
    assert sent.status_code == 303, sent.text
    assert "was taken from this person" in text_of(nurse.get(sent.location))
    assert (count(HospitalIdentifier), count(RefusedNumber)) == (0, 1)
    assert "Found not to be theirs" in text_of(opened(nurse, page))

    sent = nurse.send(f"{page}/number/1/return", reason=REASON)
    assert "was given back" in text_of(nurse.get(sent.location))
    assert (count(HospitalIdentifier), count(RefusedNumber)) == (1, 0)


def test_the_pages_that_ask_why_tell_no_number(nurse, page):
    assert NUMBER not in nurse.get(f"{page}/number/1/refusal").text
    refused = nurse.send(f"{page}/number/1/refusal", reason=f"Not {NUMBER}")
    assert refused.status_code == 422
    assert count(RefusedNumber) == 0


def test_another_persons_number_is_not_found(nurse, page, actors):
    make_person(actors.nurse, number="99", birth_name="Nguyen", given_names="Anne", town=None)
    assert nurse.send(f"{page}/number/2/refusal", reason=REASON).status_code == 404
    assert count(HospitalIdentifier) == 2
