"""Asking why something is allowed or not."""

import re
from datetime import datetime, time, timedelta
from typing import Any

from wtforms import BooleanField, SelectField, StringField

from registry.consents.decision.study import Asked, Study
from registry.kernel import clock
from registry.kernel.messages import T
from registry.vocab.consent import Use
from registry.vocab.research import RecipientKind, ResearchCategory
from registry.web.forms.base import QueryForm
from registry.web.forms.choices import countries, options
from registry.web.language import translate
from schemas.consent_questions import WhyIn

_DAY = T("Day/month/year, such as 12/03/2026.")


class WhyForm(QueryForm):
    """A use, or a study, on a day."""

    schema = WhyIn

    use = SelectField(T("What is asked"), choices=options(Use, blank=T("A study, as below")))
    on = StringField(T("On which day"), description=T("Past or to come. Left empty: today."))
    known_on = StringField(
        T("As known on"), description=T("Left empty: with everything that is known now.")
    )
    category = SelectField(
        T("What kind of research"),
        choices=options(ResearchCategory),
        default=ResearchCategory.HEALTH.value,
    )
    diseases = StringField(
        T("Diseases that are studied"),
        description=T("For research on named diseases: their codes, such as M32 or M05.9."),
    )
    recipient_kind = SelectField(
        T("Who receives it"),
        choices=options(RecipientKind),
        default=RecipientKind.INSTITUTE.value,
    )
    institution = StringField(
        T("Name of the recipient"),
        description=T("Where a form allows one institution or named users only."),
    )
    country = SelectField(T("In which country"), default="FR")
    genetics = BooleanField(T("Genetic examination"))
    commercial = BooleanField(T("For a commercial purpose"))
    linkage = BooleanField(T("Linked with other data about the same people"))
    ethics_approved = BooleanField(T("An ethics committee has approved the project"))
    sensitive = BooleanField(T("The topic is sensitive"))
    ends_on = StringField(T("Last day of the project"), description=_DAY)
    project = StringField(T("Number of the request"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.country.choices = countries()

    @property
    def asked(self) -> Asked:
        """What was asked, once it was read."""
        given = self.cleaned
        if given["use"] is not None:
            use: Use = given["use"]
            return use
        return Study(
            category=given["category"],
            diseases=frozenset(re.split(r"[\s,;]+", given["diseases"].upper()))
            if given["diseases"]
            else frozenset(),
            recipient=given["recipient_kind"],
            institution=given["institution"],
            country=given["country"],
            commercial=given["commercial"],
            genetics=given["genetics"],
            linkage=given["linkage"],
            project=given["project"],
            ends_on=given["ends_on"],
            ethics_approved=given["ethics_approved"],
            sensitive=given["sensitive"],
        )

    @property
    def study_in_words(self) -> str:
        """The study as it was asked: what was chosen, ticked and typed."""
        chosen = [
            next(str(option.label) for option in field.iter_choices() if option.selected)
            for field in (self.category, self.recipient_kind, self.country)
        ]
        ticked = [
            translate(field.label.text)
            for field in self
            if isinstance(field, BooleanField) and field.data
        ]
        typed = [
            field.data
            for field in (self.diseases, self.institution, self.ends_on, self.project)
            if field.data
        ]
        return ", ".join([*chosen, *ticked, *typed])

    @property
    def known_at(self) -> datetime | None:
        """The end of the day on which it is to have been known; None for now."""
        day = self.cleaned["known_on"]
        if day is None:
            return None
        return datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.PARIS)
