"""Looking at a person whom several hospitals received: each sees what its own received."""

import pytest
import sqlalchemy as sa

from registry.identity import amendment, service
from registry.identity.contact_data import service as contact_data
from registry.identity.contact_data.queries import Contact
from registry.identity.models import Person
from registry.identity.traits import HospitalId
from registry.persistence import vault_session
from registry.vocab.identity import EnrolmentOutcome
from tests.factories.identity import make_person, make_traits

REASON = "Appel du patient pour sa visite"
PARIS = HospitalId("PAR", "0042137")
GUESSED = make_traits(postal_code=None, town=None, birth_place=None, used_name=None)


@pytest.fixture
def guessed(app, actors):
    """A person of Paris whom Lyon included again, of whom it gave name and birth date."""
    uid = make_person(actors.nurse).person_uid
    reached = Contact(address="3 rue des Lilas", town="Paris", telephone="0102030405")
    contact_data.record(actors.nurse, uid, reached)
    again = service.enrol(actors.other_site_nurse, traits=GUESSED, site="LYO")
    assert (again.person_uid, again.outcome) == (uid, EnrolmentOutcome.SAME)
    return uid


def test_including_somebody_again_opens_nothing_of_another_hospital(guessed, actors):
    shown = service.reveal(actors.other_site_nurse, guessed, reason=REASON)

    assert shown.traits == GUESSED
    assert shown.contact is None
    assert list(shown.numbers) == []
    assert shown.kept_back == 1


def test_the_identity_officer_sees_everything(guessed, actors):
    shown = service.reveal(actors.identity_officer, guessed, reason=REASON)

    assert shown.traits == make_traits()
    assert shown.contact is not None
    assert shown.contact.telephone == "0102030405"
    assert [number.identifier for number in shown.numbers] == [PARIS]
    assert shown.kept_back == 0


def test_the_hospital_that_came_first_sees_its_own_number_still(guessed, actors):
    shown = service.reveal(actors.nurse, guessed, reason=REASON)

    assert shown.traits == make_traits()
    assert [number.identifier for number in shown.numbers] == [PARIS]


def test_a_correction_begins_with_what_one_may_see(guessed, actors):
    opened = amendment.open_for_amendment(actors.other_site_nurse, guessed, reason=REASON)

    assert opened.traits == GUESSED
    assert opened.contact == Contact()
    assert list(opened.numbers) == []


def test_a_correction_is_received_where_it_is_made_and_seen_there(guessed, actors):
    corrected = make_traits(postal_code="69003", town="Lyon")
    version = vault_session.scalar(sa.select(Person.version).where(Person.uid == guessed))
    amendment.amend(
        actors.other_site_nurse,
        guessed,
        traits=corrected,
        reason="Erreur de frappe à l'accueil",
        expected_version=version,
    )

    assert service.reveal(actors.other_site_nurse, guessed, reason=REASON).traits == corrected
    assert service.reveal(actors.nurse, guessed, reason=REASON).traits == make_traits()
    assert service.reveal(actors.identity_officer, guessed, reason=REASON).traits == corrected


def test_each_hospital_sees_the_contact_data_it_recorded_itself(guessed, actors):
    """Also beside the newer data of the other one, and neither is told of the other's."""
    told = Contact(town="Lyon", telephone="0478000000")
    contact_data.record(actors.other_site_nurse, guessed, told)

    assert service.reveal(actors.other_site_nurse, guessed, reason=REASON).contact == told
    elsewhere = service.reveal(actors.nurse, guessed, reason=REASON).contact
    assert elsewhere is not None
    assert elsewhere.telephone == "0102030405"
    everything = service.reveal(actors.identity_officer, guessed, reason=REASON).contact
    assert everything == told


def test_what_another_hospital_recorded_is_no_answer_to_a_guess(guessed, actors):
    reached = Contact(address="3 rue des Lilas", town="Paris", telephone="0102030405")

    contact_data.record(actors.other_site_nurse, guessed, reached)

    assert service.reveal(actors.other_site_nurse, guessed, reason=REASON).contact == reached
