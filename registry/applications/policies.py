"""When an application may go from where to where, and what each purpose needs.

Who may act is in ``access``; ``docs/states/applications.md`` is drawn from the
table below.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from registry.access import Permission
from registry.applications.models import Application
from registry.consents.decision import Study
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import Message, T
from registry.vocab import limits
from registry.vocab.applications import Act, Party, Purpose, State
from registry.vocab.labels import label
from registry.vocab.research import COUNTRIES, DuoTerm, ResearchCategory


@dataclass(frozen=True)
class Transition:
    """Where an act leads and as whom it is done."""

    to: State
    by: Party


_SUBMIT = Transition(State.SUBMITTED, Party.REQUESTER)
_APPROVE = Transition(State.APPROVED, Party.DATA_MANAGER)
_REFUSE = Transition(State.REFUSED, Party.DATA_MANAGER)
_WITHDRAW = Transition(State.WITHDRAWN, Party.REQUESTER)
_PRODUCE = Transition(State.PRODUCED, Party.DATA_MANAGER)
_DELIVER = Transition(State.DELIVERED, Party.REQUESTER)
_RECALL = Transition(State.APPROVED, Party.REGISTRY)

#: Every transition there is; what is not here cannot happen.
TRANSITIONS: dict[State, dict[Act, Transition]] = {
    State.DRAFT: {Act.SUBMIT: _SUBMIT, Act.WITHDRAW: _WITHDRAW},
    State.SUBMITTED: {Act.APPROVE: _APPROVE, Act.REFUSE: _REFUSE, Act.WITHDRAW: _WITHDRAW},
    State.APPROVED: {Act.PRODUCE: _PRODUCE, Act.WITHDRAW: _WITHDRAW},
    State.PRODUCED: {Act.DELIVER: _DELIVER, Act.RECALL: _RECALL, Act.WITHDRAW: _WITHDRAW},
    # A renewed extract has the same pseudonyms, so that it can be joined to the first.
    State.DELIVERED: {Act.PRODUCE: _PRODUCE, Act.RECALL: _RECALL},
    State.REFUSED: {},
    State.WITHDRAWN: {},
}

#: The leave that each act needs.
PERMISSIONS: dict[Act, Permission] = {
    Act.SUBMIT: Permission.APPLICATION_MAKE,
    Act.WITHDRAW: Permission.APPLICATION_MAKE,
    Act.APPROVE: Permission.APPLICATION_DECIDE,
    Act.REFUSE: Permission.APPLICATION_DECIDE,
    Act.PRODUCE: Permission.EXTRACT_PRODUCE,
    Act.DELIVER: Permission.EXTRACT_DOWNLOAD,
    # The registry recalls with the withdrawal, and when the requester comes for an extract that
    # may no longer leave.
    Act.RECALL: Permission.EXTRACT_DOWNLOAD,
}


def study(application: Application) -> Study:
    """What the request asks for, as far as a consent can bear on it."""
    return Study(
        category=application.category,
        diseases=frozenset(application.diseases),
        recipient=application.recipient_kind,
        institution=application.recipient,
        country=application.country,
        commercial=application.purpose is Purpose.COMMERCIAL,
        genetics=application.purpose is Purpose.GENETIC,
        linkage=application.links_data,
        project=application.number,
        ends_on=application.ends_on,
        ethics_approved=bool(application.ethics_reference),
    )


_INSTEAD: dict[Act, Message] = {
    Act.SUBMIT: T("it has been sent already, or is closed."),
    Act.APPROVE: T("it is not awaiting a decision."),
    Act.REFUSE: T("it is not awaiting a decision."),
    Act.WITHDRAW: T("there is nothing left to withdraw."),
    Act.PRODUCE: T(
        "an extract is made of an approved request, and renewed once it was downloaded."
    ),
    Act.DELIVER: T("no extract is waiting to be downloaded."),
    Act.RECALL: T("no extract is waiting to be downloaded."),
}


def can(application: Application, act: Act) -> bool:
    """Whether the request is in a state from which `act` leads on."""
    return act in TRANSITIONS[application.state]


def check_can(application: Application, act: Act) -> Transition:
    """The transition that `act` makes from where the request stands.

    :raises RuleBroken: there is none.
    """
    found = TRANSITIONS[application.state].get(act)
    if found is None:
        raise RuleBroken(
            T(
                "This cannot be done to request {number} ({state}): {why}",
                number=application.number,
                state=label(application.state),
                why=_INSTEAD[act],
            )
        )
    return found


def check_accepts(asked: Collection[DuoTerm], *, accepts: bool) -> None:
    """Refuse to send a request whose conditions the requester has not accepted.

    :raises InvalidInput: there are conditions, and they were not accepted.
    """
    if asked and not accepts:
        raise InvalidInput(
            T("Accept the conditions that the participants set, or do not send the request."),
            field="accepts",
        )


def check_reason(reason: str | None) -> str:
    """The reason of a refusal, which the requester will read.

    :raises InvalidInput: there is none.
    """
    given = (reason or "").strip()
    if len(given) < limits.REASON_MIN:
        raise InvalidInput(T("Give the reason: the requester will read it."), field="reason")
    return given


def check_study(
    category: ResearchCategory, diseases: Collection[str], country: str, ends_on: date | None
) -> None:
    """Refuse a project that says too little for a consent to be asked about it.

    :raises InvalidInput: no disease is named where diseases are studied, or one where none is,
        there is no such country, or the project has ended.
    """
    if category is ResearchCategory.DISEASE and not diseases:
        raise InvalidInput(
            T("Name the diseases that are studied, by their codes."), field="diseases"
        )
    if category is not ResearchCategory.DISEASE and diseases:
        raise InvalidInput(
            T("Choose “Research on named diseases”, or leave the diseases out."), field="diseases"
        )
    if country not in COUNTRIES:
        raise InvalidInput(T("Choose a country from the list."), field="country")
    if ends_on is not None and ends_on < clock.today():
        raise InvalidInput(T("The project has ended on that day already."), field="ends_on")
