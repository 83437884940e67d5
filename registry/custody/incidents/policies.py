"""What may be done to an incident, and by whom."""

from collections.abc import Mapping

from registry.custody.incidents.models import Incident
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import Message, T
from registry.vocab.incidents import IncidentAct, IncidentState

#: From which state each act is possible, and to which it can lead.
TRANSITIONS: Mapping[tuple[IncidentState, IncidentAct], frozenset[IncidentState]] = {
    (IncidentState.OPEN, IncidentAct.ADD): frozenset({IncidentState.OPEN}),
    (IncidentState.DECIDED, IncidentAct.ADD): frozenset({IncidentState.OPEN}),
    (IncidentState.OPEN, IncidentAct.DECIDE): frozenset(
        {IncidentState.OPEN, IncidentState.DECIDED}
    ),
    (IncidentState.DECIDED, IncidentAct.CLOSE): frozenset({IncidentState.CLOSED}),
}

_REFUSALS: Mapping[IncidentState, Message] = {
    IncidentState.OPEN: T("Some samples of {code} are not decided yet: decide them first."),
    IncidentState.DECIDED: T("Every sample of {code} is decided already."),
    IncidentState.CLOSED: T("The incident {code} is closed: report a new one."),
}


def state_of(incident: Incident, undecided: int) -> IncidentState:
    """How far an incident has come of which so many samples are undecided."""
    if incident.closed_at is not None:
        return IncidentState.CLOSED
    return IncidentState.OPEN if undecided else IncidentState.DECIDED


def check_possible(act: IncidentAct, incident: Incident, undecided: int) -> None:
    """Refuse what the incident's state does not allow.

    :raises RuleBroken: the sentence says how far it is.
    """
    state = state_of(incident, undecided)
    if (state, act) not in TRANSITIONS:
        raise RuleBroken(Message(_REFUSALS[state].msgid, {"code": incident.code}))


def check_is_another(actor: Actor, incident: Incident) -> None:
    """Refuse that somebody judges the incident that they reported themselves.

    :raises RuleBroken: see above.
    """
    if actor.id is not None and actor.id == incident.opened_by_id:
        raise RuleBroken(T("Whoever reported an incident does not decide it: ask a colleague."))
