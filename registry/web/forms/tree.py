"""A form as a tree: fields, forms within fields and lists of fields, walked in one place."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from wtforms import Field, FieldList, FileField, FormField, HiddenField, SubmitField
from wtforms.fields import SelectMultipleField

from registry.kernel.messages import Message, T

_OWN_FIELDS = ("csrf_token", "request_key")


def posted(form: Any) -> dict[str, Any]:
    """The strings that were posted, nested as the form is; files and buttons left out."""
    return {
        field.short_name: _value(field)
        for field in form
        if not isinstance(field, FileField | SubmitField)
        and field.short_name not in _OWN_FIELDS
        and (isinstance(field, FieldList | FormField) or field.raw_data)
    }


def _value(field: Field) -> Any:
    if isinstance(field, FormField):
        return posted(field.form)
    if isinstance(field, FieldList):
        return [_value(entry) for entry in field.entries]
    given = field.raw_data or []
    if isinstance(field, SelectMultipleField):
        return list(given)
    return str(given[0]) if given else ""


def attach(form: Any, errors: Mapping[str, Any]) -> None:
    """Put each error at the field of its name; what has no visible field goes above the form."""
    for name, found in errors.items():
        if name not in form or isinstance(form[name], HiddenField):
            form.form_errors.extend(flat(found))
        else:
            _attach_to_field(form[name], found)


def _attach_to_field(field: Any, found: Any) -> None:
    if isinstance(field, FormField):
        attach(field.form, found if isinstance(found, Mapping) else {"": found})
    elif isinstance(field, FieldList) and isinstance(found, Mapping):
        for index, inner in found.items():
            place = int(index) if str(index).isdigit() else len(field.entries)
            known = place < len(field.entries)
            _attach_to_field(field.entries[place], inner) if known else _add(field, inner)
    else:
        _add(field, found)


def _add(field: Any, found: Any) -> None:
    field.errors = [*field.errors, *flat(found)]


def forget_errors(form: Any) -> None:
    """Take every error off the form."""
    form.form_errors = []
    for field in _fields(form):
        field.errors = []


def reword(form: Any, change: Callable[[Message], Message]) -> None:
    """Say each error in other words."""
    form.form_errors = [change(message) for message in form.form_errors]
    for field in _fields(form):
        field.errors = [change(message) for message in field.errors]


def problems(form: Any) -> list[tuple[Field, Message]]:
    """Every error with the field it is about, in the order of the page."""
    return [(field, message) for field in _fields(form) for message in field.errors]


def _fields(form: Any) -> Iterator[Any]:
    """Every field that can bear errors: forms within fields are entered, lists bear their own."""
    for field in form:
        yield from _within(field)


def _within(field: Any) -> Iterator[Any]:
    if isinstance(field, FormField):
        yield from _fields(field.form)
        return
    if isinstance(field, FieldList):
        for entry in field.entries:
            yield from _within(entry)
    yield field


def flat(found: Any) -> list[Message]:
    """The messages in a nest of lists and dictionaries."""
    if isinstance(found, Mapping):
        return [message for inner in found.values() for message in flat(inner)]
    if isinstance(found, list | tuple):
        return [message for inner in found for message in flat(inner)]
    return [found if isinstance(found, Message) else T("{text}", text=found)]
