"""Options of lists and radio buttons, made when the page is shown, in the person's language."""

import unicodedata
from collections.abc import Callable, Collection, Iterable
from enum import StrEnum
from typing import Any

from babel import Locale
from wtforms.fields import SelectChoice, SelectMultipleField
from wtforms.widgets import CheckboxInput

from registry.kernel.messages import Message
from registry.participants.terms import queries as terms
from registry.vocab.labels import label
from registry.vocab.research import COUNTRIES
from registry.vocab.terms import Vocabulary
from registry.web.language import current, translate


class ChecksField(SelectMultipleField):  # type: ignore[misc]
    """Boxes of which any number may be ticked; the schema knows which there are."""

    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """Nothing: the schema has read the values."""


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


def terms_of(
    vocabulary: Vocabulary,
    *,
    among: Collection[StrEnum] | None = None,
    besides: StrEnum | None = None,
    blank: Message | None = None,
) -> Callable[[], list[SelectChoice]]:
    """What the vocabulary offers now, the terms of the place after the one that each refines.

    Of the rules' terms only those `among` these, and what refines them; the
    one `besides` also when it is retired.
    """
    return lambda: [
        *_blank(blank),
        *(
            SelectChoice(one.given_as, translate(one.name))
            for one in terms.entries(vocabulary)
            if (one.is_offered or one.given_as == besides)
            and (among is None or one.member in among)
        ),
    ]


def refined_by(vocabulary: Vocabulary) -> Callable[[], list[SelectChoice]]:
    """The rules' own terms of which something is offered: where no more is asked."""
    return lambda: [
        SelectChoice(value, translate(label(member)))
        for value, member in {
            one.member.value: one.member for one in terms.offered(vocabulary)
        }.items()
    ]


def countries() -> list[SelectChoice]:
    """Every country by its name in the person's language, in the order of the names."""
    names = Locale.parse(current()).territories
    named = sorted((_without_accents(names[code]), names[code], code) for code in COUNTRIES)
    return [SelectChoice(code, name) for _order, name, code in named]


def _without_accents(name: str) -> str:
    """For the order alone: Égypte stands among the names in E."""
    split = unicodedata.normalize("NFKD", name)
    return "".join(sign for sign in split if not unicodedata.combining(sign)).casefold()


def _blank(message: Message | None) -> list[SelectChoice]:
    return [] if message is None else [SelectChoice("", translate(message))]
