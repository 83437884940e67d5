"""What every shape has in common: blanks are absent, unknown keys refused, errors are Messages."""

from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, missing, pre_load
from marshmallow.fields import Field

from registry.kernel.messages import Message, T

#: Where marshmallow puts an error that belongs to no single field.
WHOLE = "_schema"

Errors = dict[str, Any]


class Shape(Schema):
    """The base of every schema.

    A blank string is an absent value, for a form, a CSV row and JSON alike.  A
    field that is not required loads as None when absent, so that ``load``
    always returns every field.
    """

    error_messages: dict[str, Any] = {
        "unknown": T("This field is not known here."),
        "type": T("A set of named values is expected."),
    }

    class Meta:
        unknown = RAISE

    def on_bind_field(self, field_name: str, field_obj: Field[Any]) -> None:
        """Give the field the registry's sentences, and None as its value when absent."""
        field_obj.error_messages["required"] = [T("Fill in this field.")]
        field_obj.error_messages["null"] = [T("Fill in this field.")]
        if not field_obj.required and field_obj.load_default is missing:
            field_obj.load_default = None
            field_obj.allow_none = True

    @pre_load
    def drop_blanks(self, data: Any, **_: Any) -> Any:
        """Take what was left blank as not given."""
        if not isinstance(data, Mapping):
            return data
        return {
            key: value
            for key, value in data.items()
            if not (isinstance(value, str) and not value.strip())
        }


def read_row(shape: Shape, values: Mapping[str, str]) -> dict[str, Any]:
    """What ``shape.load`` gives for a row of texts, without what only nested shapes, hooks and
    other names of fields need: in a file of a hundred thousand rows that is half the time.

    :raises ValidationError: as ``load`` does.
    """
    read: dict[str, Any] = {}
    errors: dict[str, Any] = {
        name: [shape.error_messages["unknown"]]
        for name, text in values.items()
        if name not in shape.fields and text.strip()
    }
    for name, field in shape.fields.items():
        text = values.get(name, "")
        try:
            read[name] = field.deserialize(text if text.strip() else missing, name, values)
        except ValidationError as refusal:
            errors[name] = refusal.messages
    if errors:
        raise ValidationError(errors)
    return read


def errors_of(refusal: ValidationError) -> Errors:
    """The errors as ``{field: [Message, …]}``, nested where the shape is nested.

    Errors of the whole are under `WHOLE`.
    """
    found = _tidy(refusal.messages)
    return found if isinstance(found, dict) else {WHOLE: found}


def _tidy(found: Any) -> Any:
    if isinstance(found, Mapping):
        return {str(key): _tidy(value) for key, value in found.items()}
    several = found if isinstance(found, list) else [found]
    return [one if isinstance(one, Message) else T("{text}", text=one) for one in several]
