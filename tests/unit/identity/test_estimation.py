"""Estimating the weights: from counts whose making is known, and what is refused."""

import math
import random
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings, strategies as st

from registry.identity import scoring
from registry.identity.likeness import Likeness
from registry.identity.weighing import START, Weights
from registry.identity.weights import estimation
from registry.identity.weights.estimation import Counts
from registry.identity.weights.service import is_plausible, judge
from registry.vocab.identity import WEIGHED, Agreement, Compared, EstimateOutcome, Verdict
from tests.unit.identity.counting import seen_in
from tests.unit.identity.families import Families
from tests.unit.identity.population import Population, Someone

POPULATION = 5_000
#: Members of one family, and some of the next, come within this many.
NEAR = 12


def drawn(draw: random.Random, chances: dict[Agreement, float]) -> Agreement:
    return draw.choices(list(chances), list(chances.values()))[0]


def counts_from(
    draw: random.Random, m: dict[Compared, dict[Agreement, float]], *, same: int, strangers: int
) -> Counts:
    """What would be seen if records of one person agreed as `m` says, strangers as `START`."""
    u = {which: {level: u for level, (_, u) in START.chances[which].items()} for which in WEIGHED}
    found = Counts()
    for number in range(same + strangers):
        chances = m if number < same else {**u, Compared.BIRTH_DATE: {Agreement.EXACT: 1.0}}
        levels = [drawn(draw, chances[which]) for which in WEIGHED]
        pattern = (*levels, Agreement.EXACT)
        found.candidates[pattern] += 1
        found.of_records.append([pattern])
    for _ in range(20_000):
        found.strangers[(*(drawn(draw, u[which]) for which in WEIGHED), Agreement.EXACT)] += 1
    return found


class TestKnownChances:
    @pytest.mark.parametrize("wrong", [0.02, 0.15])
    def test_how_often_fields_are_wrong_is_found_again(self, wrong):
        m = {
            which: {
                level: 1 - wrong if level is Agreement.EXACT else wrong / (len(chances) - 1)
                for level in chances
            }
            for which, chances in START.chances.items()
        }
        counts = counts_from(random.Random(5), m, same=3_000, strangers=6_000)

        found = estimation.estimate(counts, START, version="v")

        assert found.pairs * 2 == pytest.approx(3_000, rel=0.03)
        for which in WEIGHED:
            assert found.weights.chances[which][Agreement.EXACT][0] == pytest.approx(
                1 - wrong, abs=0.02
            )
        assert is_plausible(found.weights)

    def test_how_often_strangers_agree_is_counted(self):
        counts = Counts()
        level = (*(Agreement.DIFFERENT for _ in WEIGHED), Agreement.EXACT)
        counts.strangers[level] = 10**9
        u = estimation.estimate(counts, START, version="v").weights.chances[Compared.BIRTH_NAME]
        assert u[Agreement.DIFFERENT][1] > 0.9999
        assert u[Agreement.EXACT][1] < START.chances[Compared.BIRTH_NAME][Agreement.EXACT][1]

    def test_without_anything_seen_the_start_values_stay(self):
        found = estimation.estimate(Counts(), START, version="v").weights
        for which in WEIGHED:
            for level, (m, u) in START.chances[which].items():
                total_m = sum(one for one, _ in START.chances[which].values())
                total_u = sum(one for _, one in START.chances[which].values())
                assert found.chances[which][level] == pytest.approx((m / total_m, u / total_u))

    @settings(max_examples=20, deadline=None)
    @given(st.integers(0, 2**32))
    def test_whatever_is_seen_every_chance_is_one(self, seed):
        draw = random.Random(seed)
        counts = Counts()
        for _ in range(40):
            levels = (drawn(draw, dict.fromkeys(START.chances[which], 1.0)) for which in WEIGHED)
            counts.candidates[(*levels, draw.choice(list(Agreement)))] += draw.randrange(1, 1_000)
        found = estimation.estimate(counts, START, version="v").weights
        for chances in found.chances.values():
            assert math.isclose(sum(m for m, _ in chances.values()), 1)
            assert all(0 < m <= 1 and 0 < u <= 1 for m, u in chances.values())


def likenesses(people: list[Someone]) -> list[tuple[int, Likeness]]:
    return [(one.truth, Likeness.of(one.traits, one.identifier)) for one in people]


def wrongly_joined(people: list[Someone], weights: Weights) -> Counter[tuple]:
    """The pairs of two persons that would be taken for one without asking."""
    known = [likeness for _, likeness in likenesses(people)]
    found: Counter[tuple] = Counter()
    for first, second in combinations(range(len(people)), 2):
        if people[first].truth == people[second].truth or second - first > NEAR:
            continue
        theirs = known[first]
        comparison = scoring.compare(
            known[second],
            theirs,
            numbers={theirs.identifier},
            population=POPULATION,
            weights=weights,
        )
        if comparison.verdict is Verdict.SAME:
            found[tuple(comparison.levels.items())] += 1
    return found


@pytest.fixture(scope="module")
def estimated() -> Weights:
    """Weights of a population in which people come again, a few twins among them."""
    population = Population(11)
    known = population.persons(700)
    again = [population.again(one, keeps_number=True) for one in known]
    return estimation.estimate(seen_in(likenesses(known + again)), START, version="v").weights


class TestFamilies:
    """Twins, homonyms, spouses, father and son: two persons each, whatever the weights."""

    @pytest.mark.parametrize("seed", [7, 8])
    def test_start_values_never_join_two_of_a_family(self, seed):
        assert not wrongly_joined(Families(seed).persons(120), START)

    def test_estimated_weights_never_join_two_of_a_family(self, estimated):
        assert is_plausible(estimated)
        assert not wrongly_joined(Families(7).persons(120), estimated)

    @pytest.mark.parametrize("mixed_up", [0.02, 0.2])
    def test_twins_registered_under_one_number_are_not_joined(self, estimated, mixed_up):
        people = Families(9, mixed_up=mixed_up).persons(120)
        assert not wrongly_joined(people, START)
        assert not wrongly_joined(people, estimated)

    def test_an_estimate_that_takes_relatives_for_one_person_is_refused(self):
        people = Families(7).persons(120)
        found = estimation.estimate(seen_in(likenesses(people)), START, version="v")
        assert judge(found, POPULATION) is EstimateOutcome.IMPLAUSIBLE


class TestRefusals:
    def test_too_few_persons_or_pairs_leave_what_was_there(self):
        counts = counts_from(
            random.Random(1),
            {which: {Agreement.EXACT: 1.0} for which in WEIGHED},
            same=100,
            strangers=0,
        )
        found = estimation.estimate(counts, START, version="v")
        assert judge(found, 499) is EstimateOutcome.TOO_FEW_PERSONS
        assert judge(found, 500) is EstimateOutcome.TOO_FEW_PAIRS

    @pytest.mark.parametrize("which", WEIGHED)
    def test_agreement_that_speaks_against_is_refused(self, which):
        turned = {level: (u, m) for level, (m, u) in START.chances[which].items()}
        weights = Weights("v", {**START.chances, which: turned}, 0.02, 0.05, 0.05, 0.005)
        assert not is_plausible(weights)

    def test_the_start_values_would_be_accepted(self):
        assert is_plausible(START)
