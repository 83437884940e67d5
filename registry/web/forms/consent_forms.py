"""Forms of writing consent forms."""

from typing import Any

from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectMultipleField
from wtforms.widgets import CheckboxInput

from registry.consents.templates.models import ConsentTemplate
from registry.consents.templates.wording import ItemText
from registry.kernel import clock
from registry.kernel.messages import T
from registry.vocab.consent import Audience, ChangeRule, Language, Regime, Use
from registry.vocab.research import PERMISSIONS, DuoTerm
from registry.web.forms.base import SchemaForm
from registry.web.forms.choices import options
from schemas.consent_forms import (
    PLAIN_CONDITIONS,
    VALUED_CONDITIONS,
    FormIn,
    ItemIn,
    NewFormIn,
    RetireIn,
)

_DAY = T("Day/month/year, such as 12/03/2026.")


def _today() -> str:
    return clock.today().strftime("%d/%m/%Y")


class FormHeadForm(SchemaForm):
    """The head of a draft."""

    schema = FormIn

    title = StringField(T("Title"), description=T("As it stands at the top of the paper."))
    regime = RadioField(T("On what the answers rest"), choices=options(Regime))
    audience = RadioField(T("For whom"), choices=options(Audience))
    valid_from = StringField(T("Signed from"), description=_DAY, default=_today)
    valid_to = StringField(T("until"))
    proof_within_days = StringField(
        T("Days within which the scan must be there"),
        description=T(
            "Until then a recorded consent holds without its scan, afterwards it allows nothing. "
            "Left empty, no scan is asked."
        ),
    )
    change_rule = RadioField(
        T("What is asked of those who signed an earlier version"),
        choices=options(ChangeRule),
        default=ChangeRule.NOTHING.value,
    )
    change_by = StringField(
        T("Last day of asking for consent again"),
        description=T("After it, what rests on an earlier version is no longer used."),
    )


class NewFormForm(FormHeadForm):
    """A form that did not exist."""

    schema = NewFormIn

    code = StringField(T("Code"), description=T("The same for every version and language."))
    language = RadioField(T("Language"), choices=options(Language))


def head_of(template: ConsentTemplate) -> dict[str, Any]:
    """The fields of the head as somebody would have filled them in."""
    return {
        "title": template.title,
        "regime": template.regime.value,
        "audience": template.audience.value,
        "valid_from": template.valid_from.strftime("%d/%m/%Y"),
        "valid_to": template.valid_to.strftime("%d/%m/%Y") if template.valid_to else "",
        "proof_within_days": template.proof_within_days,
        "change_rule": template.change_rule.value,
        "change_by": template.change_by.strftime("%d/%m/%Y") if template.change_by else "",
    }


class ItemForm(SchemaForm):
    """A question."""

    schema = ItemIn

    code = StringField(T("Code"), description=T("The same in every version, such as genetics."))
    text = TextAreaField(T("What is asked"), description=T("As the participant reads it."))
    uses = SelectMultipleField(
        T("What the answer decides"), choices=options(Use), option_widget=CheckboxInput()
    )
    mandatory = BooleanField(T("Without this agreement, the rest of the form allows nothing"))
    valid_months = StringField(
        T("Holds for (months)"), description=T("Left empty, for as long as the cohort lives.")
    )
    permission = SelectField(
        T("Which research"),
        choices=options(
            [term for term in DuoTerm if term in PERMISSIONS],
            blank=T("Health or biomedical research (nothing is said)"),
        ),
    )
    diseases = StringField(
        T("Diseases"), description=T("Codes with a space between them, such as M05 M06.")
    )
    conditions = SelectMultipleField(
        T("Conditions"), choices=options(PLAIN_CONDITIONS), option_widget=CheckboxInput()
    )
    research_type = StringField(T("One type of research only"))
    region = StringField(
        T("One country or region only"),
        description=T("A country’s two letters, or EU for the European Economic Area."),
    )
    institution = StringField(T("One institution only"))
    project = StringField(T("One project only"))
    users = StringField(T("Named users only"))
    months = StringField(T("For a number of months only"))
    moratorium_months = StringField(T("No publication before (months)"))


def item_fields(item: ItemText) -> dict[str, Any]:
    """The fields of a question as somebody would have filled them in."""
    by_term: dict[DuoTerm, list[str]] = {}
    for term, value in sorted(item.terms):
        by_term.setdefault(term, []).append(value)
    permission = next((term for term in by_term if term in PERMISSIONS), None)
    return {
        "code": item.code,
        "text": item.text,
        "uses": [use.value for use in sorted(item.uses)],
        "mandatory": item.mandatory,
        "valid_months": item.valid_months,
        "permission": permission.value if permission else "",
        "diseases": " ".join(by_term.get(DuoTerm.DS, ())),
        "conditions": [term.value for term in by_term if term in PLAIN_CONDITIONS],
        **{name: by_term[term][0] for term, name in VALUED_CONDITIONS.items() if term in by_term},
    }


class RetireForm(SchemaForm):
    """The end of a form."""

    schema = RetireIn

    last_day = StringField(T("Last day on which it is signed"), description=_DAY, default=_today)


class ActForm(SchemaForm):
    """A button with nothing to fill in."""
