"""The fields of an act that an administrator defines: what kinds there are, and what one takes."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from registry.kernel.messages import Bilingual, Labels, T
from registry.vocab import limits


class FieldKind(StrEnum):
    """What a field of a defined act takes."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"
    DATE = "date"


def key_of(text: str) -> str:
    """The key under which what is called so is kept: ``Turbidity (NTU)`` becomes turbidity_ntu.

    Empty when nothing of the text can stand in a key.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain)[: limits.CODE_MAX].strip("_")


@dataclass(frozen=True)
class Option:
    """One answer among those of a choice."""

    name: Bilingual

    @property
    def key(self) -> str:
        """What is kept of the answer."""
        return key_of(self.name.en)

    def as_json(self) -> dict[str, Any]:
        """Its JSON form."""
        return _names(self.name)

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Option":
        """The reverse of `as_json`."""
        return cls(_named(kept))


@dataclass(frozen=True)
class TypedField:
    """One thing that is asked whenever the act is done."""

    name: Bilingual
    kind: FieldKind
    is_required: bool = False
    #: Of a number, as people write it.
    unit: str | None = None
    #: Between which values a number lies, both taken in.
    least: Decimal | None = None
    most: Decimal | None = None
    #: Of a choice.
    options: tuple[Option, ...] = ()

    @property
    def key(self) -> str:
        """Under which a value is kept."""
        return key_of(self.name.en)

    @property
    def given_as(self) -> str:
        """The name under which a form gives a value."""
        return f"value_{self.key}"

    def as_json(self) -> dict[str, Any]:
        """Its JSON form, with what this kind of field has."""
        kept: dict[str, Any] = {**_names(self.name), "kind": self.kind.value}
        if self.is_required:
            kept["required"] = True
        if self.unit is not None:
            kept["unit"] = self.unit
        for bound in ("least", "most"):
            value = getattr(self, bound)
            if value is not None:
                kept[bound] = format(value, "f")
        if self.options:
            kept["options"] = [one.as_json() for one in self.options]
        return kept

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "TypedField":
        """The reverse of `as_json`."""
        bounds = {
            bound: Decimal(kept[bound]) if bound in kept else None for bound in ("least", "most")
        }
        return cls(
            name=_named(kept),
            kind=FieldKind(kept["kind"]),
            is_required=kept.get("required", False),
            unit=kept.get("unit"),
            options=tuple(Option.of_json(one) for one in kept.get("options", ())),
            **bounds,
        )


def _names(name: Bilingual) -> dict[str, Any]:
    return {"fr": name.fr, "en": name.en}


def _named(kept: Mapping[str, Any]) -> Bilingual:
    return Bilingual(kept["en"], fr=kept["fr"])


LABELS: Labels = {
    FieldKind: {
        FieldKind.TEXT: T("Text"),
        FieldKind.NUMBER: T("A number"),
        FieldKind.YES_NO: T("Yes or no"),
        FieldKind.CHOICE: T("Choice"),
        FieldKind.DATE: T("Date"),
    },
}
