"""Erasing a person: what goes, what stays, and who is told."""

import hashlib

import pytest
import sqlalchemy as sa

from registry.audit import queries as audit
from registry.audit.models import AuditEntry
from registry.identity import service, vault
from registry.identity.erasure import destroying, queries
from registry.identity.erasure.models import Erasure
from registry.identity.models import (
    HospitalIdentifier,
    IdentityRecord,
    IndexEntry,
    KeyCheck,
    MatchReview,
    Person,
    SourceRow,
)
from registry.identity.traits import HospitalId, SourceRef
from registry.kernel import clock
from registry.kernel.actor import Actor, Grant
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken, Unavailable
from registry.participants.models import Participant
from registry.persistence import VaultModel, registry_session, vault_session
from registry.vocab.erasure import Destroyed, ErasureGround
from registry.vocab.identity import EnrolmentOutcome, ReviewOutcome, Standing
from tests.factories.identity import erase_person, make_person, make_traits
from tests.factories.participants import make_participant


@pytest.fixture
def known(app, actors):
    return make_person(actors.nurse).person_uid


def test_nothing_but_a_random_name_stays(known, actors, rows_of):
    erase_person(actors, known)

    (person,) = rows_of(Person)
    assert (person.uid, person.standing, person.wrapped_key) == (known, Standing.ERASED, b"")
    for table in (IdentityRecord, HospitalIdentifier, IndexEntry, SourceRow):
        assert rows_of(table) == []


def test_rows_of_others_stay(known, actors, rows_of):
    make_person(actors.nurse, number="77", birth_name="Vasseur", given_names="Odile")
    before = len(rows_of(IndexEntry))

    erased = erase_person(actors, known)

    assert len(rows_of(IdentityRecord)) == len(rows_of(HospitalIdentifier)) == 1
    assert len(rows_of(IndexEntry)) == before - erased.destroyed[Destroyed.INDEX_ENTRIES] > 0


def test_what_another_system_sent_is_forgotten_too(app, actors, rows_of):
    taken = service.enrol(
        actors.nurse, traits=make_traits(), source=SourceRef("dpi", "4711"), site="PAR"
    )
    erased = erase_person(actors, taken.person_uid)

    assert erased.destroyed[Destroyed.SOURCE_ROWS] == 1
    assert rows_of(SourceRow) == []


def test_everybody_merged_into_the_person_goes_too(known, actors, rows_of):
    double = make_person(actors.nurse, number="8", given_names="Charlotte")
    service.decide_review(actors.nurse, double.reviews[0], ReviewOutcome.SAME, reason="compared")

    erased = erase_person(actors, double.person_uid)

    assert set(erased.uids) == {known, double.person_uid}
    assert {row.standing for row in rows_of(Person)} == {Standing.ERASED}
    assert erased.destroyed[Destroyed.KEYS] == 2
    assert erase_person(actors, known) == erase_person(actors, double.person_uid) == erased


def test_a_waiting_review_is_closed_and_the_other_person_is_established(known, actors):
    doubt = make_person(actors.nurse, number="8", given_names="Charlotte")
    assert doubt.standing is Standing.TENTATIVE
    erase_person(actors, known)

    assert service.open_reviews(actors.nurse) == []
    review = vault_session.scalars(sa.select(MatchReview)).one()
    assert review.levels == review.weights == {}
    standing = sa.select(Person.standing).where(Person.uid == doubt.person_uid)
    assert vault_session.scalar(standing) is Standing.ESTABLISHED


def test_the_same_person_met_again_is_somebody_new(known, actors):
    erase_person(actors, known)

    again = make_person(actors.nurse)

    assert again.outcome is EnrolmentOutcome.NEW
    assert again.person_uid != known


def test_a_row_of_the_same_person_read_again_is_somebody_new(app, actors):
    def read():
        source = SourceRef("dpi", "17")
        return service.enrol(actors.nurse, traits=make_traits(), source=source, site="PAR")

    first = read()
    erase_person(actors, first.person_uid)

    again = read()
    assert again.outcome is EnrolmentOutcome.NEW
    assert again.person_uid != first.person_uid
    assert read().outcome is EnrolmentOutcome.ALREADY


def test_erasing_again_gives_the_same_certificate(known, actors, rows_of):
    first = erase_person(actors, known)

    assert erase_person(actors, known, ground=ErasureGround.UNLAWFUL) == first
    assert len(rows_of(Erasure)) == 1


def test_a_certificate_names_the_sealed_key_by_its_digest(known, actors):
    sealed = vault_session.scalar(sa.select(Person.wrapped_key))
    vault_session.rollback()

    assert erase_person(actors, known).key_digests == [hashlib.sha256(sealed).hexdigest()]


def test_an_erased_identity_is_neither_shown_nor_found(known, actors):
    erase_person(actors, known)

    with pytest.raises(RuleBroken, match="erased"):
        service.reveal(actors.nurse, known, reason="appel du patient")
    assert service.search(actors.nurse, traits=make_traits()) == []
    number = HospitalId("PAR", "0042137")
    assert service.search(actors.nurse, traits=make_traits(), hospital_identifier=number) == []


def test_participants_keep_their_data_and_are_marked(known, actors):
    participant = make_participant(actors, person_uid=known)
    erased = erase_person(actors, known)

    registry_session.expire_all()
    found = registry_session.get_one(Participant, participant.id)
    assert found.identity_erased_on == clock.to_paris(erased.erased_at).date()
    assert found.birth_year == participant.birth_year


def test_only_the_protection_officer_erases_and_never_at_another_hospital(known, actors, sites):
    for actor in (actors.nurse, actors.identity_officer, actors.admin, actors.data_manager):
        with pytest.raises(NotPermitted):
            erase_person(actors, known, actor=actor)
    elsewhere = Actor(
        id=actors.dpo.id,
        login="dpo",
        name="Dpo",
        grants=frozenset({Grant("dpo", sites.lyon)}),
    )
    with pytest.raises(NotFound):
        erase_person(actors, known, actor=elsewhere)


def test_a_reason_that_says_who_it_was_is_refused(known, actors, rows_of):
    with pytest.raises(InvalidInput):
        erase_person(actors, known, reason="Mme Lefèbvre-Durand le demande")

    assert rows_of(Erasure) == []
    with pytest.raises(NotFound):
        erase_person(actors, "0" * 32)


def test_a_closed_vault_erases_nothing(known, actors, rows_of):
    vault.open(None)

    with pytest.raises(Unavailable):
        erase_person(actors, known)
    assert rows_of(Erasure) == []


def test_the_journal_holds_and_shows_no_name(known, actors, audit_tags):
    service.reveal(actors.nurse, known, reason="appel du patient")
    erased = erase_person(actors, known)

    assert audit.verify(actors.dpo).broken is None
    assert "person:erased" in audit_tags()
    entries = registry_session.execute(sa.select(AuditEntry.details, AuditEntry.reason)).all()
    assert not any("Lef" in f"{entry.details}{entry.reason}" for entry in entries)
    found = queries.get(actors.dpo, erased.certificate)
    digest = sa.select(AuditEntry.digest).where(AuditEntry.seq == found.entry.seq)
    assert registry_session.scalar(digest).hex() == found.entry.digest


def test_every_table_of_the_vault_that_names_persons_is_destroyed_or_known_to_stay(app):
    named = {table.name for table, _ in destroying._reached([Person(id=0, uid="")])}
    kept = {table.name for table in VaultModel.metadata.sorted_tables} - named

    assert kept >= {Person.__tablename__, Erasure.__tablename__, KeyCheck.__tablename__}
    assert kept - STAYS == set(), "Destroy these with the person, or say why they may stay"
    assert named <= destroying.KINDS.keys() | {"qualification", "distrusted_record"}


#: The person's random name; what was erased; answers of keys; weights of everybody together;
#: who was found to be whom, in codes.
STAYS = {
    "person",
    "erasure",
    "key_check",
    "match_weights",
    "match_review",
    "match_decision",
    "person_merge",
}
