"""From readings to excursions: when it was too warm or too cold, how far, and for how long.

The same readings give the same excursions, in whatever order and in however
many files they came.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise


@dataclass(frozen=True, order=True)
class Reading:
    """What a logger wrote at a moment."""

    at: datetime
    celsius: Decimal


@dataclass(frozen=True)
class Bounds:
    """What a place must keep to; a reading exactly at a bound keeps to it."""

    lowest: Decimal | None
    highest: Decimal | None
    #: Being out of the bounds for this long counts, for less it does not.
    smallest: timedelta
    #: Two readings further apart than this leave a gap between them.
    longest_step: timedelta

    def beyond(self, celsius: Decimal) -> Decimal:
        """By how many degrees it is out of the bounds; zero or less if it is not."""
        above = [] if self.highest is None else [celsius - self.highest]
        below = [] if self.lowest is None else [self.lowest - celsius]
        return max([*above, *below], default=Decimal(0))


@dataclass(frozen=True)
class Excursion:
    """One stretch of time out of the bounds."""

    start: datetime
    #: The first reading within the bounds again or, where it ends in a gap, the last one out.
    end: datetime
    #: The temperature furthest out of the bounds, the first of several.
    peak: Decimal
    #: How long readings show it out of the bounds, gaps left out.
    seen: timedelta
    #: How long of it nobody saw.
    unseen: timedelta
    #: Whether the last reading of it is followed by a gap, or by nothing yet.
    is_open: bool


@dataclass(frozen=True)
class Gap:
    """A time without readings."""

    start: datetime
    end: datetime


def excursions(readings: Iterable[Reading], bounds: Bounds) -> Sequence[Excursion]:
    """The excursions that count, earliest first.

    Out of the bounds on both sides of a gap is one excursion: time that nobody
    saw counts as out, and is told apart from time that was seen.
    """
    ordered = sorted(set(readings))
    found = (_excursion(run, after, bounds) for run, after in _runs(ordered, bounds))
    return [one for one in found if one.seen + one.unseen >= bounds.smallest]


def gaps(readings: Iterable[Reading], longest_step: timedelta) -> Sequence[Gap]:
    """The times without readings between the first and the last, earliest first."""
    moments = sorted({one.at for one in readings})
    return [Gap(a, b) for a, b in pairwise(moments) if b - a > longest_step]


def _runs(
    ordered: Sequence[Reading], bounds: Bounds
) -> Iterable[tuple[Sequence[Reading], Reading | None]]:
    """Each longest run of readings out of the bounds, and the reading that follows it."""
    run: list[Reading] = []
    for reading in ordered:
        if bounds.beyond(reading.celsius) > 0:
            run.append(reading)
        elif run:
            yield run, reading
            run = []
    if run:
        yield run, None


def _excursion(run: Sequence[Reading], after: Reading | None, bounds: Bounds) -> Excursion:
    is_open = after is None or after.at - run[-1].at > bounds.longest_step
    moments = [one.at for one in run]
    if after is not None and not is_open:
        moments.append(after.at)
    unseen = sum((b - a for a, b in pairwise(moments) if b - a > bounds.longest_step), timedelta())
    return Excursion(
        start=moments[0],
        end=moments[-1],
        peak=max(run, key=lambda one: bounds.beyond(one.celsius)).celsius,
        seen=moments[-1] - moments[0] - unseen,
        unseen=unseen,
        is_open=is_open,
    )
