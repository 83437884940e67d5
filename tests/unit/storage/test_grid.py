"""Cells have one name, and a name one cell."""

import pytest
from hypothesis import given, strategies as st

from registry.kernel.errors import InvalidInput
from registry.storage.grid import Grid
from registry.vocab import limits
from registry.vocab.storage import Labelling

SIDES = st.integers(1, limits.BOX_SIDE_MAX)
GRIDS = st.builds(Grid, SIDES, SIDES, st.sampled_from(Labelling), st.sampled_from(Labelling))


@given(GRIDS, st.data())
def test_every_cell_is_found_again_by_its_name(grid, data):
    row = data.draw(st.integers(1, grid.rows))
    col = data.draw(st.integers(1, grid.columns))
    assert grid.read(grid.label(row, col)) == (row, col)


@given(GRIDS)
def test_no_two_cells_have_the_same_name(grid):
    assert len({grid.label(*cell) for cell in grid.cells()}) == grid.size


@pytest.mark.parametrize(
    ("row_labels", "column_labels", "name"),
    [
        (Labelling.LETTERS, Labelling.NUMBERS, "B3"),
        (Labelling.NUMBERS, Labelling.LETTERS, "2C"),
        (Labelling.NUMBERS, Labelling.NUMBERS, "2-3"),
        (Labelling.LETTERS, Labelling.LETTERS, "B-C"),
    ],
)
def test_axes_labelled_alike_are_told_apart(row_labels, column_labels, name):
    assert Grid(8, 12, row_labels, column_labels).label(2, 3) == name


@pytest.mark.parametrize("typed", ["b3", " B3 ", "B 3", "B-3", "b03"])
def test_people_may_write_a_cell_their_way(typed):
    assert Grid(8, 12).read(typed) == (2, 3)


@pytest.mark.parametrize("typed", ["I1", "A13", "A0", "3", "B", "", "AA1", "A1B", "\uff211", "B²"])
def test_a_cell_outside_the_box_is_refused_with_its_bounds(typed):
    with pytest.raises(InvalidInput, match="from A1 to H12"):
        Grid(8, 12).read(typed)


def test_cells_are_filled_row_by_row_from_the_first_free_one():
    grid = Grid(2, 3)
    assert list(grid.free({(1, 1), (1, 3)})) == [(1, 2), (2, 1), (2, 2), (2, 3)]
    assert grid.next_free({(1, 1)}) == (1, 2)
    assert grid.next_free(set(grid.cells())) is None


def test_letters_go_on_after_z():
    grid = Grid(28, 1, Labelling.LETTERS, Labelling.NUMBERS)
    assert [grid.row_label(row) for row in (26, 27, 28)] == ["Z", "AA", "AB"]
