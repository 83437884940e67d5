"""Forms of deciding about identities that may be one person's."""

from collections.abc import Iterable

from wtforms import RadioField, SelectField, StringField, TextAreaField

from registry.accounts.models import Site
from registry.kernel.messages import T
from registry.participants.models import Cohort
from registry.vocab.identity import ReviewOutcome
from registry.web.forms.base import QueryForm, SchemaForm
from registry.web.forms.choices import options, rows
from registry.web.forms.participants import NO_NAMES
from schemas.reviews import (
    CompareIn,
    DecidedListIn,
    ReviewIn,
    ReviewListIn,
    ReviseIn,
    UndoIn,
)


class ReviewListForm(QueryForm):
    """Which of the pairs that wait a list is to show."""

    schema = ReviewListIn

    site_id = SelectField(T("Hospital"))
    cohort_id = SelectField(T("Cohort"))
    since = StringField(T("Asked since"), description=T("Day/month/year."))

    def __init__(self, sites: Iterable[Site], cohorts: Iterable[Cohort]) -> None:
        super().__init__()
        self.site_id.choices = rows(
            ((one.id, one.name) for one in sites), blank=T("Every hospital of mine")
        )
        self.cohort_id.choices = rows(
            ((one.id, one.name) for one in cohorts), blank=T("Every cohort")
        )


class DecidedListForm(QueryForm):
    """Which of the decided pairs a list is to show."""

    schema = DecidedListIn

    outcome = SelectField(
        T("Decision"),
        choices=options((ReviewOutcome.SAME, ReviewOutcome.DIFFERENT), blank=T("Every decision")),
    )


class CompareForm(SchemaForm):
    """Why two identities are looked at."""

    schema = CompareIn

    reason = TextAreaField(T("Why do you look at these identities?"), description=NO_NAMES)


class ReviewForm(SchemaForm):
    """What is decided about two identities."""

    schema = ReviewIn

    outcome = RadioField(
        T("Are they one person?"),
        choices=options((ReviewOutcome.SAME, ReviewOutcome.DIFFERENT, ReviewOutcome.LATER)),
    )
    reason = TextAreaField(T("Why?"), description=NO_NAMES)


class UndoForm(SchemaForm):
    """Why a merge is undone."""

    schema = UndoIn

    reason = TextAreaField(T("Why is the merge undone?"), description=NO_NAMES)


class ReviseForm(SchemaForm):
    """What is decided instead of “not the same”."""

    schema = ReviseIn

    outcome = RadioField(
        T("What is it instead?"), choices=options((ReviewOutcome.SAME, ReviewOutcome.LATER))
    )
    reason = TextAreaField(T("Why?"), description=NO_NAMES)


class FinishForm(SchemaForm):
    """Finishing a decision that was interrupted: nothing is typed."""
