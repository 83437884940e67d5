"""What every shape has in common."""

import pytest
from marshmallow import ValidationError
from marshmallow.fields import Nested

from registry.kernel.messages import Message, T
from schemas.accounts import PasswordChangeIn
from schemas.base import WHOLE, Shape, errors_of
from schemas.fields import Several, TrimmedText


class Line(Shape):
    code = TrimmedText(required=True, longest=5)


class Kit(Shape):
    name = TrimmedText(required=True, longest=10)
    remark = TrimmedText(longest=10)
    lines = Several(Nested(Line))


def errors(shape: Shape, data: object) -> dict[str, object]:
    with pytest.raises(ValidationError) as caught:
        shape.load(data)  # type: ignore[arg-type]
    return errors_of(caught.value)


def test_what_is_left_blank_is_absent_and_loads_as_none():
    assert Kit().load({"name": "a", "remark": "  "}) == {"name": "a", "remark": None, "lines": None}


def test_a_blank_does_not_fill_a_required_field():
    assert errors(Kit(), {"name": " "}) == {"name": [T("Fill in this field.")]}


def test_an_unknown_name_is_refused():
    assert list(errors(Kit(), {"name": "a", "is_admin": "1"})) == ["is_admin"]


def test_errors_are_messages_however_deep():
    found = errors(Kit(), {"name": "a", "lines": [{"code": "x"}, {"code": "too long"}, {}]})

    lines = found["lines"]
    assert isinstance(lines, dict)
    assert list(lines) == ["1", "2"]
    assert all(isinstance(message, Message) for line in lines.values() for message in line["code"])


def test_an_error_of_the_whole_has_its_own_place():
    assert list(errors(Kit(), "not an object")) == [WHOLE]


def test_a_new_password_is_typed_twice():
    found = errors(PasswordChangeIn(), {"current": "a", "new": "b", "again": "c"})

    assert found == {"again": [T("This is not the same as the new password.")]}
