"""Shapes of badges: what is scanned, the PIN twice, why one ended."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from registry.kernel.messages import T
from registry.vocab.people import BADGE_ENDS, BadgeEnd
from schemas.base import Shape
from schemas.fields import Choice, Secret, refuse


def _check_given(ending: BadgeEnd) -> None:
    if ending not in BADGE_ENDS:
        refuse(T("Choose one of the values offered."))


class PinIn(Shape):
    """A PIN, typed twice: in a field that shows dots a slip would lock its owner out."""

    pin = Secret(required=True)
    again = Secret(required=True)

    @validates_schema(skip_on_field_errors=True)
    def check_typed_twice(self, data: dict[str, str], **_: Any) -> None:
        """Both must be the same."""
        if data["pin"] != data["again"]:
            raise ValidationError([T("This is not the same PIN.")], field_name="again")


class OwnBadgeIn(PinIn):
    """One's own badge and its PIN."""

    badge = Secret(required=True)


class BadgeIn(Shape):
    """A colleague's badge."""

    badge = Secret(required=True)


class BadgeEndIn(Shape):
    """Why a badge proves nothing any more."""

    ending = Choice(BadgeEnd, required=True, validate=_check_given)
