"""Sentences for people, written once in English and translated where they are shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True)
class Message:
    """A sentence with named places, translated only when a person reads it.

    ``msgid`` is the English sentence and the key in the catalogues; ``params``
    fill its ``{places}``.  A parameter may itself be a Message.
    """

    msgid: str
    params: dict[str, Any] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.rendered(lambda msgid: msgid)

    def rendered(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language of `translate`, its parameters with it."""
        params = {
            name: value.rendered(translate) if isinstance(value, Message) else str(value)
            for name, value in self.params.items()
        }
        return translate(self.msgid).format(**params)


@dataclass(frozen=True)
class Bilingual(Message):
    """What somebody wrote in both languages: no catalogue has it, and it has no places.

    ``msgid`` is the English text.
    """

    fr: str = ""

    @property
    def en(self) -> str:
        """The English text."""
        return self.msgid

    def rendered(self, translate: Callable[[str], str]) -> str:
        """The text in the language of `translate`."""
        return self.fr if translate(_LANGUAGE.msgid) == "fr" else self.msgid


def T(msgid: str, /, **params: Any) -> Message:
    """Mark a sentence for translation and bind its parameters."""
    return Message(msgid, params)


#: Each catalogue translates this into the code of its own language.
_LANGUAGE = T("en")

#: The labels of a module's enumerations: enumeration → member → what people read.
Labels = Mapping[type[StrEnum], Mapping[StrEnum, Message]]
