"""Writing requests, sending them and deciding them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.applications import criteria as rules, policies
from registry.applications.criteria import Criteria
from registry.applications.models import (
    Application,
    ApplicationCounter,
    ApplicationPledge,
    ApplicationStep,
)
from registry.applications.queries import conditions, get
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, Stale
from registry.kernel.messages import T
from registry.participants.models import Cohort
from registry.persistence import lock_row, registry_session, transactional
from registry.persistence.unit_of_work import advisory_lock
from registry.vocab.applications import NEEDS, Act, Purpose, State, Variable
from registry.vocab.audit import AuditTag
from registry.vocab.labels import label
from registry.vocab.research import EU_AND_EEA, RecipientKind, ResearchCategory

_TAGS: dict[Act, AuditTag] = {
    Act.SUBMIT: AuditTag.APPLICATION_SUBMITTED,
    Act.APPROVE: AuditTag.APPLICATION_APPROVED,
    Act.REFUSE: AuditTag.APPLICATION_REFUSED,
    Act.WITHDRAW: AuditTag.APPLICATION_WITHDRAWN,
    Act.PRODUCE: AuditTag.EXTRACT_PRODUCED,
    Act.DELIVER: AuditTag.EXTRACT_DOWNLOADED,
    Act.RECALL: AuditTag.EXTRACT_RECALLED,
}


@dataclass(frozen=True)
class Content:
    """What a request asks for, and for what."""

    title: str
    purpose: Purpose
    justification: str
    recipient: str
    variables: Sequence[Variable]
    criteria: Criteria
    recipient_kind: RecipientKind = RecipientKind.PUBLIC
    #: Of the recipient, ISO 3166-1 alpha-2.
    country: str = "FR"
    category: ResearchCategory = ResearchCategory.HEALTH
    #: The codes of the diseases that are studied, when the category is of named diseases.
    diseases: Sequence[str] = ()
    #: Whether the data are linked with others about the same people.
    links_data: bool = False
    #: The last day on which the project uses what it received.
    ends_on: date | None = None
    #: The ethics committee's approval, by the committee's reference.
    ethics_reference: str | None = None


@transactional
def write(actor: Actor, content: Content) -> Application:
    """Write a new request: a draft, until it is sent.

    :raises NotPermitted: the actor makes no requests.
    :raises InvalidInput: no variable is asked for, one without which another is not read is
        missing, or the criteria cannot be met.
    """
    require(actor, Permission.APPLICATION_MAKE)
    application = Application(
        number=_next_number(),
        requester_id=actor.id,
        state=State.DRAFT,
        written_at=clock.now(),
    )
    _fill(application, content)
    registry_session.add(application)
    registry_session.flush()
    audit.record(actor, AuditTag.APPLICATION_WRITTEN, application, purpose=content.purpose)
    return application


@transactional
def revise(actor: Actor, number: str, content: Content, *, version: int) -> Application:
    """Change a draft.

    :raises NotFound: it is not the actor's.
    :raises RuleBroken: it has been sent.
    :raises Stale: it is no longer the `version` that the actor has seen.
    :raises InvalidInput: no variable is asked for, one without which another is not read is
        missing, or the criteria cannot be met.
    """
    application = _locked(actor, number)
    require(actor, Permission.APPLICATION_MAKE, application)
    policies.check_can(application, Act.SUBMIT)
    if application.version != version:
        raise Stale(T("This draft was changed in the meantime. Look at it again, then retry."))
    _fill(application, content)
    audit.record(actor, AuditTag.APPLICATION_CHANGED, application, purpose=content.purpose)
    return application


@transactional
def submit(actor: Actor, number: str, *, accepts: bool = False) -> Application:
    """Send one's draft to those who decide, accepting what consents ask in return.

    :raises InvalidInput: consents ask something in return, and the actor does not accept it.
    """
    asked = conditions()
    policies.check_accepts(asked, accepts=accepts)
    application = move(actor, number, Act.SUBMIT, accepted=[term.value for term in asked])
    application.submitted_at = clock.now()
    registry_session.add_all(
        ApplicationPledge(application_id=application.id, term=term) for term in asked
    )
    return application


@transactional
def withdraw(actor: Actor, number: str, *, reason: str | None = None) -> Application:
    """Take one's request back, at any time before its extract was downloaded."""
    return move(actor, number, Act.WITHDRAW, reason=reason)


@transactional
def approve(actor: Actor, number: str, *, reason: str | None = None) -> Application:
    """Approve somebody else's request; `reason` may name conditions.

    :raises NotPermitted: the actor decides no requests, or made this one.
    """
    return _decide(actor, number, Act.APPROVE, reason)


@transactional
def refuse(actor: Actor, number: str, *, reason: str) -> Application:
    """Refuse somebody else's request, for a reason that the requester reads.

    :raises InvalidInput: there is no reason.
    :raises NotPermitted: the actor decides no requests, or made this one.
    """
    return _decide(actor, number, Act.REFUSE, policies.check_reason(reason))


@transactional
def move(
    actor: Actor, number: str, act: Act, *, reason: str | None = None, **details: Any
) -> Application:
    """Do `act` to the request: the one place where its state changes and the step is kept.

    `details` go into the record.

    :raises NotFound: the actor may not follow the request.
    :raises NotPermitted: the actor may not do this to it.
    :raises RuleBroken: `act` leads nowhere from where it stands.
    """
    application = _locked(actor, number)
    require(actor, policies.PERMISSIONS[act], application)
    return _take(actor, application, act, reason, details)


def recall(actor: Actor, application: Application, **details: Any) -> Application:
    """Take an extract back because a consent no longer allows it, whoever recorded that.

    In the transaction that records it, which asked for the leave to; the
    request's row is locked, after the participant's, as wherever both are.

    :raises RuleBroken: no extract of the request waits to be downloaded.
    """
    return _take(actor, application, Act.RECALL, None, details)


def _take(
    actor: Actor,
    application: Application,
    act: Act,
    reason: str | None,
    details: Mapping[str, Any],
) -> Application:
    """Take the step from where the request, whose row is locked, stands."""
    transition = policies.check_can(application, act)
    registry_session.add(
        ApplicationStep(
            application_id=application.id,
            act=act,
            from_state=application.state,
            to_state=transition.to,
            actor_id=actor.id,
            happened_at=clock.now(),
            reason=reason,
        )
    )
    application.state = transition.to
    audit.record(actor, _TAGS[act], application, reason=reason, **details)
    return application


@transactional
def deliver(actor: Actor, number: str, **details: Any) -> Application:
    """Note that the requester took the extract: a step the first time, recorded each time."""
    application = _locked(actor, number)
    require(actor, Permission.EXTRACT_DOWNLOAD, application)
    if application.state is not State.DELIVERED:
        return move(actor, number, Act.DELIVER, **details)
    audit.record(actor, _TAGS[Act.DELIVER], application, **details)
    return application


def _decide(actor: Actor, number: str, act: Act, reason: str | None) -> Application:
    application = _locked(actor, number)
    require(actor, Permission.APPLICATION_DECIDE, application)
    policies.check_can(application, act)
    application.decided_by_id = actor.id
    application.decided_at = clock.now()
    application.decision_reason = reason
    return move(actor, number, act, reason=reason)


def _locked(actor: Actor, number: str) -> Application:
    return lock_row(Application, get(actor, number).id)


def _check_variables(variables: Collection[Variable]) -> None:
    if not variables:
        raise InvalidInput(T("Choose at least one variable."), field="variables")
    for variable, needed in NEEDS.items():
        if variable in variables and needed not in variables:
            raise InvalidInput(
                T(
                    "“{variable}” is read with “{needed}”: choose both.",
                    variable=label(variable),
                    needed=label(needed),
                ),
                field="variables",
            )


def _fill(application: Application, content: Content) -> None:
    _check_variables(content.variables)
    rules.check(content.criteria, cohorts=registry_session.scalars(sa.select(Cohort.code)).all())
    policies.check_study(content.category, content.diseases, content.country, content.ends_on)
    application.title = content.title
    application.purpose = content.purpose
    application.justification = content.justification
    application.recipient = content.recipient
    application.recipient_kind = content.recipient_kind
    application.country = content.country
    application.outside_eu = content.country not in EU_AND_EEA
    application.category = content.category
    application.asked_diseases = sorted(set(content.diseases)) or None
    application.links_data = content.links_data
    application.ends_on = content.ends_on
    application.ethics_reference = content.ethics_reference
    application.asked_variables = sorted({variable.value for variable in content.variables})
    application.asked_criteria = content.criteria.to_json()


def _next_number() -> str:
    """The next number of the year; two requests at once get two."""
    year = clock.today().year
    advisory_lock("application-number")
    counter = registry_session.get(ApplicationCounter, year)
    if counter is None:
        counter = ApplicationCounter(year=year, last=0)
        registry_session.add(counter)
    counter.last += 1
    return f"D-{year}-{counter.last:04d}"
