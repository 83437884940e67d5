"""The shape in which a second person proves to be there, on the screen of whoever acts."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates_schema

from registry.kernel.messages import T
from registry.vocab import limits
from schemas.base import Shape
from schemas.fields import Secret, TrimmedText

_WAYS = (("witness_badge", "witness_pin"), ("witness", "witness_password"))


class SecondPersonIn(Shape):
    """A badge and its PIN or, without a badge, a sign-in name and its password."""

    witness_badge = Secret()
    witness_pin = Secret()
    witness = TrimmedText(longest=limits.LOGIN_MAX)
    witness_password = Secret()

    @validates_schema
    def check_one_way_is_whole(self, data: Mapping[str, Any], **_: Any) -> None:
        """Half of a proof is none, and two proofs would leave open whose it is."""
        begun = [way for way in _WAYS if any(data.get(name) for name in way)]
        if len(begun) > 1:
            raise ValidationError(
                [T("Sign with the badge or with the password, not with both.")],
                field_name="witness_badge",
            )
        for name in begun[0] if begun else _WAYS[0]:
            if not data.get(name):
                raise ValidationError([T("Fill in this field.")], field_name=name)
