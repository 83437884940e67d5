"""Forms of signing in and of administering accounts."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, PasswordField, RadioField, SelectField, StringField

from registry.accounts.models import Site
from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.people import Role, SiteKind
from registry.web.forms.base import SchemaForm
from registry.web.forms.choices import options, rows
from schemas.accounts import (
    ConfirmIn,
    GrantIn,
    PasswordChangeIn,
    PasswordResetIn,
    PreferencesIn,
    RevokeIn,
    SignInIn,
    SiteIn,
    UserIn,
)

_NEXT_SIGN_IN = T(
    "At least {count} characters. The person chooses another one when signing in with it.",
    count=limits.PASSWORD_MIN,
)


class SignInForm(SchemaForm):
    """Who is there."""

    schema = SignInIn

    login = StringField(T("Sign-in name"))
    password = PasswordField(T("Password"))


class ConfirmForm(SchemaForm):
    """Once more, who is there."""

    schema = ConfirmIn

    present_password = PasswordField(T("Your password"))


class PasswordChangeForm(SchemaForm):
    """One's own password."""

    schema = PasswordChangeIn

    current = PasswordField(T("Present password"))
    new = PasswordField(
        T("New password"),
        description=T(
            "At least {count} characters: several unrelated words are easiest to keep. "
            "No kind of character is demanded.",
            count=limits.PASSWORD_MIN,
        ),
    )
    again = PasswordField(T("New password, once more"))


class PreferencesForm(SchemaForm):
    """How a person wants the screens."""

    schema = PreferencesIn

    shortcuts = BooleanField(
        T("Single-key shortcuts"), description=T("“/” puts the cursor in the scan field.")
    )


class SiteForm(SchemaForm):
    """A site to open."""

    schema = SiteIn

    code = StringField(T("Code"), description=T("Short and lasting, such as PAR."))
    name = StringField(T("Name"))
    kind = RadioField(T("Kind"), choices=options(SiteKind))


class UserForm(SchemaForm):
    """An account to open."""

    schema = UserIn

    login = StringField(T("Sign-in name"), description=T("Such as first.last; never shared."))
    name = StringField(T("First and last name"))
    email = StringField(T("E-mail address"))
    password = StringField(T("First password"), description=_NEXT_SIGN_IN)


class PasswordResetForm(SchemaForm):
    """Another password for somebody who lost theirs."""

    schema = PasswordResetIn

    password = StringField(T("Temporary password"), description=_NEXT_SIGN_IN)


class GrantForm(SchemaForm):
    """A role to give."""

    schema = GrantIn

    role = SelectField(T("Role"), choices=options(Role, blank=T("Choose a role")))
    site_id = SelectField(T("Site"))

    def __init__(self, sites: Sequence[Site], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.site_id.choices = rows(((site.id, site.name) for site in sites), blank=T("Every site"))


class RevokeForm(SchemaForm):
    """A role to take back."""

    schema = RevokeIn

    grant_id = HiddenField()


class ActForm(SchemaForm):
    """A button with nothing to fill in."""
