"""What a partner's manifest allows to be done with its tubes: what it does not say it forbids."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from registry.custody.exchange.believing import Kind
from registry.custody.shipments.conditions import TOLD
from registry.kernel import clock
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.consent import Use
from registry.vocab.research import ResearchCategory

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True)
class Conditions:
    """The partner's project, for which alone the tubes may be used."""

    #: The number of the project at the partner's.
    project: str
    uses: tuple[Use, ...]
    category: ResearchCategory
    #: Codes of the diseases that are studied; empty when the category is none of diseases.
    diseases: tuple[str, ...]
    #: The last day of use; None when the partner set none.
    until: date | None

    @property
    def have_ended(self) -> bool:
        """Whether nothing may be done with the tubes any more."""
        return self.until is not None and self.until < clock.today()


def read(said: Any, kind: Kind) -> Conditions | None:
    """The conditions of a signed file, read strictly; None when it states none.

    :raises InvalidInput: a word is not known here, or stands for no use of a tube.
    :raises KeyError: a part is missing; TypeError and ValueError as well, when it
        cannot be.
    """
    if said is None:
        return None
    project, uses, diseases = said["project"], said["uses"], said["diseases"]
    named = [project, *diseases]
    if not all(isinstance(one, str) and 0 < len(one) <= limits.CODE_MAX for one in named):
        raise kind.unreadable()
    allowed = tuple(word(Use, one) for one in uses)
    if not set(allowed) <= set(TOLD):
        raise kind.unreadable()
    return Conditions(
        project=project,
        uses=allowed,
        category=word(ResearchCategory, said["category"]),
        diseases=tuple(diseases),
        until=None if said["until"] is None else date.fromisoformat(said["until"]),
    )


def word(kind: Callable[[str], E], said: str) -> E:
    """One of the words that both installations know.

    :raises InvalidInput: it is none of them.
    """
    try:
        return kind(said)
    except ValueError:
        raise InvalidInput(
            T(
                "The manifest names something that this installation does not know: {word}.",
                word=str(said)[: limits.CODE_MAX],
            ),
            field="file",
        ) from None
