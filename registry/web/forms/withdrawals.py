"""Forms of recording a withdrawal, of following it up, and of what becomes of samples."""

from collections.abc import Mapping
from typing import Any

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectMultipleField
from wtforms.widgets import CheckboxInput

from registry.consents.withdrawals.policies import SAYS
from registry.kernel import clock
from registry.kernel.messages import T
from registry.vocab.consent import (
    Channel,
    Language,
    Use,
    WithdrawalEffect,
    WithdrawalScope,
)
from registry.vocab.custody import DestructionMethod
from registry.web.forms.base import SchemaForm
from registry.web.forms.choices import options, rows
from registry.web.forms.second_person import SecondPersonFields
from schemas.withdrawals import (
    DestroyIn,
    LetterSentIn,
    NoticeAnswerIn,
    NoticeSentIn,
    ReleaseIn,
    WithdrawalIn,
)

_DAY = T("Day/month/year, such as 12/03/2026.")
_EACH_TUBE = T("Scan each tube: one code on each line.")


def _today() -> str:
    return clock.today().strftime("%d/%m/%Y")


class WithdrawalForm(SchemaForm):
    """What a participant takes back, and what they ask to be done."""

    schema = WithdrawalIn

    scope = RadioField(T("What is withdrawn?"), choices=options(WithdrawalScope))
    uses = SelectMultipleField(
        T("Which uses?"), choices=options(Use), option_widget=CheckboxInput()
    )
    items = SelectMultipleField(T("Which questions?"), option_widget=CheckboxInput())
    projects = StringField(
        T("Which projects?"),
        description=T("Numbers of requests, such as D-2026-0001, separated by commas."),
    )
    effects = SelectMultipleField(
        T("What else is asked for?"),
        choices=options(WithdrawalEffect),
        option_widget=CheckboxInput(),
    )
    said_by = SelectField(T("Who said it?"), choices=options(SAYS))
    effective_on = StringField(T("From"), description=_DAY, default=_today)
    channel = SelectField(T("How it reached you"), choices=options(Channel))
    reason = TextAreaField(
        T("In the participant’s words"),
        description=T("Nobody has to give a reason. Write no name and no number of the person."),
    )

    def __init__(self, questions: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.items.choices = rows(questions.items())


class NoticeSentForm(SchemaForm):
    """When a notice went out."""

    schema = NoticeSentIn

    sent_on = StringField(T("Sent on"), description=_DAY, default=_today)


class NoticeAnswerForm(SchemaForm):
    """What a recipient answered."""

    schema = NoticeAnswerIn

    acknowledged_on = StringField(T("Answered on"), description=_DAY, default=_today)
    answer = TextAreaField(
        T("What was answered"),
        description=T("Such as: extract deleted, 3 tubes destroyed, results published before."),
    )


class LetterSentForm(SchemaForm):
    """When the participant got the letter."""

    schema = LetterSentIn

    language = SelectField(T("Language of the letter"), choices=options(Language))
    sent_on = StringField(T("Sent or handed over on"), description=_DAY, default=_today)


class ReleaseForm(SchemaForm):
    """Samples that may be used again."""

    schema = ReleaseIn

    codes = TextAreaField(T("Tubes"), description=_EACH_TUBE)
    reason = TextAreaField(
        T("Reason"), description=T("Such as the new consent and its date. It stays in the chain.")
    )


class DestroyForm(SecondPersonFields, SchemaForm):
    """Samples that are destroyed, and the colleague who watches."""

    schema = DestroyIn

    codes = TextAreaField(T("Tubes"), description=_EACH_TUBE)
    method = RadioField(T("Method"), choices=options(DestructionMethod))
    at = StringField(
        T("When"), description=T("Leave empty for now; otherwise such as 12/03/2026 08:30.")
    )
