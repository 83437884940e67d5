"""A list narrowed to those whose consent allows a use, or does not.

No table holds the outcome: rows are fetched some hundreds at a time, all of
them decided on together, and kept until the page is full.  A page decides on a
bounded number of rows and says when it stopped before it was full; the next
one goes on from there.  Where the outcome of each participant stands in a
table of its own, one statement can do the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar

from registry.consents.decision.deciding import decide_many
from registry.vocab import limits
from registry.vocab.consent import Consenting, Use


class Row(Protocol):
    """A row of a list, with the code after which a next page can begin."""

    @property
    def code(self) -> str: ...


R = TypeVar("R", bound=Row)
R_co = TypeVar("R_co", bound=Row, covariant=True)


class Portion(Protocol[R_co]):
    """Some rows in their order, and where the next ones begin."""

    @property
    def rows(self) -> Sequence[R_co]: ...
    @property
    def next_after(self) -> str | None: ...


@dataclass(frozen=True)
class Narrowed(Generic[R]):
    """A page of the rows that were wanted."""

    rows: Sequence[R]
    next_after: str | None
    #: So many rows were decided on that the page ends before it is full.
    is_cut_short: bool = False


def narrowed(
    fetch: Callable[[str | None, int], Portion[R]],
    participant_of: Callable[[R], int],
    use: Use,
    wanted: Consenting,
    on: date,
    *,
    after: str | None = None,
) -> Narrowed[R]:
    """One page of the rows whose participant's consent is on the wanted side on the day `on`.

    `fetch` gives at most so many rows after a code, as the whole list would.
    Anything but a clear yes of the decision is on the side of no.
    """
    kept: list[R] = []
    for _turn in range(limits.CONSENTING_TURNS_MAX):
        portion = fetch(after, limits.CONSENTING_ROWS_AT_ONCE)
        decided = decide_many({participant_of(row) for row in portion.rows}, use, on)
        for row in portion.rows:
            if decided[participant_of(row)].is_allowed is not (wanted is Consenting.ALLOWS):
                continue
            if len(kept) == limits.PAGE_ROWS:
                return Narrowed(kept, kept[-1].code)
            kept.append(row)
        after = portion.next_after
        if after is None:
            return Narrowed(kept, None)
    return Narrowed(kept, after, is_cut_short=len(kept) < limits.PAGE_ROWS)
