"""Who was there then: from where boxes stood and what was done to samples, to times of presence.

Nothing here asks a database.  A time is from a moment on to just before another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

Time = tuple[datetime, datetime]

_ALWAYS = datetime.min.replace(tzinfo=UTC)
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Stay:
    """Since when a place stands inside another; the first one is taken for having held before."""

    parent_id: int | None
    since: datetime | None


@dataclass(frozen=True)
class Step:
    """An act on a sample: the cell's box that it led to, if it led to one."""

    id: int
    happened_at: datetime
    box_id: int | None
    corrects_id: int | None = None


class Standing:
    """Where places stood over time: for each its stays, in order."""

    def __init__(self, stays: Mapping[int, Sequence[Stay]]) -> None:
        self._stays = stays
        self._known: dict[tuple[int, int, Time], Sequence[Time]] = {}

    def within(self, unit_id: int, outer_id: int, window: Time) -> Sequence[Time]:
        """When in the window a place was inside another, however deep; or was it."""
        if unit_id == outer_id:
            return [window]
        key = unit_id, outer_id, window
        if key not in self._known:
            # Places that were in each other in turn were so at different times,
            # of which nothing is left on the way round.
            self._known[key] = together(
                time
                for parent_id, stayed in self._times(unit_id)
                if parent_id is not None and (part := _both(stayed, window)) is not None
                for time in self.within(parent_id, outer_id, part)
            )
        return self._known[key]

    def _times(self, unit_id: int) -> Iterable[tuple[int | None, Time]]:
        stays = self._stays.get(unit_id, ())
        begins = [_ALWAYS, *(one.since or _ALWAYS for one in stays[1:]), _NEVER]
        return [(stay.parent_id, time) for stay, time in zip(stays, pairwise(begins), strict=False)]


def presence(
    steps: Sequence[Step], standing: Standing, outer_id: int, window: Time
) -> Sequence[Time]:
    """When in the window a sample was inside a place; its acts come in their order.

    Acts that were put right, and those that put them right, do not count.
    """
    undone = {one.corrects_id for one in steps}
    held = [one for one in steps if one.corrects_id is None and one.id not in undone]
    moments: list[datetime] = []
    for one in held:
        # A time that was corrected backwards lets no act overtake the one before it.
        moments.append(max([one.happened_at, *moments[-1:]]))
    return together(
        time
        for one, stayed in zip(held, pairwise([*moments, _NEVER]), strict=True)
        if one.box_id is not None and (part := _both(stayed, window)) is not None
        for time in standing.within(one.box_id, outer_id, part)
    )


def together(times: Iterable[Time]) -> Sequence[Time]:
    """The same times in order, those that touch made one."""
    found: list[Time] = []
    for begin, end in sorted(times):
        if found and begin <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((begin, end))
    return found


def without(times: Sequence[Time], less: Iterable[Time]) -> Sequence[Time]:
    """What is left of the times when others are taken out of them."""
    left = list(together(times))
    for begin, end in less:
        left = [
            part
            for one in left
            for part in ((one[0], min(one[1], begin)), (max(one[0], end), one[1]))
            if part[0] < part[1]
        ]
    return left


def _both(one: Time, other: Time) -> Time | None:
    begin, end = max(one[0], other[0]), min(one[1], other[1])
    return (begin, end) if begin < end else None
