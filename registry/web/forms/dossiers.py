"""Forms about dossiers: for the staff, and for participants at home."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice, SelectMultipleField
from wtforms.widgets import CheckboxInput

from registry.dossiers.queries import Opposable
from registry.kernel import clock
from registry.kernel.messages import Message, T
from registry.vocab import limits
from registry.vocab.consent import Channel, Language, Use, WithdrawalScope
from registry.vocab.dossiers import PLAIN_EFFECTS, PLAIN_SCOPES, DossierAnswer, OppositionAct
from registry.web.forms.base import SchemaForm
from registry.web.forms.choices import options, rows
from registry.web.language import translate
from schemas.dossiers import (
    CodeIn,
    DossierAnswerIn,
    DossierRequestIn,
    HandlingIn,
    LetterIn,
    LinkIn,
    OppositionIn,
    RevokeIn,
)

_DAY = T("Day/month/year, such as 12/03/2026.")


E = TypeVar("E", bound=StrEnum)


def _today() -> str:
    return clock.today().strftime("%d/%m/%Y")


def _plain(words: Mapping[E, Message]) -> Callable[[], list[SelectChoice]]:
    """Choices in words for participants."""
    return lambda: [SelectChoice(one.value, translate(words[one])) for one in words]


class DossierRequestForm(SchemaForm):
    """When and how a participant asked for the dossier."""

    schema = DossierRequestIn

    asked_on = StringField(T("Asked on"), description=_DAY, default=_today)
    channel = SelectField(T("How it reached you"), choices=options(Channel))


class DossierAnswerForm(SchemaForm):
    """When and how the participant got it."""

    schema = DossierAnswerIn

    answered_on = StringField(T("Answered on"), description=_DAY, default=_today)
    how = RadioField(T("How did the participant get it?"), choices=options(DossierAnswer))


class LinkForm(SchemaForm):
    """How long a link lasts."""

    schema = LinkIn

    days = IntegerField(
        T("For how many days?"),
        description=T("At most {most}.", most=limits.LINK_DAYS_MAX),
        default=limits.LINK_DAYS,
    )


class LetterForm(SchemaForm):
    """The language of a letter; the address goes with it, and is kept nowhere."""

    schema = LetterIn

    language = SelectField(T("Language of the letter"), choices=options(Language))
    token = HiddenField()


class RevokeForm(SchemaForm):
    """A button that ends a link."""

    schema = RevokeIn


class CodeForm(SchemaForm):
    """The code that came by another way."""

    schema = CodeIn

    code = StringField(
        T("Your code"),
        description=T("{count} digits, in the other letter.", count=limits.LINK_CODE_DIGITS),
    )


class OppositionForm(SchemaForm):
    """What a participant opposes, in plain words."""

    schema = OppositionIn

    scope = RadioField(T("What do you oppose?"), choices=_plain(PLAIN_SCOPES))
    uses = SelectMultipleField(
        T("Which kinds of use?"), choices=options(Use), option_widget=CheckboxInput()
    )
    items = SelectMultipleField(T("Which questions?"), option_widget=CheckboxInput())
    projects = SelectMultipleField(T("Which projects?"), option_widget=CheckboxInput())
    effects = SelectMultipleField(
        T("What else shall we do?"),
        choices=_plain(PLAIN_EFFECTS),
        option_widget=CheckboxInput(),
    )
    reason = TextAreaField(
        T("Is there something that you want to tell us?"),
        description=T("You owe nobody a reason. Please write no name here."),
    )

    def __init__(self, known: Opposable) -> None:
        super().__init__()
        self.items.choices = rows(known.items.items())
        self.projects.choices = rows(known.projects.items())

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked; boxes ticked under another answer than the one chosen do not count."""
        about = {
            WithdrawalScope.USES: "uses",
            WithdrawalScope.ITEMS: "items",
            WithdrawalScope.PROJECTS: "projects",
        }
        kept = about.get(self.cleaned["scope"])
        return {
            name: () if value is None or (name in about.values() and name != kept) else value
            for name, value in self.cleaned.items()
            if name != "reason"
        } | {"reason": self.cleaned["reason"]}


class HandlingForm(SchemaForm):
    """Confirm an opposition, or answer it otherwise."""

    schema = HandlingIn

    act = RadioField(T("What do you do?"), choices=options(OppositionAct))
    answer = TextAreaField(
        T("Answer to the participant"),
        description=T(
            "The participant reads it in the dossier. Write no name and no number of the person. "
            "Needed if you answer otherwise."
        ),
    )
