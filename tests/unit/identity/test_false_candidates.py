"""How many strangers share an index with a newcomer (security requirement 10, second half)."""

from collections import defaultdict

from benchmarks.people import Population
from registry.identity.likeness import Likeness

PERSONS, STRANGERS = 5_000, 800
#: Among so many persons no more than so many strangers are opened, on average.
REGISTRY, FALSE_MAX = 200_000, 10


def test_few_strangers_are_opened_in_a_large_registry() -> None:
    """Strangers share by chance, each as likely as the other: their number grows with the vault."""
    population = Population(2026)
    index = defaultdict(set)
    for number, one in enumerate(population.persons(PERSONS)):
        for key in Likeness.of(one.traits, one.identifier).blocking_keys():
            index[key].add(number)
    shared = 0
    for one in population.persons(STRANGERS):
        keys = Likeness.of(one.traits, one.identifier).blocking_keys()
        shared += len(set().union(*(index.get(key, ()) for key in keys)))

    assert shared / STRANGERS * REGISTRY / PERSONS <= FALSE_MAX
