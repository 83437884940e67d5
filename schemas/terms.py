"""Shapes of adapting a vocabulary, and of choosing from one."""

from enum import StrEnum
from typing import Any

from marshmallow import post_load
from marshmallow.fields import Field

from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.terms import BETWEEN
from schemas.base import Shape
from schemas.fields import TrimmedText, refuse, text_of


class TermIn(Shape):
    """A term of the place, with the one of the rules that it refines."""

    refines = TrimmedText(required=True, longest=limits.CODE_MAX)
    fr = TrimmedText(required=True, longest=limits.LABEL_MAX)
    en = TrimmedText(required=True, longest=limits.LABEL_MAX)


class Refined(Field[tuple[StrEnum, str | None]]):
    """One member of an enumeration, or a term of the place that refines it: ``analysis:elisa``.

    Loads as the member and the code of the term, None when the member was chosen itself.
    """

    def __init__(self, members: type[StrEnum], **options: Any) -> None:
        super().__init__(**options)
        self.members = members

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **_: Any
    ) -> tuple[StrEnum, str | None]:
        member, _between, code = text_of(value).partition(BETWEEN)
        try:
            return self.members(member), code or None
        except ValueError:
            refuse(T("Choose one of the values offered."))


#: What a tube is and is in: each may be refined, and the term has a name of its own.
_KINDS = {"sample_type": "type_term", "container_type": "container_term"}


class KindIn(Shape):
    """A tube, or tubes alike: the type and the container may be refined by terms of the place."""

    @post_load
    def name_kinds(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Give each term a name of its own beside what it refines."""
        split = {
            field: data[field] or (None, None)
            for field in _KINDS
            if isinstance(self.fields.get(field), Refined)
        }
        members = {field: member for field, (member, _term) in split.items()}
        return {**data, **members, **{_KINDS[field]: term for field, (_m, term) in split.items()}}


class WithTermIn(Shape):
    """Something of which one choice may be refined by a term of the place."""

    @post_load
    def name_term(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Give the term a name of its own beside the choice that it refines."""
        [chosen] = (
            name
            for name, field in self.fields.items()
            if isinstance(field, Refined) and name not in _KINDS
        )
        member, term = data[chosen] or (None, None)
        return {**data, chosen: member, "term": term}
