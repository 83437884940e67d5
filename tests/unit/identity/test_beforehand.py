"""Learning the weights from the rows of a first import."""

import pytest
import sqlalchemy as sa

from registry.identity import service, weights
from registry.identity.arrivals import Arrival
from registry.identity.likeness import Likeness
from registry.identity.models import MatchReview, Person
from registry.identity.weighing import START
from registry.identity.weights.estimation import Counts
from registry.identity.weights.gathering import count_strangers
from registry.identity.weights.models import MatchWeights
from registry.kernel.actor import Actor
from registry.kernel.errors import NotPermitted
from registry.persistence import unit_of_work, vault_session
from registry.vocab import limits
from registry.vocab.identity import EstimateOutcome
from tests.unit.identity.families import Families
from tests.unit.identity.population import Population

OPERATOR = Actor.system("import")
PERSONS, AGAIN = 300, 120


@pytest.fixture
def coming() -> list[Arrival]:
    """Persons, and some of them once more with slips."""
    population = Population(11)
    known = population.persons(PERSONS)
    again = [population.again(one, keeps_number=True) for one in known[:AGAIN]]
    return [Arrival(one.traits, one.identifier) for one in (*known, *again)]


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(limits, "WEIGHTS_PERSONS_MIN", 200)
    monkeypatch.setattr(limits, "WEIGHTS_PAIRS_MIN", 50)
    monkeypatch.setattr(limits, "WEIGHTS_COMING_PAIRS", 4_000)


def used() -> str:
    with unit_of_work():
        return weights.current().version


def test_what_comes_is_judged_by_what_its_rows_have_taught(app, sites, small, coming):
    learnt = service.learn_from(OPERATOR, coming)

    assert learnt is not None
    assert learnt.outcome is EstimateOutcome.ADOPTED
    assert used() == learnt.version
    assert learnt.population == pytest.approx(PERSONS, rel=0.1)
    assert learnt.pairs == pytest.approx(AGAIN, rel=0.3)


def test_the_rows_themselves_are_not_kept(app, sites, small, coming):
    service.learn_from(OPERATOR, coming)

    for kept in (Person, MatchReview):
        assert vault_session.scalar(sa.select(sa.func.count()).select_from(kept)) == 0


def test_what_was_learnt_before_is_not_learnt_again(app, sites, small, coming):
    first = service.learn_from(OPERATOR, coming)

    assert service.learn_from(OPERATOR, coming) is None
    assert used() == first.version


def test_the_same_row_many_times_teaches_nothing(app, sites, small, coming):
    assert service.learn_from(OPERATOR, coming[:1] * 500) is None
    assert used() == START.version


def test_rows_of_families_who_never_come_again_teach_nothing(app, sites, small):
    relatives = [Arrival(one.traits, one.identifier) for one in Families(7).persons(60)]
    assert service.learn_from(OPERATOR, relatives) is None
    assert used() == START.version


def test_without_enough_rows_nothing_is_learnt_or_recorded(app, sites, coming, audit_tags):
    before = audit_tags()

    assert service.learn_from(OPERATOR, coming) is None
    assert used() == START.version
    assert audit_tags() == before
    assert vault_session.scalar(sa.select(sa.func.count()).select_from(MatchWeights)) == 0


def test_whoever_may_not_estimate_weights_may_not(app, actors, coming):
    with pytest.raises(NotPermitted):
        service.learn_from(actors.nurse, coming)


def test_a_person_known_twice_is_no_pair_of_strangers():
    one, other = (Likeness.of(someone.traits, None) for someone in Population(11).persons(2))
    twice, two = Counts(), Counts()

    count_strangers([(1, one), (2, one)], twice, pairs=50)
    count_strangers([(1, one), (2, other)], two, pairs=50)

    assert not twice.strangers
    assert two.strangers
