"""What may be shown of a count: nothing from 1 to 10, nothing exact, nothing left over.

Each figure is rounded on its own, totals too, so that sums and differences of
published figures do not give an exact number back.  Zero is shown as the small
numbers are: that nobody has a trait is news about everybody.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from registry.vocab import limits

K = TypeVar("K", bound=Hashable)

#: The smallest number that is ever shown.
SMALLEST_SHOWN = -(-limits.SMALL_CELL_MIN // limits.COUNT_ROUNDING) * limits.COUNT_ROUNDING


@dataclass(frozen=True)
class Count:
    """What was counted, exact: never leaves this package."""

    participants: int
    samples: int

    @property
    def is_small(self) -> bool:
        """Whether so few people stand behind it that it could tell them apart."""
        return self.participants < limits.SMALL_CELL_MIN


@dataclass(frozen=True)
class Figure:
    """What is shown of a count; None where it is masked."""

    participants: int | None
    samples: int | None

    @property
    def is_masked(self) -> bool:
        """Whether a reader sees ``< 11`` instead of numbers."""
        return self.participants is None


MASKED = Figure(None, None)


def rounded(number: int) -> int:
    """The number to the nearest five; one that may be shown never falls among those that may not.

    :raises ValueError: the number may not be shown at all.
    """
    if number < limits.SMALL_CELL_MIN:
        raise ValueError("a small number is masked, not rounded")
    nearest = (number + limits.COUNT_ROUNDING // 2) // limits.COUNT_ROUNDING
    return max(nearest * limits.COUNT_ROUNDING, SMALLEST_SHOWN)


def masked(number: int) -> int | None:
    """One number alone, as it may be shown."""
    return None if number < limits.SMALL_CELL_MIN else rounded(number)


def figure(count: Count) -> Figure:
    """One count as it may be shown; its samples go with its participants."""
    if count.is_small:
        return MASKED
    # Each participant counted has a sample, so that the samples are not few either.
    return Figure(rounded(count.participants), rounded(max(count.samples, count.participants)))


def hidden(figures: Mapping[K, Figure], lines: Iterable[Sequence[K]]) -> frozenset[K]:
    """The cells to mask: the masked ones, and whatever would give one of them away.

    `lines` are the rows and columns that a reader sees with their total.  A
    line with a single masked cell would give it back as what is missing from
    the total, so the smallest other cell of the line is masked with it.
    """
    masks = {cell for cell, shown in figures.items() if shown.is_masked}
    several = [line for line in lines if len(line) > 1]
    changed = True
    while changed:
        changed = False
        for line in several:
            shown = [cell for cell in line if cell not in masks]
            if len(line) - len(shown) == 1:
                masks.add(min(shown, key=lambda cell: figures[cell].participants or 0))
                changed = True
    return frozenset(masks)
