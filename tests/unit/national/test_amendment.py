"""Correcting an identity, its contact data and its hospital number: nothing is lost or leaks."""

from datetime import date

import pytest
import sqlalchemy as sa

from registry.audit.models import AuditEntry
from registry.crypto.errors import CryptoError
from registry.identity import amendment, numbers, records, vault
from registry.identity.contact_data import service as contact_data
from registry.identity.contact_data.models import ContactData
from registry.identity.contact_data.queries import Contact, place
from registry.identity.models import HospitalIdentifier, IdentityRecord, Person
from registry.identity.service import open_reviews, reveal, search
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, Stale
from registry.participants.models import Participant
from registry.persistence import registry_session, vault_session
from registry.vocab.people import Sex
from tests.factories.identity import make_person, make_traits
from tests.factories.participants import make_participant

REASON = "acte de naissance"


@pytest.fixture
def uid(app, actors) -> str:
    return make_person(actors.nurse).person_uid


def version(uid) -> int:
    return vault_session.scalars(sa.select(Person.version).where(Person.uid == uid)).one()


def amend(actor, uid, *, reason=REASON, expected=None, **changes):
    return amendment.amend(
        actor,
        uid,
        traits=make_traits(**changes),
        reason=reason,
        expected_version=version(uid) if expected is None else expected,
    )


def shown(actor, uid):
    return reveal(actor, uid, reason="contrôle").traits


class TestCorrecting:
    def test_the_new_spelling_is_shown_and_the_old_one_kept(self, actors, uid):
        amend(actors.nurse, uid, birth_name="Lefèvre")
        assert shown(actors.nurse, uid).birth_name == "Lefèvre"
        assert vault_session.scalar(sa.select(sa.func.count(IdentityRecord.id))) == 2

    @pytest.mark.parametrize("birth_name", ["Lefèvre-Martin", "Lefèbvre-Durand"])
    def test_she_is_found_by_either(self, actors, uid, birth_name):
        amend(actors.nurse, uid, birth_name="Lefèvre-Martin", given_names="Rose")
        given = "Rose" if birth_name == "Lefèvre-Martin" else "Amélie Rose"
        traits = make_traits(birth_name=birth_name, given_names=given)
        found = search(actors.nurse, traits=traits)
        assert [one.person_uid for one in found] == [uid]

    def test_back_to_a_spelling_of_before_keeps_it_once(self, actors, uid):
        amend(actors.nurse, uid, birth_name="Lefèvre")
        amend(actors.nurse, uid)
        assert shown(actors.nurse, uid).birth_name == "Lefèbvre-Durand"
        assert vault_session.scalar(sa.select(sa.func.count(IdentityRecord.id))) == 2

    def test_whom_she_may_be_as_corrected_is_asked(self, actors, uid):
        other = make_person(
            actors.nurse, number="99", birth_name="Nguyen", given_names="Anne",
            birth_date=date(1990, 1, 2), postal_code=None, town=None, birth_place=None,
        ).person_uid  # fmt: skip
        assert not open_reviews(actors.nurse, of=uid)
        done = amend(actors.nurse, other, birth_date=date(1962, 4, 17), postal_code=None, town=None)
        (review,) = open_reviews(actors.nurse, of=uid)
        assert done.reviews == (review.id,)

    def test_a_stale_correction_changes_nothing(self, actors, uid):
        before = version(uid)
        amend(actors.nurse, uid, birth_name="Lefèvre")
        with pytest.raises(Stale):
            amend(actors.nurse, uid, expected=before, birth_name="Petit")
        assert shown(actors.nurse, uid).birth_name == "Lefèvre"

    def test_nothing_changed_is_said(self, actors, uid):
        with pytest.raises(InvalidInput, match="Nothing was changed"):
            amend(actors.nurse, uid)

    @pytest.mark.parametrize("reason", ["Madame Lefèbvre", "née Lefèvre", "née le 17/04/1962", ""])
    def test_a_reason_that_names_her_old_or_new_is_refused(self, actors, uid, reason):
        with pytest.raises(InvalidInput):
            amend(actors.nurse, uid, birth_name="Lefèvre", reason=reason)

    def test_the_journal_names_fields_and_no_value(self, actors, uid):
        amend(actors.nurse, uid, birth_name="Lefèvre", town="Quimper")
        entry = registry_session.scalars(
            sa.select(AuditEntry).where(AuditEntry.tag == "identity:amended")
        ).one()
        assert entry.details["fields"] == ["birth_name", "town"]
        assert "Lefèvre" not in str(entry.details)
        assert "Quimper" not in str(entry.details)

    def test_the_cohort_learns_the_birth_year_and_the_sex(self, actors, uid):
        participant = make_participant(actors, person_uid=uid, birth_year=1962, sex=Sex.FEMALE)
        amend(actors.nurse, uid, birth_date=date(1963, 4, 17), sex=Sex.MALE)
        registry_session.expire_all()
        learnt = registry_session.get_one(Participant, participant.id)
        assert (learnt.birth_year, learnt.sex) == (1963, Sex.MALE)

    def test_who_may_not_does_not(self, actors, uid):
        with pytest.raises(NotPermitted):
            amend(actors.technician, uid, birth_name="Lefèvre")
        with pytest.raises(NotFound):
            amend(actors.other_site_nurse, uid, birth_name="Lefèvre")

    def test_a_merged_person_is_corrected_as_the_one_that_was_kept(self, actors, uid):
        amend(actors.identity_officer, uid, birth_name="Lefèvre")
        assert shown(actors.nurse, uid).birth_name == "Lefèvre"


class TestContactData:
    def test_the_newest_counts_and_the_older_is_kept(self, actors, uid):
        for telephone in ("0612345678", "0687654321"):
            contact_data.record(actors.nurse, uid, Contact(telephone=telephone, town="Lyon"))
        found = amendment.open_for_amendment(actors.nurse, uid, reason=REASON).contact
        assert found == Contact(telephone="0687654321", town="Lyon")
        assert vault_session.scalar(sa.select(sa.func.count(ContactData.id))) == 2

    def test_it_is_never_matched_on(self, actors, uid):
        contact_data.record(actors.nurse, uid, Contact(postal_code="29000", town="Quimper"))
        assert shown(actors.nurse, uid).town == "Saint-Étienne"
        columns = vault_session.scalars(sa.select(IdentityRecord.id)).all()
        assert len(columns) == 1

    def test_each_value_opens_in_its_own_place_alone(self, actors, uid):
        contact_data.record(actors.nurse, uid, Contact(telephone="0612345678", town="Lyon"))
        row = vault_session.scalars(sa.select(ContactData)).one()
        person = vault_session.scalars(sa.select(Person)).one()
        holder = records.holder(vault.opened(), person.id, person.uid, person.wrapped_key)
        assert holder.key.unseal(row.town, place("town", uid, 1)) == b"Lyon"
        with pytest.raises(CryptoError):
            holder.key.unseal(row.town, place("telephone", uid, 1))

    def test_the_same_again_is_not_kept_twice(self, actors, uid):
        contact_data.record(actors.nurse, uid, Contact(town="Lyon"))
        with pytest.raises(InvalidInput):
            contact_data.record(actors.nurse, uid, Contact(town="Lyon"))


class TestTwoNumbersOfOneHospital:
    @pytest.fixture
    def second(self, actors, uid) -> HospitalIdentifier:
        assert make_person(actors.nurse, number="1234567").person_uid == uid
        query = sa.select(HospitalIdentifier).order_by(HospitalIdentifier.id.desc()).limit(1)
        return vault_session.scalars(query).one()

    def test_the_question_stays_until_it_is_answered(self, actors, uid, second):
        assert second.is_alias
        assert numbers.undecided(uid)
        numbers.put_in_use(actors.nurse, uid, second.id)
        assert not numbers.undecided(uid)
        found = reveal(actors.nurse, uid, reason="contrôle").numbers
        assert [(one.identifier.number, one.is_alias) for one in found] == [
            ("1234567", False),
            ("0042137", True),
        ]

    def test_a_third_asks_again(self, actors, uid, second):
        numbers.put_in_use(actors.nurse, uid, second.id)
        make_person(actors.nurse, number="7654321")
        assert numbers.undecided(uid)

    def test_another_persons_number_cannot_be_chosen(self, actors, uid, second):
        other = make_person(
            actors.nurse, number="99", birth_name="Nguyen", given_names="Anne",
            birth_date=date(1990, 1, 2), postal_code=None, town=None,
        ).person_uid  # fmt: skip
        with pytest.raises(NotFound):
            numbers.put_in_use(actors.nurse, other, second.id)
