"""One hospital number, eight registrations at the same instant (security requirement 12)."""

import sqlalchemy as sa
from flask import Flask

from registry.identity.models import HospitalIdentifier, Person
from registry.persistence import vault_session
from tests.concurrency.racing import race, won
from tests.factories.accounts import People
from tests.factories.identity import make_person

REGISTRATIONS = 8


def test_a_number_registered_eight_times_at_once_is_one_person(application: Flask, actors: People):
    with application.app_context():
        outcomes = race(
            application, *(lambda: make_person(actors.nurse).person_uid,) * REGISTRATIONS
        )

        assert len(won(outcomes)) == REGISTRATIONS
        assert len(set(outcomes)) == 1
        assert vault_session.scalar(sa.select(sa.func.count()).select_from(Person)) == 1
        numbers = sa.select(sa.func.count()).select_from(HospitalIdentifier)
        assert vault_session.scalar(numbers) == 1


def test_a_number_claimed_for_eight_persons_at_once_is_one_persons(
    application: Flask, actors: People
):
    names = ("Aubry", "Besson", "Colin", "Dumas", "Erard", "Fabre", "Gros", "Hardy")

    def enrol(number: int) -> str:
        name = names[number]
        return make_person(actors.nurse, birth_name=name, given_names=name[::-1]).person_uid

    with application.app_context():
        outcomes = race(application, *(lambda n=n: enrol(n) for n in range(REGISTRATIONS)))

        assert len(set(won(outcomes))) == REGISTRATIONS
        owners = vault_session.scalars(sa.select(HospitalIdentifier.person_id)).all()
        assert len(owners) == 1
