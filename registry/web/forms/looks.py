"""Asking who looked, and noting what was found."""

from collections.abc import Iterable

from wtforms import HiddenField, SelectField, StringField, TextAreaField

from registry.accounts.models import Site
from registry.kernel.messages import T
from registry.web.forms.base import QueryForm, SchemaForm
from registry.web.forms.choices import rows
from schemas.looks import LooksQuery, RemarkIn


class LooksForm(QueryForm):
    """Which looks to show."""

    schema = LooksQuery

    actor_id = SelectField(T("Who looked"))
    participant = StringField(T("Participant code"))
    site_id = SelectField(T("Site"))
    since = StringField(T("From"))
    until = StringField(T("To"))
    #: Carried by the link to the next page alone.
    before = HiddenField()

    def __init__(self, people: Iterable[tuple[int, str]], sites: Iterable[Site]) -> None:
        super().__init__()
        self.actor_id.choices = rows(people, blank=T("Anybody"))
        self.site_id.choices = rows(((one.id, one.name) for one in sites), blank=T("Every site"))


class RemarkForm(SchemaForm):
    """What was found about something unusual."""

    schema = RemarkIn

    count = HiddenField()
    remark = TextAreaField(
        T("What did you find?"),
        description=T("It is kept for good: write no name and no number of a participant."),
    )
