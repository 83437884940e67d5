"""Forms of finding, including, listing and recognising participants."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField

from registry.accounts.models import Site
from registry.kernel import clock
from registry.kernel.messages import T
from registry.participants.models import Cohort
from registry.vocab.consent import Consenting, Use
from registry.vocab.people import ParticipantStatus, RevealReason, Sex
from registry.web.forms.base import QueryForm, SchemaForm
from registry.web.forms.choices import options, rows
from schemas.participants import (
    InclusionIn,
    ParticipantFilterIn,
    RevealIn,
    SearchIn,
)

_DAY = T("Day/month/year, such as 12/03/1985.")
NO_NAMES = T(
    "It is kept in the journal: write no name, birth date or number. "
    "A reason that says who the person is will be refused."
)

#: What an identity is known by; without one of these the hospital identifier is needed.
EXPECTED = ("birth_name", "given_names", "birth_date")


class SearchForm(SchemaForm):
    """Somebody who may be known already."""

    schema = SearchIn

    birth_name = StringField(T("Birth name"), description=T("The name at birth, not by marriage."))
    given_names = StringField(T("Given names"))
    birth_date = StringField(T("Birth date"), description=_DAY)
    hospital_identifier = StringField(
        T("Hospital identifier"), description=T("The patient number (IPP) of this hospital.")
    )
    site_id = SelectField(T("Hospital"))

    def __init__(self, sites: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.site_id.choices = rows((site.id, site.name) for site in sites)


class InclusionForm(SearchForm):
    """Somebody to include."""

    schema = InclusionIn

    used_name = StringField(
        T("Used name"), description=T("Only if it differs from the birth name.")
    )
    sex = SelectField(T("Sex"), choices=options(Sex, blank=T("Choose")))
    birth_place = StringField(
        T("Birthplace"),
        description=T("Town and country, or the INSEE code of the commune or the country."),
    )
    cohort_id = SelectField(T("Cohort"))
    included_on = StringField(T("Included on"), default=lambda: clock.today().strftime("%d/%m/%Y"))
    print_label = BooleanField(T("Open the label of the code when it is saved"), default=True)

    def __init__(self, sites: Iterable[Site], cohorts: Sequence[Cohort], **kwargs: Any) -> None:
        super().__init__(sites, **kwargs)
        blank = T("Choose a cohort") if len(cohorts) > 1 else None
        self.cohort_id.choices = rows(((one.id, one.name) for one in cohorts), blank=blank)
        for name in EXPECTED:
            self[name].flags.required = True


class ParticipantFilterForm(QueryForm):
    """Which participants a list is to show."""

    schema = ParticipantFilterIn

    cohort_id = SelectField(T("Cohort"))
    site_id = SelectField(T("Site"))
    standing = SelectField(T("Status"), choices=options(ParticipantStatus, blank=T("Every status")))
    use = SelectField(T("Use"), choices=options(Use, blank=T("Any use")))
    consenting = SelectField(T("Consent"), choices=options(Consenting))
    is_incomplete = BooleanField(T("Only those whose identity is incomplete"))

    def __init__(self, sites: Iterable[Site], cohorts: Iterable[Cohort]) -> None:
        super().__init__()
        self.cohort_id.choices = rows(
            ((one.id, one.name) for one in cohorts), blank=T("Every cohort")
        )
        self.site_id.choices = rows(
            ((one.id, one.name) for one in sites), blank=T("Every site of mine")
        )


class RevealForm(SchemaForm):
    """Why the identity is needed."""

    schema = RevealIn

    kind = RadioField(T("Why do you need the identity?"), choices=options(RevealReason))
    reason = TextAreaField(T("In a few words"), description=NO_NAMES)
