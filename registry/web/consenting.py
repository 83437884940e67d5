"""Lists of participants and of samples, narrowed by what people consent to when that is asked."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from registry.consents.decision.listing import Narrowed, Portion, Row, narrowed
from registry.kernel import clock
from registry.vocab.consent import Consenting

R = TypeVar("R", bound=Row)


def page_of(
    fetch: Callable[[str | None, int | None], Portion[R]],
    participant_of: Callable[[R], int],
    chosen: Mapping[str, Any],
    after: str | None,
) -> Narrowed[R]:
    """A page of the list: the whole one, or of those who consent or do not to the chosen use."""
    use = chosen.get("use")
    if use is None:
        portion = fetch(after, None)
        return Narrowed(portion.rows, portion.next_after)
    wanted = chosen.get("consenting") or Consenting.ALLOWS
    return narrowed(fetch, participant_of, use, wanted, clock.today(), after=after)
