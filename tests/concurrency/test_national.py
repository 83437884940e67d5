"""However many record one national number at once: it is one person's."""

import pytest
import sqlalchemy as sa

from registry.identity.national.models import NationalIdentifier
from registry.identity.qualification import queries
from registry.persistence import db
from tests.concurrency.racing import race, won
from tests.factories.identity import make_person
from tests.factories.national import BIRTH_PLACE, coded, retrieve

pytestmark = pytest.mark.concurrency

CLIENTS = 8
NAMES = ("Nguyen", "Martin", "Bernard", "Petit", "Robert", "Moreau", "Fournier", "Girard")


def test_eight_persons_and_one_number(app, application, actors):
    uids = [
        make_person(
            actors.nurse, number=f"77{count}", birth_name=name, birth_place=BIRTH_PLACE
        ).person_uid
        for count, name in enumerate(NAMES)
    ]
    versions = [queries.standing(actors.nurse, uid).version for uid in uids]

    def record(count: int):
        return retrieve(
            actors.nurse,
            uids[count],
            returned=coded(birth_name=NAMES[count]),
            expected_version=versions[count],
        )

    outcomes = race(application, *(lambda one=one: record(one) for one in range(CLIENTS)))

    with db.engines["identity"].connect() as connection:
        rows = connection.scalar(sa.select(sa.func.count()).select_from(NationalIdentifier))
    assert rows == 1
    assert len(won(outcomes)) == CLIENTS
    assert sum(one.review is None for one in outcomes) == 1
