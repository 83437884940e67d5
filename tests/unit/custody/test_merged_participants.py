"""Two participants who are one person: the samples of both are found, and ruled by one consent."""

from dataclasses import dataclass, replace
from decimal import Decimal

import pytest

from registry.access import Permission, require
from registry.custody import queries, service as custody
from registry.custody.service import Existing
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.participants import handlers
from registry.persistence import transactional
from registry.vocab.samples import ContainerType, SampleType
from tests.factories.consents import make_withdrawal
from tests.factories.custody import check_out, divide, make_stored
from tests.factories.participants import OPERATOR
from tests.factories.samples import COLLECTED, make_consenting_participant, make_tube


@dataclass(frozen=True)
class Merged:
    actor: Actor
    kept_uid: str
    merged_uid: str


@transactional
def merge(kept, merged):
    """As the vault tells it: it has asked leave, in its own unit of work."""
    require(OPERATOR, Permission.PARTICIPANT_ENROL)
    handlers.on_persons_merged(Merged(OPERATOR, kept.person_uid, merged.person_uid))


@pytest.fixture
def kept(app, actors):
    return make_consenting_participant(actors)


@pytest.fixture
def merged(app, actors):
    return make_consenting_participant(actors)


def test_the_samples_of_both_are_listed_together(actors, kept, merged):
    first = make_tube(actors, participant=kept)
    second = make_tube(actors, participant=merged)
    merge(kept, merged)
    found = queries.of_participant(actors.nurse, kept.id)
    assert {line.code for line in found} == {first.code, second.code}


def test_nothing_new_is_registered_with_the_one_that_was_merged(actors, kept, merged):
    merge(kept, merged)
    with pytest.raises(RuleBroken, match="same person"):
        make_tube(actors, participant=merged)


def test_what_one_takes_back_stops_the_samples_of_both(actors, kept, merged):
    stored = make_stored(actors, participant=merged)
    merge(kept, merged)
    make_withdrawal(actors, kept, effective_on=clock.today())
    with pytest.raises(RuleBroken):
        check_out(actors, stored.code)
    with pytest.raises(RuleBroken):
        divide(actors, stored.code, "0.1", at=clock.now())


def test_a_file_that_names_the_survivor_knows_the_tubes_of_the_merged(actors, kept, merged):
    row = Existing(
        code="X0001",
        participant_id=merged.id,
        sample_type=SampleType.BLOOD,
        container_type=ContainerType.EDTA_K,
        volume=Decimal(6),
        collected_at=COLLECTED,
    )
    child = replace(row, code="X0002", volume=Decimal(1), parent_code="X0001")
    custody.register_existing(OPERATOR, [row])
    merge(kept, merged)
    rows = [replace(one, participant_id=kept.id) for one in (row, child)]

    known, new = custody.register_existing(OPERATOR, rows)

    assert (known.is_new, known.refusal) == (False, None)
    assert (new.is_new, new.refusal) == (True, None)
