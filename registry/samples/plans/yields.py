"""Sharing out what is there among what is planned: a pure function."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Wish:
    """So many containers of so much; priority 1 comes first."""

    volume: Decimal
    count: int
    priority: int


def share_out(available: Decimal, wishes: Sequence[Wish]) -> tuple[int, ...]:
    """How many containers of each wish can be filled from what is available, in their order.

    The highest priority takes first, among equals the one that stands first.
    What is left and fills none of these may fill smaller ones of a lower
    priority: nothing goes without for them.
    """
    made = [0] * len(wishes)
    left = available
    for place, wish in sorted(enumerate(wishes), key=lambda one: one[1].priority):
        made[place] = max(0, min(wish.count, int(left // wish.volume)))
        left -= made[place] * wish.volume
    return tuple(made)


def asked(wishes: Sequence[Wish]) -> Decimal:
    """What all of it takes."""
    return sum((wish.volume * wish.count for wish in wishes), start=Decimal(0))
