"""A status stands on a number that counts, and a person has one."""

import pytest
import sqlalchemy as sa

from registry.audit.models import AuditEntry
from registry.identity import service
from registry.identity.models import Person
from registry.identity.national.models import NationalIdentifier
from registry.identity.qualification import queries, retrieval
from registry.kernel.errors import RuleBroken
from registry.persistence import registry_session, vault_session
from registry.vocab.identity import ReviewOutcome
from registry.vocab.national import IdentityStatus, NumberKind
from tests.factories.identity import make_person
from tests.factories.national import (
    BIRTH_PLACE,
    check_document,
    coded,
    make_number,
    retrieve,
)

SAME = ReviewOutcome.SAME
NIA = {"number": make_number(sex="8"), "kind": NumberKind.NIA}
SISTER = "Charlotte"


@pytest.fixture
def uid(app, actors) -> str:
    """A woman whose five strict traits are known."""
    return make_person(actors.nurse, birth_place=BIRTH_PLACE).person_uid


@pytest.fixture
def alike(actors, uid) -> tuple[str, int]:
    """Somebody who may be she, and the question."""
    found = make_person(actors.nurse, number="0042138", given_names=SISTER, birth_place=BIRTH_PLACE)
    return found.person_uid, found.reviews[0]


def in_force() -> list[NumberKind]:
    vault_session.rollback()
    kinds = sa.select(NationalIdentifier.kind).where(NationalIdentifier.is_current)
    return list(vault_session.scalars(kinds))


def withdraw(actor, uid) -> None:
    version = queries.standing(actor, uid).version
    retrieval.withdraw_number(actor, uid, reason="Faux numéro", expected_version=version)


class TestAWaitingNumber:
    def test_that_was_replaced_says_nothing_of_the_person_any_more(self, actors, uid):
        retrieve(actors.nurse, uid, **NIA)
        retrieve(actors.nurse, uid)
        with pytest.raises(RuleBroken, match="Withdraw that one first"):
            retrieve(actors.nurse, uid, **NIA)
        assert in_force() == [NumberKind.NIR]

    def test_that_somebody_merged_brought_is_replaced_as_well(self, actors, uid, alike):
        other, review = alike
        retrieve(actors.nurse, other, returned=coded(given_names=SISTER), **NIA)
        service.decide_review(actors.nurse, review, SAME)
        retrieve(actors.nurse, uid)
        with pytest.raises(RuleBroken, match="Withdraw that one first"):
            retrieve(actors.nurse, uid, **NIA)

    def test_counts_again_when_the_number_in_its_place_was_wrong(self, actors, uid):
        check_document(actors.nurse, uid)
        retrieve(actors.nurse, uid, **NIA)
        retrieve(actors.nurse, uid)
        withdraw(actors.nurse, uid)
        assert in_force() == []

        retrieve(actors.nurse, uid, **NIA)

        assert in_force() == [NumberKind.NIA]
        found = queries.standing(actors.nurse, uid)
        assert (found.status, found.kind) == (IdentityStatus.QUALIFIED, NumberKind.NIA)


class TestTwoPersonsWithANumberEach:
    @pytest.mark.parametrize("theirs", [{"number": make_number(order="124")}, NIA])
    def test_are_not_made_one(self, actors, uid, alike, theirs):
        other, review = alike
        retrieve(actors.nurse, uid)
        retrieve(actors.nurse, other, returned=coded(given_names=SISTER), **theirs)

        with pytest.raises(RuleBroken, match="one person has only one"):
            service.decide_review(actors.nurse, review, SAME)

        merged = sa.select(Person.id).where(Person.merged_into_id.is_not(None))
        assert vault_session.scalars(merged).all() == []

    def test_are_made_one_when_the_wrong_one_was_withdrawn(self, actors, uid, alike):
        other, review = alike
        wrong = make_number(order="124")
        retrieve(actors.nurse, uid)
        retrieve(actors.nurse, other, returned=coded(given_names=SISTER), number=wrong)
        withdraw(actors.nurse, other)

        service.decide_review(actors.nurse, review, SAME)

        assert queries.standing(actors.nurse, other).kind is NumberKind.NIR


class TestUndoingAMerge:
    def retrieved_after(self, actors, uid, alike) -> None:
        """Retrieve as one, by the number that the other brought, and undo that."""
        other, review = alike
        retrieve(actors.nurse, other, returned=coded(given_names=SISTER))
        service.decide_review(actors.nurse, review, SAME)
        check_document(actors.nurse, uid)
        retrieve(actors.nurse, uid)
        service.undo_merge(actors.nurse, review, "Deux dossiers distincts")

    def test_who_has_no_number_of_their_own_is_as_if_none_was_retrieved(self, actors, uid, alike):
        self.retrieved_after(actors, uid, alike)
        found = queries.standing(actors.nurse, uid)
        assert (found.status, found.kind) == (IdentityStatus.VALIDATED, None)
        assert found.retrieved_on is None

    def test_whose_number_it_is_keeps_the_status(self, actors, uid, alike):
        self.retrieved_after(actors, uid, alike)
        found = queries.standing(actors.nurse, alike[0])
        assert (found.status, found.kind) == (IdentityStatus.RETRIEVED, NumberKind.NIR)

    def test_the_journal_says_what_the_status_is_now(self, actors, uid, alike):
        self.retrieved_after(actors, uid, alike)
        entry = registry_session.scalars(
            sa.select(AuditEntry).where(AuditEntry.tag == "person:split")
        ).one()
        assert entry.details["lowered"] == {uid: "validated"}
