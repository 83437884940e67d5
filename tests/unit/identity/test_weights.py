"""The weights' versions: estimated from the vault, kept, used; no name leaves it."""

import json
import re

import pytest
import sqlalchemy as sa

from registry.audit.models import AuditEntry
from registry.identity import service, weights
from registry.identity.likeness import Likeness
from registry.identity.models import MatchReview
from registry.identity.weighing import START
from registry.identity.weights import service as estimating
from registry.identity.weights.models import MatchWeights
from registry.identity.weights.queries import as_weights
from registry.kernel.actor import Actor
from registry.kernel.errors import NotPermitted
from registry.persistence import registry_session, unit_of_work, vault_session
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.identity import EstimateOutcome
from tests.factories.identity import make_person
from tests.unit.identity.population import Population

OPERATOR = Actor.system("worker")
PERSONS = 150


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(limits, "WEIGHTS_PERSONS_MIN", 40)
    monkeypatch.setattr(limits, "WEIGHTS_PAIRS_MIN", 20)
    monkeypatch.setattr(limits, "WEIGHTS_STRANGER_PAIRS", 10_000)
    monkeypatch.setattr(limits, "WEIGHTS_RECORDS_AT_ONCE", 100)


@pytest.fixture
def people(app, sites):
    population = Population(11)
    known = population.persons(PERSONS)
    again = [population.again(one, keeps_number=True) for one in known]
    arrivals = [service.Arrival(one.traits, one.identifier) for one in [*known, *again]]
    with unit_of_work():
        service.enrol_many(OPERATOR, arrivals)
    return known


def used() -> str:
    with unit_of_work():
        return weights.current().version


def entries() -> list[AuditEntry]:
    tag = AuditTag.WEIGHTS_ESTIMATED.value
    return list(registry_session.scalars(sa.select(AuditEntry).where(AuditEntry.tag == tag)))


def test_an_empty_registry_uses_the_start_values_and_keeps_them(app):
    found = estimating.estimate(OPERATOR)

    assert found.outcome is EstimateOutcome.TOO_FEW_PERSONS
    assert found.version is None
    assert used() == START.version
    assert len(entries()) == 1


def test_an_estimate_is_used_from_the_next_unit_of_work_on(people, small):
    assert used() == START.version

    found = estimating.estimate(OPERATOR)

    assert found.outcome is EstimateOutcome.ADOPTED
    assert used() == found.version
    # What came again in the very same spelling is kept once, and makes no pair.
    assert 0.7 * PERSONS <= found.pairs <= PERSONS


def test_a_version_comes_back_as_it_was_made(people, small):
    estimating.estimate(OPERATOR)
    (row,) = vault_session.scalars(sa.select(MatchWeights))

    again = as_weights(row)

    with unit_of_work():
        assert weights.current() == again
    assert {which: set(levels) for which, levels in again.chances.items()} == {
        which: set(levels) for which, levels in START.chances.items()
    }


def test_the_newest_of_two_versions_counts(people, small):
    estimating.estimate(OPERATOR)
    second = estimating.estimate(OPERATOR)
    assert used() == second.version


def test_another_process_s_version_is_noticed_without_asking_for_each_comparison(
    people, small, vault_queries
):
    used()
    estimating.estimate(OPERATOR)
    vault_queries.clear()

    with unit_of_work():
        versions = {weights.current().version for _ in range(50)}

    assert len(versions) == 1
    assert len([sent for sent, _ in vault_queries if "match_weights" in sent]) <= 2


def test_a_review_names_the_version_it_was_made_with(people, small):
    version = estimating.estimate(OPERATOR).version
    make_person(OPERATOR, number="0042137")
    make_person(OPERATOR, number="0942137", given_names="Charlotte")
    reviews = vault_session.scalars(sa.select(MatchReview).order_by(MatchReview.id)).all()
    assert reviews[-1].weights_version == version


def test_progress_is_told_and_stopping_changes_nothing(people, small):
    told = []

    found = estimating.estimate(
        OPERATOR,
        progress=lambda done, total: told.append((done, total)),
        should_stop=lambda: len(told) == 2,
    )

    assert [done for done, _ in told] == [100, 200]
    assert found.outcome is EstimateOutcome.STOPPED
    assert used() == START.version
    assert entries() == []


def test_a_nurse_may_not_and_the_identity_officer_may(app, actors):
    with pytest.raises(NotPermitted):
        estimating.estimate(actors.nurse)
    found = estimating.estimate(actors.identity_officer)
    assert found.outcome is EstimateOutcome.TOO_FEW_PERSONS


def test_what_is_kept_and_recorded_holds_no_name_date_or_number(people, small):
    estimating.estimate(OPERATOR)
    (row,) = vault_session.scalars(sa.select(MatchWeights))
    (entry,) = entries()
    kept = json.dumps([row.chances, row.shares, entry.details]).upper()
    # Of a chance, all digits: a part of them is a number of somebody's by accident.
    numbers = re.findall(r"\d+", kept)

    for one in people:
        likeness = Likeness.of(one.traits, one.identifier)
        for name in (likeness.birth_name, likeness.given_names):
            assert f'"{name.joined}"' not in kept
        assert likeness.birth_date not in kept
        assert likeness.identifier[1] not in numbers
