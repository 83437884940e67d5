"""Lists of participants and of samples, narrowed by what people consent to when that is asked."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any, TypeVar

from registry.consents.decision.listing import Narrowed, Portion, Row, consenting, narrowed
from registry.kernel import clock
from registry.vocab.consent import Consenting

R = TypeVar("R", bound=Row)


def page_of(
    fetch: Callable[[str | None, int | None], Portion[R]],
    participant_of: Callable[[R], int],
    chosen: Mapping[str, Any],
    after: str | None,
    *,
    also: Callable[[Sequence[R]], Sequence[R]] | None = None,
) -> Narrowed[R]:
    """A page of the list: the whole one, or of those who consent or do not to the chosen use.

    `also` leaves those of some rows that are wanted for another reason.
    """
    use = chosen.get("use")
    keeps = [] if also is None else [also]
    if use is not None:
        wanted = chosen.get("consenting") or Consenting.ALLOWS
        keeps.append(consenting(participant_of, use, wanted, clock.today()))
    if not keeps:
        portion = fetch(after, None)
        return Narrowed(portion.rows, portion.next_after)
    return narrowed(
        fetch, lambda rows: reduce(lambda left, keep: keep(left), keeps, rows), after=after
    )
