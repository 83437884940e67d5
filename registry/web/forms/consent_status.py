"""Choosing whose consents are shown."""

from collections.abc import Iterable

from wtforms import SelectField

from registry.kernel.messages import T
from registry.participants.models import Cohort
from registry.web.forms.base import QueryForm
from registry.web.forms.choices import rows
from schemas.consents import CohortChoiceIn


class CohortForm(QueryForm):
    """One cohort."""

    schema = CohortChoiceIn

    cohort = SelectField(T("Cohort"))

    def __init__(self, cohorts: Iterable[Cohort]) -> None:
        super().__init__()
        self.cohort.choices = rows((one.id, one.name) for one in cohorts)
