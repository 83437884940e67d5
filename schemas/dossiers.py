"""Shapes of asking for a dossier, of links to it, and of opposing from home."""

from registry.vocab import limits
from registry.vocab.consent import Channel, Language, Use, WithdrawalEffect, WithdrawalScope
from registry.vocab.dossiers import DossierAnswer, OppositionAct
from schemas.base import Shape
from schemas.dates import FrenchDate
from schemas.fields import Choice, Several, TrimmedText, WholeNumber

_TYPED_MAX = 40


class DossierRequestIn(Shape):
    """A participant asked for the dossier."""

    asked_on = FrenchDate(required=True)
    channel = Choice(Channel, required=True)


class DossierAnswerIn(Shape):
    """The participant got it."""

    answered_on = FrenchDate(required=True)
    how = Choice(DossierAnswer, required=True)


class LinkIn(Shape):
    """How long a link lasts."""

    days = WholeNumber(required=True, minimum=1, maximum=limits.LINK_DAYS_MAX)


class LetterIn(Shape):
    """In which language a letter about a link is written; with the address, for its letter."""

    language = Choice(Language, required=True)
    token = TrimmedText(longest=_TYPED_MAX)


class RevokeIn(Shape):
    """Nothing more than the button."""


class CodeIn(Shape):
    """The code that came by another way."""

    code = TrimmedText(required=True, longest=_TYPED_MAX)


class OppositionIn(Shape):
    """What a participant opposes from home."""

    scope = Choice(WithdrawalScope, required=True)
    uses = Several(Choice(Use))
    items = Several(TrimmedText(longest=limits.CODE_MAX))
    projects = Several(TrimmedText(longest=limits.CODE_MAX))
    effects = Several(Choice(WithdrawalEffect))
    reason = TrimmedText(longest=limits.REASON_MAX, lines=True)


class HandlingIn(Shape):
    """What the staff does about an opposition."""

    act = Choice(OppositionAct, required=True)
    answer = TrimmedText(shortest=limits.REASON_MIN, longest=limits.REASON_MAX, lines=True)
