"""Forms of recording what participants sign and take back."""

from collections.abc import Callable, Iterable
from typing import Any

from wtforms import (
    BooleanField,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import MultipleFileField, SelectChoice

from registry.consents.signing import policies
from registry.consents.templates import printing
from registry.consents.templates.models import ConsentTemplate
from registry.kernel import clock
from registry.kernel.messages import T
from registry.vocab.consent import (
    ANSWER_LABELS,
    Answer,
    CheckOutcome,
    Language,
    ProofReason,
    Regime,
    SignatoryRole,
)
from registry.web.forms import consents_parties as parties
from registry.web.forms.base import QueryForm, SchemaForm
from registry.web.forms.choices import options, rows
from registry.web.language import translate
from schemas.base import Shape
from schemas.consents import (
    CheckIn,
    ConsentIn,
    CorrectionIn,
    FormChoiceIn,
    InformIn,
    ProofIn,
    ProofOpenIn,
    SignedIn,
    SigningIn,
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


_SCANS = T("Scan or photo of the paper")
_SCANS_HINT = T("PDF, JPEG or PNG; one or several. It is kept sealed.")


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
    channel = SelectField(T("How it reached you"), choices=options(policies.RECORDED))
    language = SelectField(T("Explained in"), choices=options(Language))
    scans = MultipleFileField(_SCANS, description=_SCANS_HINT)


class CorrectionForm(ConsentForm):
    """The same, recorded anew."""

    reason = TextAreaField(
        T("Why is the record corrected?"), description=T("Both records stay, with this reason.")
    )
    keeps_proofs = BooleanField(T("The scans on record are of this form"))


class SigningForm(SchemaForm):
    """A form of one template as it is answered and signed on the screen."""

    text_sha256 = HiddenField()
    information_given_on = StringField(T("Information given on"), description=_DAY, default=_today)


def consent_form(
    template: ConsentTemplate, *, corrects: bool = False, **kwargs: Any
) -> ConsentForm:
    """The form with one question for each item of the template.

    The page shows the item's own text; the label names it in the list of errors.
    """
    base, schema = (CorrectionForm, CorrectionIn) if corrects else (ConsentForm, ConsentIn)
    questions = _questions(template, _answers(template.regime))
    made: type[ConsentForm] = type(
        base.__name__, (base,), {**questions, **parties.fields_of(template.audience)}
    )
    return made(shape=_shape(template, schema), **kwargs)


def signing_form(template: ConsentTemplate, **kwargs: Any) -> SigningForm:
    """The form with one question for each item, in the words that stand on the paper."""
    agrees, declines = printing.said(template)["choices"]
    choices = [
        SelectChoice(Answer.ACCEPTED.value, agrees),
        SelectChoice(Answer.REFUSED.value, declines),
    ]
    made: type[SigningForm] = type(
        SigningForm.__name__,
        (SigningForm,),
        {
            **_questions(template, choices),
            **parties.fields_of(template.audience),
            **parties.drawn_fields(template.audience),
        },
    )
    return made(shape=_shape(template, SigningIn), **kwargs)


def _questions(template: ConsentTemplate, choices: Any) -> dict[str, Any]:
    questions = {
        item.code: RadioField(T("Question {number}", number=item.position), choices=choices)
        for item in template.items
    }
    return {"answers": FormField(type("Answers", (Form,), questions))}


def _shape(template: ConsentTemplate, schema: type[SignedIn]) -> Shape:
    codes = [item.code for item in template.items]
    roles = dict.fromkeys((SignatoryRole.SELF, *parties.roles_of(template.audience)))
    return with_answers(schema, codes, roles)


def _answers(regime: Regime) -> Callable[[], list[SelectChoice]]:
    def choices() -> list[SelectChoice]:
        return [
            SelectChoice(answer.value, translate(label))
            for answer, label in ANSWER_LABELS[regime].items()
        ]

    return choices


class ProofForm(SchemaForm):
    """Scans to attach."""

    schema = ProofIn

    scans = MultipleFileField(_SCANS, description=_SCANS_HINT)


class ProofOpenForm(SchemaForm):
    """Why the scan is needed."""

    schema = ProofOpenIn

    kind = RadioField(T("Why do you need the scan?"), choices=options(ProofReason))
    reason = TextAreaField(
        T("In a few words"),
        description=T("It is kept in the journal: write no name, birth date or number."),
    )


class CheckForm(SchemaForm):
    """What was found."""

    schema = CheckIn

    outcome = RadioField(
        T("Does the record say what the scan shows?"), choices=options(CheckOutcome)
    )
    remark = TextAreaField(
        T("What is not in order"),
        description=T("Needed when something is not in order. Write no name and no number."),
    )


class InformForm(SchemaForm):
    """Who was informed without signing."""

    schema = InformIn

    codes = TextAreaField(T("Participants"), description=T("Their codes, one on each line."))
    template_id = SelectField(T("Form and version of which they were informed"))
    informed_on = StringField(T("Informed on"), description=_DAY, default=_today)
    channel = SelectField(T("How"), choices=options(policies.RECORDED))

    def __init__(self, templates: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.template_id.choices = rows(templates)
