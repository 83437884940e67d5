"""Forms of recording what participants sign and take back."""

from collections.abc import Callable, Iterable
from typing import Any

from wtforms import Form, FormField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice, SelectMultipleField
from wtforms.widgets import CheckboxInput

from registry.consents.templates.models import ConsentTemplate
from registry.kernel import clock
from registry.kernel.messages import T
from registry.vocab.consent import (
    ANSWER_LABELS,
    Channel,
    Language,
    Regime,
    Use,
    WithdrawalScope,
)
from registry.web.forms.base import QueryForm, SchemaForm
from registry.web.forms.choices import options, rows
from registry.web.language import translate
from schemas.consents import (
    ConsentIn,
    CorrectionIn,
    FormChoiceIn,
    WithdrawalIn,
    with_answers,
)

_DAY = T("Day/month/year, such as 12/03/2026.")


def _today() -> str:
    return clock.today().strftime("%d/%m/%Y")


class FormChoiceForm(QueryForm):
    """Which form was signed."""

    schema = FormChoiceIn

    form = SelectField(T("Form and version that was signed"))

    def __init__(self, templates: Iterable[tuple[int, str]]) -> None:
        super().__init__()
        self.form.choices = rows(templates)
        self.form.flags.required = True


class ConsentForm(SchemaForm):
    """A signed form of one template; made by `consent_form`."""

    signed_on = StringField(T("Signed on"), description=_DAY, default=_today)
    information_given_on = StringField(
        T("Information given on"),
        description=T(
            "When the participant was handed the information notice. Without it there is no "
            "proof of information."
        ),
    )
    channel = SelectField(T("How it reached you"), choices=options(Channel))
    language = SelectField(T("Explained in"), choices=options(Language))


class CorrectionForm(ConsentForm):
    """The same, recorded anew."""

    reason = TextAreaField(
        T("Why is the record corrected?"), description=T("Both records stay, with this reason.")
    )


def consent_form(
    template: ConsentTemplate, *, corrects: bool = False, **kwargs: Any
) -> ConsentForm:
    """The form with one question for each item of the template.

    The page shows the item's own text; the label names it in the list of errors.
    """
    questions = {
        item.code: RadioField(
            T("Question {number}", number=item.position), choices=_answers(template.regime)
        )
        for item in template.items
    }
    answers = FormField(type("Answers", (Form,), dict(questions)))
    base, schema = (CorrectionForm, CorrectionIn) if corrects else (ConsentForm, ConsentIn)
    made: type[ConsentForm] = type(base.__name__, (base,), {"answers": answers})
    return made(shape=with_answers(schema, questions), **kwargs)


def _answers(regime: Regime) -> Callable[[], list[SelectChoice]]:
    def choices() -> list[SelectChoice]:
        return [
            SelectChoice(answer.value, translate(label))
            for answer, label in ANSWER_LABELS[regime].items()
        ]

    return choices


class WithdrawalForm(SchemaForm):
    """What a participant takes back."""

    schema = WithdrawalIn

    scope = RadioField(T("What is withdrawn?"), choices=options(WithdrawalScope))
    uses = SelectMultipleField(
        T("Which uses?"), choices=options(Use), option_widget=CheckboxInput()
    )
    effective_on = StringField(T("From"), description=_DAY, default=_today)
    channel = SelectField(T("How it reached you"), choices=options(Channel))
    reason = TextAreaField(
        T("In the participant’s words"),
        description=T("Nobody has to give a reason. Write no name and no number of the person."),
    )
