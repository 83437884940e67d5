"""What stands against finding one person by the difference of two counts.

Somebody who counts a group with and without one person learns about that
person, however the two numbers are rounded, if they may ask often enough.
So the registry remembers whom each figure was about.  A new figure about
almost the same people as one that the same person has seen repeats that one.
It does not refuse: a refusal would tell that the two groups differ by a few
people, which is what was to be hidden.
"""

import zlib
from collections.abc import Mapping
from functools import cached_property

import sqlalchemy as sa

from registry.extracts.disclosure import MASKED, Count, Figure, figure
from registry.extracts.models import ShownFigure
from registry.extracts.sets import Planes, added
from registry.persistence import registry_session
from registry.vocab import limits

#: How hard to try to make the sets small: what is won beyond this is little, and takes long.
_QUICK = 1


class Group:
    """The participants behind a figure, each with how many samples."""

    def __init__(self, samples_of: Mapping[int, int]) -> None:
        planes: Planes = ()
        for one, number in samples_of.items():
            planes = added(planes, number, 1 << one)
        self.planes = planes

    @classmethod
    def of(cls, planes: Planes) -> "Group":
        """The group that the planes of the numbers of samples give."""
        found = cls({})
        found.planes = planes
        return found

    @cached_property
    def bits(self) -> int:
        """The participants as one bit for each id."""
        found = 0
        for plane in self.planes:
            found |= plane
        return found

    @cached_property
    def count(self) -> Count:
        """The exact numbers."""
        samples = sum(plane.bit_count() << place for place, plane in enumerate(self.planes))
        return Count(self.bits.bit_count(), samples)

    @property
    def samples_each_max(self) -> int:
        """The most samples that one of them has."""
        most, those = 0, self.bits
        for place, plane in reversed(list(enumerate(self.planes))):
            if those & plane:
                most, those = most | 1 << place, those & plane
        return most


def packed(bits: int) -> bytes:
    """The form in which the participants of a figure are remembered."""
    return zlib.compress(bits.to_bytes((bits.bit_length() + 7) // 8, "little"), level=_QUICK)


def unpacked(kept: bytes) -> int:
    """The participants that `packed` gave."""
    return int.from_bytes(zlib.decompress(kept), "little")


class Memory:
    """The figures that one person has seen."""

    def __init__(self, actor_id: int) -> None:
        self._actor_id = actor_id

    def look(self, group: Group) -> tuple[Figure, bool]:
        """The figure to show for `group`, and whether it is one that the person has not seen."""
        if not group.bits:
            return MASKED, False
        fresh = figure(group.count)
        earlier = self._nearest(group)
        if earlier is None:
            return fresh, True
        seen = Figure(earlier.shown_participants, earlier.shown_samples)
        if _hardly_more(group, earlier) or seen.is_masked:
            return seen, False
        # The same people, of whom much more or much less is counted.
        return Figure(seen.participants, fresh.samples), True

    def _nearest(self, group: Group) -> ShownFigure | None:
        """The first figure about almost the same people, if possible about as many samples."""
        few = limits.SMALL_CELL_MIN - 1
        size = group.count.participants
        bits = group.bits
        candidates = registry_session.scalars(
            sa.select(ShownFigure)
            .where(
                ShownFigure.actor_id == self._actor_id,
                ShownFigure.participants.between(size - few, size + few),
            )
            .order_by(ShownFigure.id)
        )
        near = [one for one in candidates if (unpacked(one.members) ^ bits).bit_count() <= few]
        return next((one for one in near if _hardly_more(group, one)), near[0] if near else None)

    def remember(self, group: Group, shown: Figure, *, count_id: int) -> None:
        """Keep whom a figure that is being shown is about."""
        count = group.count
        registry_session.add(
            ShownFigure(
                actor_id=self._actor_id,
                count_id=count_id,
                members=packed(group.bits),
                participants=count.participants,
                samples=count.samples,
                samples_each_max=group.samples_each_max,
                shown_participants=shown.participants,
                shown_samples=shown.samples,
            )
        )


def _hardly_more(group: Group, earlier: ShownFigure) -> bool:
    """Whether ten people could account for the difference in samples."""
    each = max(group.samples_each_max, earlier.samples_each_max)
    difference = abs(group.count.samples - earlier.samples)
    return difference <= (limits.SMALL_CELL_MIN - 1) * each
