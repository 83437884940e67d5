"""A list narrowed by what no table holds, such as whether a consent allows a use.

Rows are fetched some hundreds at a time, all of them judged together, and kept
until the page is full.  A page judges a bounded number of rows and says when it
stopped before it was full; the next one goes on from there.
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
    #: So many rows were judged that the page ends before it is full.
    is_cut_short: bool = False


def narrowed(
    fetch: Callable[[str | None, int], Portion[R]],
    keep: Callable[[Sequence[R]], Sequence[R]],
    *,
    after: str | None = None,
) -> Narrowed[R]:
    """One page of the rows that `keep` leaves of those it is given, in their order.

    `fetch` gives at most so many rows after a code, as the whole list would.
    """
    kept: list[R] = []
    for _turn in range(limits.NARROWING_TURNS_MAX):
        portion = fetch(after, limits.NARROWED_ROWS_AT_ONCE)
        kept += keep(portion.rows)
        if len(kept) > limits.PAGE_ROWS:
            kept = kept[: limits.PAGE_ROWS]
            return Narrowed(kept, kept[-1].code)
        after = portion.next_after
        if after is None:
            return Narrowed(kept, None)
    return Narrowed(kept, after, is_cut_short=len(kept) < limits.PAGE_ROWS)


def consenting(
    participant_of: Callable[[R], int], use: Use, wanted: Consenting, on: date
) -> Callable[[Sequence[R]], Sequence[R]]:
    """What leaves those whose participant's consent is on the wanted side on the day `on`.

    Anything but a clear yes of the decision is on the side of no.
    """

    def keep(rows: Sequence[R]) -> Sequence[R]:
        decided = decide_many({participant_of(row) for row in rows}, use, on)
        allows = wanted is Consenting.ALLOWS
        return [row for row in rows if decided[participant_of(row)].is_allowed is allows]

    return keep
