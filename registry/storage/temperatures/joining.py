"""Which of the excursions known before is which of those that the readings show by now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from registry.storage.temperatures.excursions import Excursion


class _Known(Protocol):
    @property
    def start(self) -> datetime: ...

    @property
    def end(self) -> datetime: ...


K = TypeVar("K", bound=_Known)


def joined(
    known: Sequence[K], found: Sequence[Excursion]
) -> tuple[Sequence[tuple[K | None, Excursion]], Sequence[K]]:
    """Each excursion found with the earliest known one that it touches, and the known ones left.

    Every known one is given once; one that is left was joined to another, or is none.
    """
    left = sorted(known, key=lambda one: one.start)
    pairs: list[tuple[K | None, Excursion]] = []
    for one in sorted(found, key=lambda one: one.start):
        same = next((old for old in left if old.start <= one.end and one.start <= old.end), None)
        if same is not None:
            left.remove(same)
        pairs.append((same, one))
    return pairs, left
