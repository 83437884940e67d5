"""Forms of counting what exists, asking for an extract and deciding on it."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice

from registry.applications.criteria import Criteria
from registry.applications.models import Application
from registry.extracts.catalogue import Question
from registry.kernel.messages import T
from registry.vocab.applications import AgeBand, Purpose, Variable
from registry.vocab.people import Sex
from registry.vocab.research import RecipientKind, ResearchCategory
from registry.vocab.samples import SampleType
from registry.web.forms.base import SchemaForm
from registry.web.forms.choices import ChecksField, countries, options, rows
from registry.web.language import translate
from registry.web.templating import quantity
from schemas.applications import ApplicationIn, DecisionIn, SendIn, TakeBackIn
from schemas.catalogue import CountIn


class CountForm(SchemaForm):
    """Which samples to count, and for what use."""

    schema = CountIn

    purpose = RadioField(
        T("What for"),
        choices=options(Purpose),
        default=Purpose.ACADEMIC.value,
        description=T("Only participants whose consent allows it are counted."),
    )
    recipient_kind = RadioField(
        T("What kind of organisation receives the data"),
        choices=options(RecipientKind),
        default=RecipientKind.PUBLIC.value,
    )
    country = SelectField(T("In which country"), default="FR")
    cohorts = ChecksField(T("Cohorts"))
    sample_types = ChecksField(T("Sample types"))
    sexes = ChecksField(T("Sex"), choices=options(Sex))
    age_bands = ChecksField(T("Age at inclusion, in years"), choices=options(AgeBand))
    min_volume = StringField(T("Left in each sample, at least (mL)"))
    collected_from = StringField(T("Collected from (year)"))
    collected_to = StringField(T("until (year)"))

    def __init__(
        self, *, cohorts: Mapping[str, str], sample_types: Sequence[SampleType], **kwargs: Any
    ) -> None:
        asked: Question | None = kwargs.pop("asked", None)
        super().__init__(**(_filled(asked) if asked else {}), **kwargs)
        self.cohorts.choices = rows(cohorts.items())
        self.sample_types.choices = options(sample_types)()
        self.country.choices = countries()

    @property
    def question(self) -> Question:
        """What was asked, once it was read."""
        given = self.cleaned
        criteria = Criteria(
            cohorts=tuple(given["cohorts"]),
            sample_types=tuple(given["sample_types"]),
            sexes=tuple(given["sexes"]),
            age_bands=tuple(given["age_bands"]),
            min_volume=given["min_volume"],
            collected_from=given["collected_from"],
            collected_to=given["collected_to"],
        )
        return Question(given["purpose"], criteria, given["recipient_kind"], given["country"])


def _filled(asked: Question) -> dict[str, Any]:
    """The fields as somebody would have filled them in to ask this."""
    criteria = asked.criteria
    return {
        "purpose": asked.purpose.value,
        "recipient_kind": asked.recipient_kind.value,
        "country": asked.country,
        "cohorts": list(criteria.cohorts),
        "sample_types": [kind.value for kind in criteria.sample_types],
        "sexes": [sex.value for sex in criteria.sexes],
        "age_bands": [band.value for band in criteria.age_bands],
        "min_volume": None if criteria.min_volume is None else quantity(criteria.min_volume),
        "collected_from": criteria.collected_from,
        "collected_to": criteria.collected_to,
    }


class ApplicationForm(CountForm):
    """A request for an extract."""

    schema = ApplicationIn

    title = StringField(T("Title"), description=T("Short, as in a list."))
    justification = TextAreaField(
        T("Research question"),
        description=T("What is to be found out, and why it takes these data. No patient's name."),
    )
    recipient = StringField(
        T("Who receives the extract"), description=T("The team and its organisation.")
    )
    variables = ChecksField(
        T("Variables"),
        choices=options(Variable),
        description=T("Only what the question needs: the fewer, the more participants remain."),
    )
    category = RadioField(
        T("What kind of research"),
        choices=options(ResearchCategory),
        default=ResearchCategory.HEALTH.value,
    )
    diseases = StringField(
        T("Diseases that are studied"),
        description=T("For research on named diseases: their codes, such as M32 or M05.9."),
    )
    links_data = BooleanField(T("The data are linked with other data about the same people"))
    ends_on = StringField(
        T("Last day of the project"),
        description=T("Day/month/year. Some participants agree for a limited time only."),
    )
    ethics_reference = StringField(
        T("Ethics approval"),
        description=T("The committee’s reference. Some participants agree only with one."),
    )
    accepts = BooleanField(T("I accept these conditions for the whole project"))
    version = HiddenField()

    def __init__(self, *, draft: Application | None = None, **kwargs: Any) -> None:
        if draft is not None:
            kwargs |= {
                "asked": Question(
                    draft.purpose, draft.criteria, draft.recipient_kind, draft.country
                ),
                "title": draft.title,
                "justification": draft.justification,
                "recipient": draft.recipient,
                "variables": [variable.value for variable in draft.variables],
                "category": draft.category.value,
                "diseases": ", ".join(draft.diseases),
                "links_data": draft.links_data,
                "ends_on": draft.ends_on and draft.ends_on.strftime("%d/%m/%Y"),
                "ethics_reference": draft.ethics_reference,
                "version": draft.version,
            }
        super().__init__(**kwargs)
        self.purpose.description = T("Participants must have agreed to it.")


class DecisionForm(SchemaForm):
    """Yes or no, and why."""

    schema = DecisionIn

    decision = RadioField(T("Your decision"))
    reason = TextAreaField(
        T("Reason"),
        description=T("The requester reads it. A refusal needs one; an approval may name terms."),
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.decision.choices = [
            SelectChoice("approve", translate(T("Approve the request"))),
            SelectChoice("refuse", translate(T("Refuse the request"))),
        ]


class SendForm(SchemaForm):
    """A draft that is sent, its conditions accepted."""

    schema = SendIn

    accepts = BooleanField(T("I accept these conditions for the whole project"))


class TakeBackForm(SchemaForm):
    """One's own request, taken back."""

    schema = TakeBackIn

    reason = TextAreaField(T("Reason"))


class ActForm(SchemaForm):
    """A button with nothing to fill in."""
