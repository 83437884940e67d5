"""The fields in which a second person proves to be there; mixed into the form of what is done."""

from wtforms import PasswordField, StringField

from registry.kernel.messages import T


class SecondPersonFields:
    """A badge and its PIN or, without a badge, a sign-in name and its password."""

    witness_badge = PasswordField(
        T("Witness’s badge"),
        description=T("Another person, who has watched, scans it and types its PIN."),
    )
    witness_pin = PasswordField(T("Witness’s PIN"))
    witness = StringField(T("Witness’s sign-in name"))
    witness_password = PasswordField(T("Witness’s password"))
