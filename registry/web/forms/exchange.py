"""Forms of the exchange between installations."""

from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.fields import FileField

from registry.kernel.messages import T
from registry.web.forms.base import SchemaForm
from schemas.exchange import CompareIn, KeyFileIn, RetireKeyIn


class KeyFileForm(SchemaForm):
    """The key of a partner's installation."""

    schema = KeyFileIn

    file = FileField(
        T("Key file of the partner’s installation"),
        description=T("The partner exports it from this same page of their installation."),
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.file.flags.required = True

    def content(self) -> bytes:
        """The file; empty when none was chosen."""
        return bytes(self.file.data.read()) if self.file.data else b""


class CompareForm(SchemaForm):
    """The fingerprint as the partner read it out."""

    schema = CompareIn

    fingerprint = StringField(
        T("Fingerprint"),
        description=T(
            "Call the partner at a number that you know, let them read it out, and type it."
        ),
    )


class RetireKeyForm(SchemaForm):
    """Why a key is believed no longer."""

    schema = RetireKeyIn

    reason = TextAreaField(T("Reason"))
