"""Dossiers of participants: how they are asked for and answered, links, and what is opposed."""

from collections.abc import Mapping
from enum import StrEnum

from registry.kernel.messages import Labels, Message, T
from registry.vocab.consent import WithdrawalEffect, WithdrawalScope


class DossierAnswer(StrEnum):
    """How a participant who asked for the dossier got it."""

    HANDED_OVER = "handed_over"
    POST = "post"
    LINK = "link"


class LinkState(StrEnum):
    """Whether a link leads to the dossier, and why not."""

    WITHOUT_CODE = "without_code"
    OPEN = "open"
    EXPIRED = "expired"
    TRIED_TOO_OFTEN = "tried_too_often"
    REVOKED = "revoked"


class OppositionState(StrEnum):
    """How far the staff is with what a participant opposed from home; it holds from the start."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    ANSWERED = "answered"


class OppositionAct(StrEnum):
    """What the staff does about an opposition from home."""

    CONFIRM = "confirm"
    ANSWER = "answer"


#: The scopes of a withdrawal in words for the person whose it is, in the order of the page.
PLAIN_SCOPES: Mapping[WithdrawalScope, Message] = {
    WithdrawalScope.ALL: T("Everything: nothing of mine is used any more"),
    WithdrawalScope.USES: T("Only some kinds of use"),
    WithdrawalScope.ITEMS: T("Only some of the questions that I answered"),
    WithdrawalScope.PROJECTS: T("Only some of the projects"),
}

#: What can be asked for, in the same words.
PLAIN_EFFECTS: Mapping[WithdrawalEffect, Message] = {
    WithdrawalEffect.NO_CONTACT: T("Do not contact me any more"),
    WithdrawalEffect.STOP_COLLECTION: T("Take no further samples or data from me"),
    WithdrawalEffect.STOP_USE: T("Do not use what you have any more"),
    WithdrawalEffect.DESTROY_SAMPLES: T("Destroy my samples (once our staff has confirmed it)"),
    WithdrawalEffect.ERASE_DATA: T("Erase my identity (once our staff has confirmed it)"),
}

LABELS: Labels = {
    DossierAnswer: {
        DossierAnswer.HANDED_OVER: T("Handed over in person"),
        DossierAnswer.POST: T("Sent by post"),
        DossierAnswer.LINK: T("Read at home, by a link"),
    },
    LinkState: {
        LinkState.WITHOUT_CODE: T("No code yet"),
        LinkState.OPEN: T("Can be opened"),
        LinkState.EXPIRED: T("Run out"),
        LinkState.TRIED_TOO_OFTEN: T("Closed: too many wrong codes"),
        LinkState.REVOKED: T("Revoked"),
    },
    OppositionState: {
        OppositionState.WAITING: T("To be confirmed"),
        OppositionState.CONFIRMED: T("Confirmed"),
        OppositionState.ANSWERED: T("Answered otherwise"),
    },
    OppositionAct: {
        OppositionAct.CONFIRM: T("Confirm"),
        OppositionAct.ANSWER: T("Answer otherwise"),
    },
}
