"""Shapes of defining an act, and of recording it."""

from collections.abc import Iterable
from typing import Any, cast

from marshmallow import ValidationError, validates_schema
from marshmallow.fields import Field, Nested

from registry.kernel.messages import Bilingual, Message, T
from registry.vocab import limits, patterns
from registry.vocab.custody import CheckoutReason, HolderKind
from registry.vocab.defined import FieldKind, Option, TypedField
from schemas.base import Shape
from schemas.consent_forms import FormCode
from schemas.dates import FrenchDate, FrenchDateTime
from schemas.fields import (
    Choice,
    Flag,
    FrenchDecimal,
    ScanCodes,
    Several,
    TrimmedText,
    WholeNumber,
    refuse,
    text_of,
)

_NUMBER_MAX = 2**31 - 1


class OptionLines(Field[list[Option]]):
    """The answers of a choice, one on each line: its French name, a slash, its English one."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> list[Option]:
        return [self._read(line) for line in text_of(value).splitlines() if line.strip()]

    @staticmethod
    def _read(line: str) -> Option:
        names = [name.strip() for name in line.split("/")]
        if len(names) != 2 or not all(names):
            refuse(T("“{line}”: write both names, such as limpide / clear.", line=line.strip()))
        fr, en = (TrimmedText(longest=limits.LABEL_MAX).deserialize(name) for name in names)
        return Option(Bilingual(en, fr=fr))


class TypedFieldIn(Shape):
    """A field of a defined act; a line of which nothing is filled in is none."""

    fr = TrimmedText(longest=limits.LABEL_MAX)
    en = TrimmedText(longest=limits.LABEL_MAX)
    kind = Choice(FieldKind, required=True)
    is_required = Flag()
    unit = TrimmedText(longest=limits.UNIT_MAX)
    least = FrenchDecimal()
    most = FrenchDecimal()
    options = OptionLines()


class ActDefinitionIn(Shape):
    """What a defined act is, in the next version."""

    after = WholeNumber(maximum=_NUMBER_MAX)
    fr = TrimmedText(required=True, longest=limits.LABEL_MAX)
    en = TrimmedText(required=True, longest=limits.LABEL_MAX)
    holders = Several(Choice(HolderKind), required=True)
    use = Choice(CheckoutReason)
    needs_comment = Flag()
    asked = Several(Nested(TypedFieldIn), load_default=list)

    @validates_schema(skip_on_field_errors=False)
    def check_lines(self, data: dict[str, Any], **_: Any) -> None:
        """A field that was begun has both its names."""
        problems = {
            place: missing
            for place, line in enumerate(data.get("asked") or [])
            if (missing := _missing(line))
        }
        if problems:
            raise ValidationError({"asked": problems})


class NewActIn(ActDefinitionIn):
    """An act to define."""

    code = FormCode(patterns.FORM_CODE, "SONIC", capitals=True, required=True)


def is_begun(line: dict[str, Any]) -> bool:
    """Whether the line says anything of a field: the kind is always there."""
    said = (line.get(name) for name in ("fr", "en", "unit", "least", "most", "options"))
    return any(value is not None for value in said)


def _missing(line: dict[str, Any]) -> dict[str, list[Message]]:
    if not is_begun(line):
        return {}
    return {
        name: [T("Fill in this field.")]
        for name in ("fr", "en")
        if name in line and line[name] is None
    }


class ActIn(Shape):
    """A defined act that was done to tubes; what else is asked depends on its definition."""

    codes = ScanCodes(required=True)
    version = WholeNumber(required=True, minimum=1, maximum=_NUMBER_MAX)
    happened_at = FrenchDateTime()


def with_values(fields: Iterable[TypedField], *, needs_comment: bool) -> Shape:
    """The shape with one value for each field of the definition, by what a form gives it as."""
    comment = TrimmedText(longest=limits.REASON_MAX, lines=True, required=needs_comment)
    values = {field.given_as: _value(field) for field in fields}
    made: Any = ActIn.from_dict({**values, "comment": comment})
    return cast("Shape", made())


def _value(field: TypedField) -> Field[Any]:
    is_required = field.is_required
    match field.kind:
        case FieldKind.TEXT:
            return TrimmedText(longest=limits.REASON_MAX, lines=True, required=is_required)
        case FieldKind.NUMBER:
            return FrenchDecimal(minimum=field.least, maximum=_most(field), required=is_required)
        case FieldKind.YES_NO:
            return Flag(required=True) if is_required else Flag(load_default=None)
        case FieldKind.DATE:
            return FrenchDate(required=is_required)
        case FieldKind.CHOICE:
            return Keyed(frozenset(one.key for one in field.options), required=is_required)


def _most(field: TypedField) -> Any:
    return limits.QUANTITY_MAX if field.most is None else field.most


class Keyed(Field[str]):
    """One of the answers of a choice, by its key."""

    def __init__(self, keys: frozenset[str], **options: Any) -> None:
        super().__init__(**options)
        self.keys = keys

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        key = text_of(value)
        if key not in self.keys:
            refuse(T("Choose one of the values offered."))
        return key
