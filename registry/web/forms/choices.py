"""Options of lists and radio buttons, made when the page is shown, in the person's language."""

from collections.abc import Callable, Iterable
from enum import StrEnum

from wtforms.fields import SelectChoice

from registry.kernel.messages import Message
from registry.vocab.labels import label
from registry.web.language import translate


def options(
    members: Iterable[StrEnum], *, blank: Message | None = None
) -> Callable[[], list[SelectChoice]]:
    """The members of an enumeration by their labels, after `blank` for none of them."""

    def choices() -> list[SelectChoice]:
        return [
            *_blank(blank),
            *(SelectChoice(member.value, translate(label(member))) for member in members),
        ]

    return choices


def rows(
    pairs: Iterable[tuple[str | int, str]], *, blank: Message | None = None
) -> list[SelectChoice]:
    """Rows of a table as options: (key, name), after `blank` for none of them."""
    return [*_blank(blank), *(SelectChoice(str(key), name) for key, name in pairs)]


def _blank(message: Message | None) -> list[SelectChoice]:
    return [] if message is None else [SelectChoice("", translate(message))]
