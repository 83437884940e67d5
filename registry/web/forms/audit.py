"""Asking the journal."""

from wtforms import HiddenField, SelectField, StringField

from registry.kernel.messages import T
from registry.vocab.audit import AuditTag
from registry.web.forms.base import QueryForm, SchemaForm
from registry.web.forms.choices import options
from schemas.audit import JournalQuery


class JournalForm(QueryForm):
    """Which entries to show."""

    schema = JournalQuery

    tag = SelectField(T("What was done"), choices=options(AuditTag, blank=T("Anything")))
    about = StringField(
        T("To what"), description=T("A kind and a code, such as sample:B000000127.")
    )
    #: Carried by the link to the next page alone.
    before = HiddenField()


class VerifyForm(SchemaForm):
    """A button and nothing to fill in."""
