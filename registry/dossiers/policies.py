"""Until when a dossier is owed, when a link opens, and what may be done about an opposition."""

from datetime import date

from registry.accounts.links import state_of
from registry.dossiers.models import DossierLink, DossierRequest, Opposition
from registry.kernel import clock
from registry.kernel.days import months_later
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.dossiers import LinkState, OppositionAct, OppositionState

#: Every transition of an opposition there is; ``docs/states/oppositions.md`` is drawn from it.
TRANSITIONS: dict[OppositionState, dict[OppositionAct, OppositionState]] = {
    OppositionState.WAITING: {
        OppositionAct.CONFIRM: OppositionState.CONFIRMED,
        OppositionAct.ANSWER: OppositionState.ANSWERED,
    },
    OppositionState.CONFIRMED: {},
    OppositionState.ANSWERED: {},
}


def due_on(asked_on: date) -> date:
    """The last day to answer a request made that day (GDPR art. 12(3): one month)."""
    return months_later(asked_on, limits.DOSSIER_DUE_MONTHS)


def check_asked(asked_on: date) -> None:
    """A request has been made.

    :raises InvalidInput: its day is to come.
    """
    if asked_on > clock.today():
        raise InvalidInput(T("This day is still to come. Correct the date."), field="asked_on")


def check_answered(request: DossierRequest, answered_on: date) -> None:
    """A request is answered once, on a day that has come, and not before it was made.

    :raises RuleBroken: it was answered before.
    :raises InvalidInput: the day cannot be.
    """
    if request.answered_on is not None:
        raise RuleBroken(T("This request was answered already."))
    if not request.asked_on <= answered_on <= clock.today():
        raise InvalidInput(
            T("The answer lies between the request and today. Correct the date."),
            field="answered_on",
        )


def check_takes_code(link: DossierLink) -> None:
    """A link gets one code, while it can still be opened.

    :raises RuleBroken: it has one, or is over.
    """
    if state_of(link) is not LinkState.WITHOUT_CODE:
        raise RuleBroken(
            T(
                "The code of this link was shown before, or the link is over. If the code was "
                "lost, revoke the link and make another."
            )
        )


def next_state(opposition: Opposition, act: OppositionAct) -> OppositionState:
    """Where an act leads.

    :raises RuleBroken: it was dealt with before.
    """
    following = TRANSITIONS[opposition.state].get(act)
    if following is None:
        raise RuleBroken(T("Somebody has dealt with this already."))
    return following
