"""Excursions known before, and those that the readings show by now."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, strategies as st

from registry.storage.temperatures.excursions import Bounds, Excursion, Reading, excursions
from registry.storage.temperatures.joining import joined
from tests.factories.probes import after


@given(
    degrees=st.lists(st.sampled_from([-80, -70, -50, -40]), min_size=2, max_size=14),
    holes=st.sets(st.integers(0, 13)),
    cuts=st.lists(st.integers(1, 13), max_size=3),
    order=st.randoms(use_true_random=False),
)
def test_however_the_readings_come_the_excursions_are_the_same(degrees, holes, cuts, order):
    bounds = Bounds(None, Decimal(-60), timedelta(minutes=15), timedelta(minutes=15))
    every = [
        Reading(after(nth), Decimal(one)) for nth, one in enumerate(degrees) if nth not in holes
    ]
    edges = [0, *sorted(set(cuts)), len(degrees)]
    files = [
        [one for one in every if after(begin) <= one.at < after(end)]
        for begin, end in pairwise(edges)
    ]
    order.shuffle(files)

    recorded: list[Reading] = []
    standing: list[Excursion] = []
    for file in files:
        if not file:
            continue
        recorded += file
        pairs, left = joined(standing, excursions(recorded, bounds))
        assert len({id(old) for old, _ in pairs if old} | {id(one) for one in left}) == len(
            standing
        )
        standing = [one for _, one in pairs]

    assert standing == list(excursions(every, bounds))
