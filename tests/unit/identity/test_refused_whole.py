"""An identity whose decision is refused leaves nothing in the vault."""

import pytest
import sqlalchemy as sa

from registry.identity import service
from registry.identity.arrivals import Arrival
from registry.identity.models import IdentityRecord
from registry.kernel.errors import NotFound
from registry.persistence import vault_session
from registry.vocab.identity import ReviewOutcome
from tests.factories.identity import make_person, make_traits


@pytest.fixture
def spellings():
    def count() -> int | None:
        vault_session.rollback()
        return vault_session.scalar(sa.select(sa.func.count()).select_from(IdentityRecord))

    return count


def test_a_row_that_is_refused_is_not_kept(app, actors, audit_tags, spellings):
    make_person(actors.other_site_nurse, number="77", site="LYO")
    twin = make_person(actors.nurse, number="0042138", given_names="Charlotte").person_uid
    before, told = spellings(), audit_tags()

    (became,) = service.enrol_many(
        actors.nurse,
        [
            Arrival(
                make_traits(postal_code="42001"), None, None, "PAR",
                {twin: ReviewOutcome.DIFFERENT},
            )
        ],
    )  # fmt: skip

    assert isinstance(became, NotFound)
    assert spellings() == before
    assert audit_tags() == told
