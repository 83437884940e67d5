"""After a merge is undone nobody waits for nothing, and each has a number in use."""

import pytest
import sqlalchemy as sa

from registry.identity import numbers, service
from registry.identity.models import HospitalIdentifier, Person
from registry.persistence import vault_session
from registry.vocab.identity import ReviewOutcome, Standing
from tests.factories.identity import make_person

SAME, DIFFERENT = ReviewOutcome.SAME, ReviewOutcome.DIFFERENT
REASON = "Deux dossiers distincts"


@pytest.fixture
def standing():
    def read():
        vault_session.rollback()
        return set(vault_session.scalars(sa.select(Person.standing)))

    return read


def test_nobody_stays_tentative_about_whom_nothing_waits(app, actors, standing):
    make_person(actors.nurse)
    twin = make_person(actors.nurse, number="0042138", given_names="Charlotte")
    make_person(actors.nurse, number="0042139", given_names="Clotilde")
    (review,) = twin.reviews
    service.decide_review(actors.nurse, review, DIFFERENT, reason=REASON)
    service.revise(actors.identity_officer, review, SAME, reason="Une seule personne")
    for waiting in list(service.open_reviews(actors.nurse)):
        service.decide_review(actors.nurse, waiting.id, DIFFERENT, reason=REASON)

    service.undo_merge(actors.nurse, review, REASON)

    assert list(service.open_reviews(actors.nurse)) == []
    assert standing() == {Standing.ESTABLISHED}


def test_the_person_who_stands_alone_again_has_a_number_in_use(app, actors):
    kept = make_person(actors.nurse, number=None)
    twin = make_person(actors.nurse, number="0042138", given_names="Charlotte")
    (review,) = twin.reviews
    service.decide_review(actors.nurse, review, SAME, reason=REASON)
    make_person(actors.nurse, number="0099999")
    newest = vault_session.scalar(sa.select(sa.func.max(HospitalIdentifier.id)))
    numbers.put_in_use(actors.nurse, kept.person_uid, newest)

    service.undo_merge(actors.nurse, review, REASON)

    vault_session.rollback()
    assert set(vault_session.scalars(sa.select(HospitalIdentifier.is_alias))) == {False}
