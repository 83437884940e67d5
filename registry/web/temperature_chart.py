"""Readings as a picture of few points: of each stretch of time its lowest and its highest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from registry.storage.temperatures.excursions import Bounds, Reading

WIDTH, HEIGHT = 100.0, 30.0
_ROOM = Decimal(2)


@dataclass(frozen=True)
class Stretch:
    """Some readings that follow one another."""

    start: datetime
    end: datetime
    lowest: Decimal
    highest: Decimal
    is_out: bool
    #: Whether no reading comes between the stretch before and this one for too long.
    after_gap: bool


@dataclass(frozen=True)
class Chart:
    """The stretches, and where they lie in a picture of `WIDTH` by `HEIGHT`."""

    stretches: Sequence[Stretch]
    bounds: Bounds

    @property
    def start(self) -> datetime:
        """When it begins."""
        return self.stretches[0].start

    @property
    def end(self) -> datetime:
        """When it ends."""
        return self.stretches[-1].end

    @property
    def bottom(self) -> Decimal:
        """The lowest temperature of the picture."""
        return min([one.lowest for one in self.stretches] + self._limits) - _ROOM

    @property
    def top(self) -> Decimal:
        """The highest temperature of the picture."""
        return max([one.highest for one in self.stretches] + self._limits) + _ROOM

    @property
    def limits(self) -> Sequence[float]:
        """How far down the lines of the limits lie."""
        return [self.down(one) for one in self._limits]

    @property
    def bands(self) -> Sequence[str]:
        """The shapes of the stretches, parted by gaps, as points."""
        groups: list[list[Stretch]] = []
        for one in self.stretches:
            if one.after_gap or not groups:
                groups.append([])
            groups[-1].append(one)
        return [self._band(group) for group in groups]

    def across(self, at: datetime) -> float:
        """How far to the right a moment lies."""
        whole = (self.end - self.start).total_seconds() or 1.0
        return round(WIDTH * (at - self.start).total_seconds() / whole, 2)

    def down(self, celsius: Decimal) -> float:
        """How far down a temperature lies."""
        return round(float((self.top - celsius) / (self.top - self.bottom)) * HEIGHT, 2)

    @property
    def _limits(self) -> list[Decimal]:
        return [one for one in (self.bounds.lowest, self.bounds.highest) if one is not None]

    def _band(self, group: Sequence[Stretch]) -> str:
        ends = [(at, one) for one in group for at in (one.start, one.end)]
        above = [f"{self.across(at)},{self.down(one.highest)}" for at, one in ends]
        below = [f"{self.across(at)},{self.down(one.lowest)}" for at, one in reversed(ends)]
        return " ".join([*above, *below])


def chart(readings: Sequence[Reading], bounds: Bounds, most: int) -> Chart | None:
    """The picture of these readings, in at most about `most` stretches; None for none."""
    if not readings:
        return None
    size = -(-len(readings) // most)
    gaps = {
        later.at
        for earlier, later in pairwise(readings)
        if later.at - earlier.at > bounds.longest_step
    }
    parts: list[list[Reading]] = []
    for one in readings:
        if not parts or len(parts[-1]) >= size or one.at in gaps:
            parts.append([])
        parts[-1].append(one)
    return Chart([_stretch(part, bounds, gaps) for part in parts], bounds)


def _stretch(part: Sequence[Reading], bounds: Bounds, gaps: set[datetime]) -> Stretch:
    degrees = [one.celsius for one in part]
    return Stretch(
        part[0].at,
        part[-1].at,
        min(degrees),
        max(degrees),
        any(bounds.beyond(one) > 0 for one in degrees),
        part[0].at in gaps,
    )
