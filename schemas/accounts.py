"""Shapes of signing in and of administering accounts."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.people import Role, SiteKind
from schemas.base import Shape
from schemas.fields import Choice, Flag, Secret, TrimmedText, WholeNumber

_ID_MAX = 2**31 - 1


class SignInIn(Shape):
    """What the sign-in page sends."""

    login = TrimmedText(required=True, longest=limits.LOGIN_MAX)
    password = Secret(required=True)


class ConfirmIn(Shape):
    """The password of the person who is signed in."""

    present_password = Secret(required=True)


class PasswordChangeIn(Shape):
    """One's own password, the present one and the next."""

    current = Secret(required=True)
    new = Secret(required=True)
    again = Secret(required=True)

    @validates_schema(skip_on_field_errors=True)
    def check_typed_twice(self, data: dict[str, str], **_: Any) -> None:
        """A slip in a field that shows dots would lock its owner out."""
        if data["new"] != data["again"]:
            raise ValidationError(
                [T("This is not the same as the new password.")], field_name="again"
            )


class PreferencesIn(Shape):
    """How a person wants the screens."""

    shortcuts = Flag()


class SiteIn(Shape):
    """A site to open."""

    code = TrimmedText(required=True, longest=limits.CODE_MAX)
    name = TrimmedText(required=True, longest=limits.NAME_MAX)
    kind = Choice(SiteKind, required=True)


class UserIn(Shape):
    """An account to open."""

    login = TrimmedText(required=True, longest=limits.LOGIN_MAX)
    name = TrimmedText(required=True, longest=limits.NAME_MAX)
    email = TrimmedText(longest=limits.EMAIL_MAX)
    password = Secret(required=True)


class PasswordResetIn(Shape):
    """Another password for somebody who lost theirs."""

    password = Secret(required=True)


class GrantIn(Shape):
    """A role to give, at one site or, without one, at every site."""

    role = Choice(Role, required=True)
    site_id = WholeNumber(minimum=1, maximum=_ID_MAX)


class RevokeIn(Shape):
    """A role to take back."""

    grant_id = WholeNumber(required=True, minimum=1, maximum=_ID_MAX)
