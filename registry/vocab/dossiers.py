"""Dossiers of participants: how they are asked for and answered, links, and what is opposed."""

from enum import StrEnum

from registry.kernel.messages import Labels, T


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


LABELS: Labels = {
    DossierAnswer: {
        DossierAnswer.HANDED_OVER: T("Handed over in person"),
        DossierAnswer.POST: T("Sent by post"),
        DossierAnswer.LINK: T("Read at home, by a link"),
    },
    LinkState: {
        LinkState.WITHOUT_CODE: T("No code yet"),
        LinkState.OPEN: T("Open"),
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
