"""What can happen to a print job, and when."""

from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.vocab.labels import label
from registry.vocab.printing import PrintAct, PrintState

#: From which state an act leads to which.
TRANSITIONS: dict[tuple[PrintState, PrintAct], PrintState] = {
    (PrintState.WAITING, PrintAct.TAKE): PrintState.SENDING,
    (PrintState.SENDING, PrintAct.DELIVER): PrintState.SENT,
    (PrintState.SENDING, PrintAct.BREAK_OFF): PrintState.FAILED,
    (PrintState.FAILED, PrintAct.RETRY): PrintState.WAITING,
}


def after(state: PrintState, act: PrintAct) -> PrintState:
    """The state to which the act leads.

    :raises RuleBroken: it cannot happen now.
    """
    found = TRANSITIONS.get((state, act))
    if found is None:
        raise RuleBroken(
            T("These labels are in the state “{state}”. Nothing was changed.", state=label(state))
        )
    return found
