"""What an estimation of the weights would count, without a vault."""

import random
from collections import defaultdict

from registry.identity import scoring
from registry.identity.likeness import Likeness
from registry.identity.weighing import Pattern
from registry.identity.weights.estimation import Counts

PAIRS = 20_000


def seen_in(people: list[tuple[object, Likeness]], seed: int = 1) -> Counts:
    """The patterns of those who share a key, and of random pairs; each with whose it is."""
    by_key: dict[object, set[int]] = defaultdict(set)
    keys = [likeness.blocking_keys() for _, likeness in people]
    for number, mine in enumerate(keys):
        for key in mine:
            by_key[key].add(number)
    counts, draw = Counts(), random.Random(seed)
    for number, mine in enumerate(keys):
        others = set().union(*(by_key[key] for key in mine)) - {number}
        patterns = [_pattern(people[number][1], people[other][1]) for other in others]
        counts.candidates.update(patterns)
        counts.of_records.append(patterns)
    for _ in range(PAIRS):
        (first, one), (second, other) = draw.choice(people), draw.choice(people)
        if first != second and (one.identifier is None or one.identifier != other.identifier):
            counts.strangers[_pattern(one, other)] += 1
    return counts


def _pattern(one: Likeness, other: Likeness) -> Pattern:
    return scoring.pattern(one, other, numbers={other.identifier} if other.identifier else set())
