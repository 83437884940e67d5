"""What was typed into the fields of a defined act: checked, kept, and in words."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from registry.kernel.errors import InvalidInput
from registry.kernel.messages import Message, T
from registry.samples.quantities import written
from registry.vocab import limits
from registry.vocab.defined import FieldKind, TypedField

_TYPES: Mapping[FieldKind, type[Any]] = {
    FieldKind.TEXT: str,
    FieldKind.NUMBER: Decimal,
    FieldKind.YES_NO: bool,
    FieldKind.CHOICE: str,
    FieldKind.DATE: date,
}


def kept(fields: Sequence[TypedField], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the act keeps them, by the keys of the fields; what was not given is absent.

    :raises InvalidInput: a value is missing, is none that the field takes, or
        is of no field.
    """
    known = {field.key for field in fields}
    if unknown := sorted(given.keys() - known):
        raise InvalidInput(T("The act has no field {key}.", key=unknown[0]))
    found = {}
    for field in fields:
        value = given.get(field.key)
        if value is not None:
            _check(field, value)
            found[field.key] = _written(value)
        elif field.is_required:
            raise InvalidInput(
                T("{field}: fill in this field.", field=field.name), field=field.given_as
            )
    return found


def _check(field: TypedField, value: Any) -> None:
    problem = None
    if not isinstance(value, _TYPES[field.kind]):
        problem = T("{field}: this is of another kind than asked.", field=field.name)
    elif field.kind is FieldKind.NUMBER:
        problem = _number_problem(field, value)
    elif field.kind is FieldKind.CHOICE and value not in [one.key for one in field.options]:
        problem = T("{field}: choose one of the values offered.", field=field.name)
    elif field.kind is FieldKind.TEXT and not 1 <= len(value) <= limits.REASON_MAX:
        problem = T(
            "{field}: write at most {most} characters.", field=field.name, most=limits.REASON_MAX
        )
    if problem is not None:
        raise InvalidInput(problem, field=field.given_as)


def _number_problem(field: TypedField, value: Decimal) -> Message | None:
    if not value.is_finite() or value != round(value, limits.QUANTITY_PLACES):
        return T(
            "{field}: at most {places} decimals.", field=field.name, places=limits.QUANTITY_PLACES
        )
    if field.least is not None and value < field.least:
        return T("{field}: {least} at least.", field=field.name, least=field.least)
    if field.most is not None and value > field.most:
        return T("{field}: {most} at most.", field=field.name, most=field.most)
    return None


def _written(value: Any) -> Any:
    if isinstance(value, Decimal):
        return written(value)
    return value.isoformat() if isinstance(value, date) else value


def in_words(fields: Sequence[TypedField], values: Mapping[str, Any]) -> list[Message]:
    """Each value after the name of its field, in the order of the fields."""
    return [
        T("{field}: {value}", field=field.name, value=_said(field, values[field.key]))
        for field in fields
        if field.key in values
    ]


def quantity(number: Decimal, unit: str | None) -> Decimal | Message:
    """A number with its unit, as the reader writes it."""
    return number if unit is None else T("{number} {unit}", number=number, unit=unit)


def _said(field: TypedField, value: Any) -> Any:
    if field.kind is FieldKind.YES_NO:
        return T("yes") if value else T("no")
    if field.kind is FieldKind.CHOICE:
        return next(one.name for one in field.options if one.key == value)
    if field.kind is FieldKind.DATE:
        return date.fromisoformat(value)
    if field.kind is FieldKind.NUMBER:
        return quantity(Decimal(value), field.unit)
    return value
