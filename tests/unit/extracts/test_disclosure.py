"""What is shown of a count: never from 1 to 10, never exact, never left over."""

import pytest
from hypothesis import given, strategies as st

from registry.extracts.disclosure import (
    MASKED,
    SMALLEST_SHOWN,
    Count,
    Figure,
    figure,
    hidden,
    masked,
    rounded,
)
from registry.vocab import limits

numbers = st.integers(min_value=0, max_value=100_000)
counts = st.builds(
    lambda participants, more: Count(participants, participants + more), numbers, numbers
)


@given(count=counts)
def test_nothing_from_one_to_ten_is_ever_shown(count: Count):
    shown = figure(count)

    assert all(number is None or number > 10 for number in (shown.participants, shown.samples))


@given(count=counts)
def test_what_is_shown_is_a_multiple_of_five(count: Count):
    shown = figure(count)

    assert all((number or 0) % limits.COUNT_ROUNDING == 0 for number in vars(shown).values())


@given(count=counts)
def test_small_numbers_and_none_at_all_look_the_same(count: Count):
    assert figure(count).is_masked == (count.participants < limits.SMALL_CELL_MIN)
    assert figure(Count(0, 0)) == figure(Count(10, 400)) == MASKED


@given(number=st.integers(min_value=13, max_value=100_000))
def test_rounding_is_to_the_nearest_five(number: int):
    assert abs(rounded(number) - number) <= limits.COUNT_ROUNDING // 2


@pytest.mark.parametrize(
    ("number", "shown"), [(10, None), (11, 15), (12, 15), (13, 15), (17, 15), (18, 20), (22, 20)]
)
def test_the_first_numbers_that_are_shown(number: int, shown: int | None):
    assert masked(number) == shown


@given(parts=st.lists(counts, min_size=1, max_size=6))
def test_a_total_is_rounded_on_its_own_and_not_added_up(parts: list[Count]):
    total = Count(sum(p.participants for p in parts), sum(p.samples for p in parts))

    expected = masked(total.participants)

    assert figure(total).participants == expected


def test_few_people_with_many_samples_are_masked_with_them():
    assert figure(Count(participants=3, samples=900)) == MASKED


@given(cells=st.dictionaries(st.integers(0, 8), counts, min_size=2, max_size=9))
def test_no_line_has_a_single_masked_cell(cells: dict[int, Count]):
    figures = {cell: figure(count) for cell, count in cells.items()}

    masks = hidden(figures, [list(figures)])

    assert len(masks) != 1
    assert masks >= {cell for cell, shown in figures.items() if shown.is_masked}


@given(
    cells=st.fixed_dictionaries({(row, column): counts for row in range(3) for column in range(4)})
)
def test_no_row_and_no_column_has_a_single_masked_cell(cells: dict[tuple[int, int], Count]):
    figures = {cell: figure(count) for cell, count in cells.items()}
    lines = [[(row, column) for column in range(4)] for row in range(3)]
    lines += [[(row, column) for row in range(3)] for column in range(4)]

    masks = hidden(figures, lines)

    assert all(len(masks.intersection(line)) != 1 for line in lines)


def test_the_smallest_other_cell_goes_with_a_masked_one():
    figures = {"F": Figure(200, 900), "M": Figure(30, 100), "O": MASKED, "X": Figure(20, 50)}

    assert hidden(figures, [["F", "M", "O", "X"]]) == {"O", "X"}


def test_a_line_of_one_cell_hides_nothing_more():
    assert hidden({"F": Figure(200, 900)}, [["F"]]) == frozenset()


def test_the_smallest_number_shown_is_above_the_threshold():
    assert SMALLEST_SHOWN >= limits.SMALL_CELL_MIN
