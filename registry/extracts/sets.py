"""Sets of participants, and how many samples each of them has, kept as bits.

A set of participants is one number with a bit for each id.  How many samples
each of them has is a list of such sets, the planes of a binary number: a
participant has the sample counts 1, 2, 4 … in whose planes their bit is set.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

Planes = tuple[int, ...]

_ABSENT, _PRESENT = b"0"[0], b"1"[0]
_PLACES = range(8)
#: For each place of a binary number, the signs of the bytes that have a one there.
_SIGNS = tuple(
    bytes(_PRESENT if number >> place & 1 else _ABSENT for number in range(256))
    for place in _PLACES
)


class Marks:
    """A set of participants while it is gathered: a sign for each id."""

    def __init__(self) -> None:
        self._signs = bytearray()

    def add(self, ids: Sequence[int]) -> None:
        """Put these into the set."""
        try:
            self._mark(ids)
        except IndexError:  # rare: finding the greatest each time would take as long as marking
            self._signs.extend(b"0" * (max(ids) + 1 - len(self._signs)))
            self._mark(ids)

    def _mark(self, ids: Sequence[int]) -> None:
        signs = self._signs
        for participant_id in ids:
            signs[participant_id] = _PRESENT

    @property
    def bits(self) -> int:
        """The set as one number."""
        return int(self._signs[::-1], 2) if self._signs else 0


def bits_of(ids: Collection[int]) -> int:
    """The set of these participants."""
    marks = Marks()
    marks.add(list(ids))
    return marks.bits


def ids_of(bits: int) -> Iterator[int]:
    """The participants in a set."""
    signs = bin(bits)[:1:-1]
    at = signs.find("1")
    while at >= 0:
        yield at
        at = signs.find("1", at + 1)


def tallied(ids: Sequence[int]) -> Planes:
    """How often each of these is named."""
    numbers = bytearray(max(ids, default=-1) + 1)
    try:
        for one in ids:
            numbers[one] += 1
    except ValueError:  # oftener than a byte can tell
        return _tallied_slowly(ids)
    places = max(numbers, default=0).bit_length()
    backwards = numbers[::-1]
    return tuple(int(backwards.translate(signs), 2) for signs in _SIGNS[:places])


def _tallied_slowly(ids: Sequence[int]) -> Planes:
    those: dict[int, list[int]] = defaultdict(list)
    for one, number in Counter(ids).items():
        those[number].append(one)
    planes: Planes = ()
    for number, who in those.items():
        planes = added(planes, number, bits_of(who))
    return planes


def added(planes: Planes, number: int, who: int) -> Planes:
    """The counts after so many more for each participant in `who`."""
    found, carry, place = list(planes), 0, 0
    while carry or number >> place:
        if place == len(found):
            found.append(0)
        more = who if number >> place & 1 else 0
        held = found[place]
        found[place] = held ^ more ^ carry
        carry = held & more | held & carry | more & carry
        place += 1
    return tuple(found)


def together(several: Iterable[Planes]) -> Planes:
    """The counts of several kinds, summed for each participant."""
    total: Planes = ()
    for planes in several:
        for place, who in enumerate(planes):
            total = added(total, 1 << place, who) if who else total
    return total


def among_these(planes: Planes, who: int) -> Planes:
    """The counts of those alone who are in the set."""
    return tuple(plane & who for plane in planes)
