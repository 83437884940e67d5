"""Asking for a list of contacts."""

from collections.abc import Iterable

from wtforms import RadioField, SelectField, TextAreaField

from registry.accounts.models import Site
from registry.kernel.messages import T
from registry.participants.models import Cohort
from registry.vocab.people import ContactPurpose
from registry.web.forms.base import SchemaForm
from registry.web.forms.choices import options, rows
from schemas.contacts import ContactsIn


class ContactsForm(SchemaForm):
    """Whom the list is to hold, and why it is needed."""

    schema = ContactsIn

    cohort_id = SelectField(T("Cohort"))
    site_id = SelectField(T("Site"))
    codes = TextAreaField(
        T("Only these participants"),
        description=T("Their codes, one on each line; empty for the whole cohort."),
    )
    purpose = RadioField(T("What for?"), choices=options(ContactPurpose))
    reason = TextAreaField(
        T("In a few words"),
        description=T("It is kept in the journal: write no name, birth date or number."),
    )

    def __init__(self, sites: Iterable[Site], cohorts: Iterable[Cohort]) -> None:
        super().__init__()
        self.cohort_id.choices = rows(
            ((one.id, one.name) for one in cohorts), blank=T("Choose a cohort")
        )
        self.site_id.choices = rows(
            ((one.id, one.name) for one in sites), blank=T("Every site of mine")
        )
