"""The cells of a box: counting them, naming them, reading their names, finding free ones."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.vocab.storage import Labelling

#: A row and a column, both counted from 1.
Cell = tuple[int, int]

_NUMBER = r"([0-9]{1,2})"
_LETTERS = r"([A-Za-z]{1,2})"
_ALPHABET = 26


@dataclass(frozen=True)
class Grid:
    """The geometry of a box.  Cells are filled row by row, from the first."""

    rows: int
    columns: int
    row_labels: Labelling = Labelling.LETTERS
    column_labels: Labelling = Labelling.NUMBERS

    @property
    def size(self) -> int:
        """How many cells there are."""
        return self.rows * self.columns

    def cells(self) -> Iterator[Cell]:
        """Every cell in the order in which they are filled."""
        for row in range(1, self.rows + 1):
            for column in range(1, self.columns + 1):
                yield row, column

    def __contains__(self, cell: object) -> bool:
        return (
            isinstance(cell, tuple) and 1 <= cell[0] <= self.rows and 1 <= cell[1] <= self.columns
        )

    def row_label(self, row: int) -> str:
        """What row number `row` is called."""
        return _name(row, self.row_labels)

    def column_label(self, column: int) -> str:
        """What column number `column` is called."""
        return _name(column, self.column_labels)

    def label(self, row: int, column: int) -> str:
        """What the cell is called: ``B3``; ``2-3`` where both axes are labelled alike."""
        between = "-" if self.row_labels == self.column_labels else ""
        return f"{self.row_label(row)}{between}{self.column_label(column)}"

    def read(self, label: str) -> Cell:
        """The cell that a person calls `label`.

        :raises InvalidInput: there is no such cell in the box.
        """
        between = r"\s*-?\s*" if self.row_labels != self.column_labels else r"\s*[-.,;/ ]\s*"
        pattern = _pattern(self.row_labels) + between + _pattern(self.column_labels)
        found = re.fullmatch(pattern, label.strip())
        cell = (_count(found[1]), _count(found[2])) if found else (0, 0)
        if cell not in self:
            raise InvalidInput(
                T(
                    "There is no cell “{label}” in this box: its cells go from {first} to {last}.",
                    label=label.strip()[:10],
                    first=self.label(1, 1),
                    last=self.label(self.rows, self.columns),
                ),
                field="cell",
            )
        return cell

    def free(self, taken: Collection[Cell]) -> Iterator[Cell]:
        """The cells that are not in `taken`, in the order in which they are filled."""
        return (cell for cell in self.cells() if cell not in taken)

    def next_free(self, taken: Collection[Cell]) -> Cell | None:
        """The first free cell, or None when the box is full."""
        return next(self.free(taken), None)


def _name(number: int, labelling: Labelling) -> str:
    if labelling is Labelling.NUMBERS:
        return str(number)
    high, low = divmod(number - 1, _ALPHABET)
    return (chr(ord("A") + high - 1) if high else "") + chr(ord("A") + low)


def _count(label: str) -> int:
    if label.isdigit():
        return int(label)
    number = 0
    for letter in label.upper():
        number = number * _ALPHABET + ord(letter) - ord("A") + 1
    return number


def _pattern(labelling: Labelling) -> str:
    return _NUMBER if labelling is Labelling.NUMBERS else _LETTERS
