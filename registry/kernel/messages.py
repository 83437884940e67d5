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


def T(msgid: str, /, **params: Any) -> Message:
    """Mark a sentence for translation and bind its parameters."""
    return Message(msgid, params)


#: The labels of a module's enumerations: enumeration → member → what people read.
Labels = Mapping[type[StrEnum], Mapping[StrEnum, Message]]
