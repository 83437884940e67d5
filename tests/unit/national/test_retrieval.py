"""Recording a retrieval: numbers that do not fit, and numbers that two persons have."""

import pytest
import sqlalchemy as sa

from registry.identity.models import Person
from registry.identity.national.models import NationalIdentifier
from registry.identity.qualification import queries, retrieval
from registry.identity.service import compare, decide_review, open_reviews
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.persistence import vault_session
from registry.vocab.identity import Agreement, Compared, ReviewOutcome
from registry.vocab.national import (
    IdentityAttribute,
    IdentityStatus,
    Incoherence,
    NumberKind,
)
from tests.factories.identity import make_person
from tests.factories.national import (
    BIRTH_PLACE,
    check_document,
    coded,
    make_number,
    retrieve,
)

PROVISIONAL, VALIDATED = IdentityStatus.PROVISIONAL, IdentityStatus.VALIDATED
RETRIEVED, QUALIFIED = IdentityStatus.RETRIEVED, IdentityStatus.QUALIFIED


@pytest.fixture
def uid(app, actors) -> str:
    """A woman whose five strict traits are known."""
    return make_person(actors.nurse, birth_place=BIRTH_PLACE).person_uid


def status(actor, uid) -> IdentityStatus:
    return queries.standing(actor, uid).status


def reach(actor, uid, wanted: IdentityStatus) -> None:
    if wanted in (VALIDATED, QUALIFIED):
        check_document(actor, uid)
    if wanted in (RETRIEVED, QUALIFIED):
        retrieve(actor, uid)
    assert status(actor, uid) is wanted


class TestANumberThatDoesNotFit:
    NUMBER = make_number(sex="1")

    def test_is_asked_about_first(self, actors, uid):
        with pytest.raises(InvalidInput) as asked:
            retrieve(actors.nurse, uid, number=self.NUMBER)
        assert asked.value.field == "if_incoherent"
        assert status(actors.nurse, uid) is PROVISIONAL

    def test_is_taken_when_somebody_says_that_it_is_right(self, actors, uid):
        retrieve(actors.nurse, uid, number=self.NUMBER, if_incoherent=Incoherence.RIGHT)
        assert status(actors.nurse, uid) is RETRIEVED

    def test_makes_the_identity_doubtful_when_somebody_says_so(self, actors, uid):
        reach(actors.nurse, uid, VALIDATED)
        retrieve(actors.nurse, uid, number=self.NUMBER, if_incoherent=Incoherence.DOUBTFUL)
        standing = queries.standing(actors.nurse, uid)
        assert standing.status is PROVISIONAL
        assert standing.attributes == {IdentityAttribute.DOUBTFUL}
        assert standing.kind is NumberKind.NIR


class TestOneNumberOnePerson:
    @pytest.fixture
    def other(self, app, actors, uid) -> str:
        """Another woman, with the same name and day by chance, and another hospital number."""
        retrieve(actors.nurse, uid)
        enrolled = make_person(
            actors.nurse, number="99", birth_name="Nguyen", given_names="Anne",
            birth_place=BIRTH_PLACE, postal_code=None, town=None,
        )  # fmt: skip
        return enrolled.person_uid

    def collide(self, actor, other):
        returned = coded(birth_name="Nguyen", given_names="Anne")
        return retrieve(actor, other, returned=returned)

    def test_a_number_that_another_person_has_opens_a_review_and_is_not_taken(
        self, actors, other, audit_tags
    ):
        met = self.collide(actors.nurse, other)

        assert met.review is not None
        assert met.status is PROVISIONAL
        assert vault_session.scalar(sa.select(sa.func.count(NationalIdentifier.id))) == 1
        (review,) = open_reviews(actors.nurse, of=other)
        assert review.levels[Compared.NATIONAL] is Agreement.EXACT
        assert review.levels[Compared.BIRTH_NAME] is Agreement.DIFFERENT
        assert "national_identity:collided" in audit_tags()
        compare(actors.nurse, review.id, reason="deux dossiers")

    def test_it_never_makes_one_of_two_by_itself(self, actors, uid, other):
        self.collide(actors.nurse, other)
        merged = sa.select(Person.id).where(Person.merged_into_id.is_not(None))
        assert vault_session.scalars(merged).all() == []

    def test_once_both_are_one_the_number_is_theirs(self, actors, uid, other):
        met = self.collide(actors.nurse, other)
        decide_review(actors.nurse, met.review, ReviewOutcome.SAME, reason="même personne")
        assert retrieve(actors.nurse, uid).status is RETRIEVED
        assert retrieve(actors.nurse, other).status is RETRIEVED

    def test_once_both_are_different_the_number_is_refused(self, actors, uid, other):
        met = self.collide(actors.nurse, other)
        decide_review(actors.nurse, met.review, ReviewOutcome.DIFFERENT, reason="deux personnes")
        with pytest.raises(RuleBroken, match="found to be another person"):
            self.collide(actors.nurse, other)
        version = queries.standing(actors.nurse, uid).version
        retrieval.withdraw_number(actors.nurse, uid, reason="erreur", expected_version=version)
        assert self.collide(actors.nurse, other).status is RETRIEVED

    def test_a_nir_takes_the_place_of_the_nia(self, actors, uid):
        retrieve(actors.nurse, uid, number=make_number(sex="8"), kind=NumberKind.NIA)
        retrieve(actors.nurse, uid)
        rows = vault_session.execute(
            sa.select(NationalIdentifier.kind, NationalIdentifier.is_current)
        ).all()
        assert set(rows) == {(NumberKind.NIA, False), (NumberKind.NIR, True)}

    def test_a_second_nir_is_refused(self, actors, uid):
        retrieve(actors.nurse, uid)
        with pytest.raises(RuleBroken, match="Withdraw that one first"):
            retrieve(actors.nurse, uid, number=make_number(order="456"))


def test_a_pair_that_waits_already_shows_that_the_number_is_common(actors, uid):
    twin = make_person(
        actors.nurse, number="0042138", given_names="Charlotte", birth_place=BIRTH_PLACE
    )
    retrieve(actors.nurse, uid)
    met = retrieve(actors.nurse, twin.person_uid, returned=coded(given_names="Charlotte"))

    (waiting,) = open_reviews(actors.nurse)
    assert (met.review,) == twin.reviews == (waiting.id,)
    assert waiting.levels[Compared.NATIONAL] is Agreement.EXACT
