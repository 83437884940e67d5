"""A hospital number that is not the person's: taken away, its owner's, and given back."""

from datetime import date

import pytest
import sqlalchemy as sa

from registry.audit.models import AuditEntry
from registry.crypto.errors import CryptoError
from registry.identity import amendment, records, refused_numbers, service, vault
from registry.identity.models import HospitalIdentifier, Person, RefusedNumber
from registry.identity.traits import HospitalId
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from registry.persistence import registry_session, vault_session
from registry.vocab.identity import EnrolmentOutcome, ReviewOutcome, Verdict
from tests.factories.identity import SITE, erase_person, make_person, make_traits

NUMBER = "0042137"
REASON = "Étiquette collée sur le mauvais dossier"
#: Whose number it is.
OWNER = {
    "birth_name": "Charpentier",
    "given_names": "Monique",
    "birth_date": date(1948, 11, 2),
    "postal_code": "75012",
    "town": "Paris",
    "birth_place": "75112",
}


@pytest.fixture
def uid(app, actors) -> str:
    return make_person(actors.nurse, number=NUMBER).person_uid


def held() -> dict[str, str]:
    """Who has which number today."""
    vault_session.rollback()
    found = {}
    for row, person in vault_session.execute(
        sa.select(HospitalIdentifier, Person).join(
            Person, Person.id == HospitalIdentifier.person_id
        )
    ):
        holder = records.holder(vault.opened(), person.id, person.uid, person.wrapped_key)
        found[records.open_number(holder, row).number] = person.uid
    return found


def number_id() -> int:
    return vault_session.scalars(sa.select(HospitalIdentifier.id)).first()


def refuse(actor, uid, reason=REASON) -> bool:
    return refused_numbers.refuse(actor, uid, number_id(), reason=reason)


def give_back(actor, uid) -> None:
    refused_id = vault_session.scalars(sa.select(RefusedNumber.id)).one()
    refused_numbers.give_back(actor, uid, refused_id, reason=REASON)


class TestRefusing:
    def test_whoever_came_with_it_has_it_from_then_on(self, actors, uid):
        owner = make_person(actors.nurse, number=NUMBER, **OWNER)
        assert owner.outcome is EnrolmentOutcome.REVIEW
        assert held() == {NUMBER: uid}

        assert refuse(actors.nurse, uid)

        assert held() == {NUMBER: owner.person_uid}

    def test_whoever_comes_with_it_next_has_it(self, actors, uid):
        assert not refuse(actors.nurse, uid)
        owner = make_person(actors.nurse, number=NUMBER, **OWNER)
        assert held() == {NUMBER: owner.person_uid}

    def test_nobody_has_it_where_several_came_with_it(self, actors, uid):
        make_person(actors.nurse, number=NUMBER, **OWNER)
        make_person(actors.nurse, number=NUMBER, birth_name="Nguyen", given_names="Anne",
                    birth_date=date(1990, 1, 2))  # fmt: skip
        assert not refuse(actors.nurse, uid)
        assert held() == {}

    def test_the_owner_is_no_longer_asked_about(self, actors, uid):
        assert not refuse(actors.nurse, uid)
        stranger = make_person(actors.nurse, number=NUMBER, **OWNER)
        assert stranger.outcome is EnrolmentOutcome.NEW

    def test_she_is_asked_about_when_she_comes_with_it_again(self, actors, uid):
        refuse(actors.nurse, uid)
        (found,) = service.search(
            actors.nurse, traits=make_traits(), hospital_identifier=HospitalId(SITE, NUMBER)
        )
        assert found.verdict is Verdict.REVIEW
        again = make_person(actors.nurse, number=NUMBER, town="Lyon")
        assert again.outcome is EnrolmentOutcome.REVIEW

    def test_she_is_recognised_without_it(self, actors, uid):
        refuse(actors.nurse, uid)
        became = make_person(actors.nurse, number=None)
        assert (became.person_uid, became.outcome) == (uid, EnrolmentOutcome.SAME)

    def test_nobody_at_the_counter_gives_it_to_her_again_unseen(self, actors, uid):
        refuse(actors.nurse, uid)
        with pytest.raises(RuleBroken, match="not the chosen person's"):
            service.enrol(
                actors.nurse,
                traits=make_traits(town="Lyon"),
                hospital_identifier=HospitalId(SITE, NUMBER),
                decided={uid: ReviewOutcome.SAME},
            )

    def test_a_correction_does_not_bring_it_back(self, actors, uid):
        refuse(actors.nurse, uid)
        version = vault_session.scalar(sa.select(Person.version).where(Person.uid == uid))
        corrected = make_traits(birth_name="Petit")
        amendment.amend(
            actors.nurse, uid, traits=corrected, reason="Acte lu", expected_version=version
        )
        owner = make_person(actors.nurse, number=NUMBER, **OWNER)
        assert owner.outcome is EnrolmentOutcome.NEW

    def test_an_earlier_number_is_in_use_again(self, actors, uid):
        assert make_person(actors.nurse, number="1234567").person_uid == uid
        refuse(actors.nurse, uid)
        vault_session.rollback()
        (left,) = vault_session.scalars(sa.select(HospitalIdentifier))
        assert not left.is_alias

    def test_an_erasure_destroys_it(self, actors, uid):
        refuse(actors.nurse, uid)
        erase_person(actors, uid)
        assert vault_session.scalar(sa.select(sa.func.count(RefusedNumber.id))) == 0

    def test_it_opens_in_its_own_place_alone(self, actors, uid):
        refuse(actors.nurse, uid)
        row = vault_session.scalars(sa.select(RefusedNumber)).one()
        person = vault_session.scalars(sa.select(Person)).one()
        holder = records.holder(vault.opened(), person.id, person.uid, person.wrapped_key)
        where = refused_numbers.place_of(uid, 1)
        assert holder.key.unseal(row.value, where).decode() == NUMBER
        with pytest.raises(CryptoError):
            holder.key.unseal(row.value, records.place_of_number(uid, 1))


class TestGivingBack:
    def test_she_has_it_and_is_recognised_by_it(self, actors, uid):
        refuse(actors.nurse, uid)
        give_back(actors.nurse, uid)
        assert held() == {NUMBER: uid}
        became = make_person(actors.nurse, number=NUMBER, town="Lyon")
        assert (became.person_uid, became.outcome) == (uid, EnrolmentOutcome.SAME)

    def test_not_while_somebody_else_came_with_it(self, actors, uid):
        refuse(actors.nurse, uid)
        owner = make_person(actors.nurse, number=NUMBER, **OWNER).person_uid
        with pytest.raises(RuleBroken, match="Somebody else has come with this number"):
            give_back(actors.nurse, uid)
        assert held() == {NUMBER: owner}


class TestWhoMay:
    def test_who_works_at_the_hospital_that_gave_it(self, actors, uid):
        guessed = make_traits(postal_code=None, town=None, birth_place=None)
        assert service.enrol(actors.other_site_nurse, traits=guessed, site="LYO").person_uid == uid
        with pytest.raises(NotFound, match="no such number"):
            refuse(actors.other_site_nurse, uid)
        with pytest.raises(NotPermitted):
            refuse(actors.technician, uid)
        refuse(actors.identity_officer, uid)
        with pytest.raises(NotFound, match="no such number"):
            give_back(actors.other_site_nurse, uid)

    def test_another_persons_number_is_not_theirs_to_refuse(self, actors, uid):
        other = make_person(actors.nurse, number="99", **OWNER).person_uid
        with pytest.raises(NotFound):
            refuse(actors.nurse, other)

    def test_a_reason_that_tells_the_number_is_refused(self, actors, uid):
        with pytest.raises(InvalidInput):
            refuse(actors.nurse, uid, reason=f"Le numéro {NUMBER} est faux")

    def test_the_journal_says_who_had_it_and_who_has_it_and_no_number(self, actors, uid):
        owner = make_person(actors.nurse, number=NUMBER, **OWNER).person_uid
        refuse(actors.nurse, uid)
        entry = registry_session.scalars(
            sa.select(AuditEntry).where(AuditEntry.tag == "identity:number_refused")
        ).one()
        assert entry.details["given_to"] == owner
        assert NUMBER not in str(entry.details)
