"""From readings to excursions."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from registry.storage.temperatures.excursions import Bounds, Reading, excursions, gaps

START = datetime(2026, 11, 23, 8, tzinfo=UTC)
ULTRA_LOW = Bounds(None, Decimal(-65), timedelta(minutes=10), timedelta(minutes=15))
FRIDGE = Bounds(Decimal(2), Decimal(8), timedelta(minutes=10), timedelta(minutes=15))


def reading(minute, celsius):
    return Reading(START + timedelta(minutes=minute), Decimal(celsius))


def readings(*pairs):
    return [reading(minute, celsius) for minute, celsius in pairs]


def test_exactly_at_the_limit_is_within():
    assert excursions(readings((0, "-65"), (10, "-65.0"), (20, "-65")), ULTRA_LOW) == []


def test_exactly_the_smallest_time_counts():
    [found] = excursions(readings((0, "-64.9"), (10, "-70")), ULTRA_LOW)
    assert (found.start, found.end) == (START, START + timedelta(minutes=10))
    assert found.seen == timedelta(minutes=10)


def test_a_minute_less_than_the_smallest_time_does_not_count():
    assert excursions(readings((0, "-64.9"), (9, "-70")), ULTRA_LOW) == []


def test_the_peak_is_what_is_furthest_out():
    [found] = excursions(readings((0, "-60"), (5, "-41.5"), (10, "-60"), (15, "-80")), ULTRA_LOW)
    assert found.peak == Decimal("-41.5")


def test_too_cold_is_an_excursion_where_there_is_a_lowest():
    [found] = excursions(readings((0, "4"), (10, "-1"), (20, "4")), FRIDGE)
    assert found.peak == -1


def test_a_reading_within_the_limits_parts_two_excursions():
    found = excursions(
        readings((0, "-60"), (10, "-60"), (15, "-70"), (20, "-60"), (30, "-70")), ULTRA_LOW
    )
    assert len(found) == 2


def test_a_gap_within_an_excursion_is_told_apart():
    [found] = excursions(readings((0, "-60"), (5, "-60"), (65, "-60"), (70, "-70")), ULTRA_LOW)
    assert (found.seen, found.unseen) == (timedelta(minutes=10), timedelta(minutes=60))


@pytest.mark.parametrize("after", [(), ((60, "-70"),)])
def test_what_ends_in_a_gap_or_with_the_file_is_open(after):
    [found] = excursions(readings((0, "-60"), (10, "-60"), *after), ULTRA_LOW)
    assert found.is_open
    assert found.end == START + timedelta(minutes=10)


def test_gaps_are_shown():
    [gap] = gaps(readings((0, "-70"), (15, "-70"), (31, "-70")), timedelta(minutes=15))
    assert (gap.start, gap.end) == (
        START + timedelta(minutes=15),
        START + timedelta(minutes=31),
    )


series = st.dictionaries(st.integers(0, 400), st.integers(-90, -40), max_size=60).map(
    lambda found: [reading(minute, celsius) for minute, celsius in found.items()]
)


@given(series, st.integers(0, 60))
def test_splitting_a_file_in_two_gives_the_same_excursions(found, at):
    whole = excursions(found, ULTRA_LOW)
    assert excursions([*found[at:], *found[:at]], ULTRA_LOW) == whole
    assert excursions([*found, *found[:at]], ULTRA_LOW) == whole


@given(series)
def test_every_reading_within_the_limits_is_in_no_excursion(found):
    for one in excursions(found, ULTRA_LOW):
        within = [r for r in found if one.start <= r.at < one.end and r.celsius <= -65]
        assert within == []
        assert one.seen + one.unseen == one.end - one.start >= ULTRA_LOW.smallest
        assert one.peak > -65
