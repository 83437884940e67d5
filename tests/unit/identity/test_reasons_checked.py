"""Whatever act asks for a reason refuses one that says who the person is."""

import pytest
import sqlalchemy as sa

from registry.identity import amendment
from registry.identity.contacts import service as contacts
from registry.identity.models import Person
from registry.identity.pseudonyms import service as partner_codes
from registry.identity.qualification import queries, service as qualification
from registry.kernel.errors import InvalidInput
from registry.persistence import vault_session
from registry.vocab.national import IdentityAttribute
from registry.vocab.people import ContactPurpose
from tests.factories.identity import make_partner, make_person, make_traits

NUMBERED = "Le dossier 0042137 est faux"
NAMED = "Lefebvre-Durand est un autre nom"


@pytest.fixture
def known(app, actors):
    return make_person(actors.nurse).person_uid


@pytest.mark.parametrize("reason", [NAMED, NUMBERED])
def test_retiring_a_partners_code(known, actors, reason):
    make_partner("PTN")
    partner_codes.add(actors.nurse, known, partner="PTN", code="ZX81-4242")
    (row,) = partner_codes.of_person(actors.nurse, known)
    with pytest.raises(InvalidInput) as refused:
        partner_codes.retire(actors.nurse, known, row.uid, reason=reason)
    assert refused.value.field == "reason"


@pytest.mark.parametrize("reason", [NAMED, NUMBERED])
def test_exporting_contacts(known, actors, sites, reason):
    with pytest.raises(InvalidInput) as refused:
        contacts.export(
            actors.identity_officer,
            [contacts.Wanted(known, "PAR-000001", sites.paris)],
            purpose=next(iter(ContactPurpose)),
            reason=reason,
            say=str,
            left_out={},
        )
    assert refused.value.field == "reason"


def test_marking_an_identity(known, actors):
    with pytest.raises(InvalidInput) as refused:
        qualification.mark(
            actors.nurse,
            known,
            {IdentityAttribute.DOUBTFUL},
            reason=NUMBERED,
            expected_version=queries.standing(actors.nurse, known).version,
        )
    assert refused.value.field == "reason"


def test_correcting_an_identity(known, actors):
    version = vault_session.scalar(sa.select(Person.version).where(Person.uid == known))
    with pytest.raises(InvalidInput) as refused:
        amendment.amend(
            actors.nurse,
            known,
            traits=make_traits(town="Lyon"),
            reason=NUMBERED,
            expected_version=version,
        )
    assert refused.value.field == "reason"
