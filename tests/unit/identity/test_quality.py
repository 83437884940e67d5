"""How well people are recognised in a French population with twins and namesakes."""

from collections import defaultdict
from dataclasses import dataclass, field

import pytest

from registry.identity import scoring
from registry.identity.likeness import Likeness
from registry.vocab.identity import Verdict
from tests.unit.identity.population import Population, Someone

PERSONS = 1_500
SEED = 20_260_101


@dataclass
class Judged:
    """What was said of one newcomer: whom it is, and whom it may be."""

    truth: int
    certain: set[int] = field(default_factory=set)
    perhaps: set[int] = field(default_factory=set)


def judge(known: list[Someone], coming: list[Someone]) -> list[Judged]:
    """Compare each newcomer with everybody who shares an index with it."""
    likenesses = {one.truth: Likeness.of(one.traits, one.identifier) for one in known}
    index = defaultdict(set)
    for truth, likeness in likenesses.items():
        for key in likeness.blocking_keys():
            index[key].add(truth)
    return [judge_one(one, likenesses, index) for one in coming]


def judge_one(one: Someone, likenesses, index) -> Judged:
    likeness, judged = Likeness.of(one.traits, one.identifier), Judged(one.truth)
    for truth in set().union(*(index[key] for key in likeness.blocking_keys())):
        theirs = likenesses[truth]
        comparison = scoring.compare(
            likeness, theirs, numbers={theirs.identifier}, population=len(likenesses)
        )
        if comparison.verdict is Verdict.SAME:
            judged.certain.add(truth)
        elif comparison.verdict is Verdict.REVIEW:
            judged.perhaps.add(truth)
    return judged


@pytest.fixture(scope="module", params=[True, False], ids=["same number", "other number"])
def judged(request) -> list[Judged]:
    population = Population(SEED)
    known = population.persons(PERSONS)
    return judge(known, [population.again(one, keeps_number=request.param) for one in known])


def test_nobody_is_ever_taken_for_another(judged):
    assert [one for one in judged if one.certain - {one.truth}] == []


def test_hardly_anybody_is_missed(judged):
    found = sum(one.truth in one.certain | one.perhaps for one in judged)
    assert found >= 0.98 * PERSONS


def test_who_brings_the_same_number_is_hardly_ever_asked_about():
    population = Population(SEED)
    known = population.persons(PERSONS)
    judged = judge(known, [population.again(one, keeps_number=True) for one in known])
    assert sum(one.certain == {one.truth} for one in judged) >= 0.95 * PERSONS
