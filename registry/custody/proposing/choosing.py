"""Which cell a tube should go to: siblings together, then begun boxes of its cohort, fullest first.

The same tubes and rooms always lead to the same cells.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from registry.storage.grid import Cell, Grid
from registry.storage.policies import keeps
from registry.storage.queries import Rules, natural
from registry.vocab.samples import SampleType
from registry.vocab.storage import Ground, StorageClass


@dataclass(frozen=True)
class Tube:
    """A tube, and what it belongs with."""

    #: Empty when nobody is told.
    code: str
    sample_type: SampleType
    parent_id: int | None
    participant_id: int
    cohort_id: int
    #: How cold its plan keeps it.
    planned: StorageClass | None = None

    @property
    def family(self) -> tuple[int, int]:
        """What it shares with its siblings; a tube without a parent is its participant's."""
        return self.participant_id, self.parent_id or 0


@dataclass
class Room:
    """A box with free cells, and the tubes that are in it or will be."""

    box_id: int
    code: str
    grid: Grid
    rules: Rules
    #: In the order in which they are filled.
    free: list[Cell]
    there: dict[Cell, Tube] = field(default_factory=dict)

    def takes(self, tube: Tube) -> bool:
        """Whether the tube may go into it and there is room."""
        return bool(self.free) and takes(self.rules, tube)


def takes(rules: Rules, tube: Tube) -> bool:
    """Whether a box with these rules accepts the tube and keeps it as planned."""
    is_accepted = rules.accepts is None or tube.sample_type in rules.accepts
    return is_accepted and keeps(tube.planned, rules.storage_class)


@dataclass(frozen=True)
class Choice:
    """The cell for a tube, and why."""

    code: str
    box_id: int
    cell: Cell
    ground: Ground
    #: The tube that it is beside.
    near: str | None = None


def choose(tubes: Iterable[Tube], rooms: Sequence[Room]) -> Mapping[str, Choice]:
    """A cell for each tube that finds one, by the tubes' codes.  The rooms are filled by it."""
    waiting = _families(tubes)
    company = Counter(tube.family for tube in waiting)
    shelves = [_Shelf(room) for room in rooms]
    found: dict[str, Choice] = {}
    for tube in waiting:
        open_ = [shelf for shelf in shelves if shelf.room.takes(tube)]
        if open_:
            best = min(open_, key=lambda shelf: shelf.rank(tube, company[tube.family]))
            found[tube.code] = best.put(tube)
        company[tube.family] -= 1
    return found


def _families(tubes: Iterable[Tube]) -> list[Tube]:
    """The tubes with siblings one after the other, otherwise in the order given."""
    given = list(tubes)
    people: dict[int, int] = {}
    families: dict[tuple[int, int], int] = {}
    for number, tube in enumerate(given):
        people.setdefault(tube.participant_id, number)
        families.setdefault(tube.family, number)
    return sorted(given, key=lambda one: (people[one.participant_id], families[one.family]))


class _Shelf:
    """A room, with who is in it by what they belong with."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self._parents: dict[int, list[Cell]] = {}
        self._participants: dict[int, list[Cell]] = {}
        self._cohorts: set[int] = set()
        for cell, tube in room.there.items():
            self._note(cell, tube)

    def _note(self, cell: Cell, tube: Tube) -> None:
        if tube.parent_id is not None:
            self._parents.setdefault(tube.parent_id, []).append(cell)
        self._participants.setdefault(tube.participant_id, []).append(cell)
        self._cohorts.add(tube.cohort_id)

    def ground(self, tube: Tube) -> Ground:
        """Why the tube would go into this room."""
        if tube.parent_id in self._parents:
            return Ground.SIBLING
        if tube.participant_id in self._participants:
            return Ground.PARTICIPANT
        if tube.cohort_id in self._cohorts:
            return Ground.COHORT
        # A box is begun when any cell is taken, whoever may know by what.
        return Ground.EMPTY if len(self.room.free) == self.room.grid.size else Ground.LEFT

    def rank(self, tube: Tube, company: int) -> tuple[object, ...]:
        """The lower, the better; `company` tubes of its family, itself included, want room."""
        ground, free = self.ground(tube), len(self.room.free)
        return (
            list(Ground).index(ground),
            free < company,
            0 if ground is Ground.EMPTY else free,
            natural(self.room.code),
            self.room.box_id,
        )

    def put(self, tube: Tube) -> Choice:
        """Give the tube the free cell that is nearest to its like, or else the first."""
        ground = self.ground(tube)
        like = (
            self._parents[tube.parent_id or 0]
            if ground is Ground.SIBLING
            else self._participants.get(tube.participant_id, [])
        )
        cell, beside = self.room.free[0], None
        if like:
            cell, beside = min(
                ((free, other) for free in self.room.free for other in like), key=self._apart
            )
        near = None if beside is None else self.room.there[beside].code or None
        self.room.free.remove(cell)
        self.room.there[cell] = tube
        self._note(cell, tube)
        return Choice(tube.code, self.room.box_id, cell, ground, near)

    def _apart(self, pair: tuple[Cell, Cell]) -> tuple[int, bool, int]:
        """How far the first cell is from the second, as boxes are filled; after is better."""
        first, second = (
            (row - 1) * self.room.grid.columns + column for row, column in (pair[0], pair[1])
        )
        return abs(first - second), first < second, first
