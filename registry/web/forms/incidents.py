"""Forms of quality incidents."""

from wtforms import BooleanField, RadioField, StringField, TextAreaField

from registry.kernel.messages import T
from registry.vocab.incidents import Verdict
from registry.vocab.terms import Vocabulary
from registry.web.forms.base import SchemaForm
from registry.web.forms.choices import options, terms_of
from schemas.incidents import AddedIn, ClosingIn, IncidentIn, VerdictIn

_EACH_TUBE = T("Scan each tube, or paste a list of codes.")
_NAMELESS = T("It names nobody.")


class AddedForm(SchemaForm):
    """More samples that an incident concerns."""

    schema = AddedIn

    codes = TextAreaField(T("Tubes"), description=_EACH_TUBE)
    with_children = BooleanField(
        T("And everything that was made of them"),
        description=T("Aliquots and derivatives share what happened to their tube before."),
        default=True,
    )


class IncidentForm(AddedForm):
    """What went wrong, and with which samples."""

    schema = IncidentIn

    kind = RadioField(T("What went wrong"), choices=terms_of(Vocabulary.INCIDENT_KIND))
    account = TextAreaField(T("What happened"), description=_NAMELESS)
    noticed_at = StringField(
        T("Noticed"), description=T("Leave empty for now; otherwise such as 12/03/2026 08:30.")
    )


class VerdictForm(SchemaForm):
    """What becomes of samples."""

    schema = VerdictIn

    codes = TextAreaField(T("Tubes"), description=_EACH_TUBE)
    verdict = RadioField(T("Decision"), choices=options(Verdict))
    reason = TextAreaField(
        T("Reason, or the remark that stays with the tube"),
        description=T("It stays in the chain of custody."),
    )


class ClosingForm(SchemaForm):
    """Why it happened, and what is done about it."""

    schema = ClosingIn

    root_cause = TextAreaField(T("Why it happened"), description=_NAMELESS)
    corrective_action = TextAreaField(T("What is done so that it does not happen again"))
