"""Reading requests: one's own; everybody's for those who decide or oversee."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from registry.access import Permission, allows, require
from registry.applications.models import Application
from registry.consents.templates.models import ConsentItem, ConsentItemTerm, ConsentTemplate
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.persistence import registry_session
from registry.vocab import limits
from registry.vocab.applications import State
from registry.vocab.consent import TemplateStatus
from registry.vocab.people import Role
from registry.vocab.research import OBLIGATIONS, DuoTerm


def sees_others(actor: Actor) -> bool:
    """Whether the actor follows the requests of others: those who decide or oversee."""
    return actor.is_operator or actor.holds(Role.DATA_MANAGER) or actor.holds(Role.DPO)


def _readable(actor: Actor) -> sa.ColumnElement[bool]:
    """The requests that the actor may follow; what another never sent is nobody's business."""
    own = Application.requester_id == actor.id
    return sa.or_(own, Application.submitted_at.is_not(None)) if sees_others(actor) else own


def get(actor: Actor, number: str) -> Application:
    """The request of this number.

    :raises NotFound: there is none that the actor may follow.
    """
    require(actor, Permission.APPLICATION_READ)
    application = registry_session.scalar(
        sa.select(Application).where(Application.number == number, _readable(actor))
    )
    if application is None or not allows(actor, Permission.APPLICATION_READ, application):
        raise NotFound(
            T("There is no request {number} among those that you may follow.", number=number)
        )
    return application


def conditions() -> Sequence[DuoTerm]:
    """What the forms in use, or once in use, ask of whoever uses the data."""
    found = set(
        registry_session.scalars(
            sa.select(ConsentItemTerm.term)
            .join(ConsentItem)
            .join(ConsentTemplate)
            .where(
                ConsentTemplate.status != TemplateStatus.DRAFT,
                ConsentItemTerm.term.in_(OBLIGATIONS),
            )
            .distinct()
        )
    )
    return [term for term in DuoTerm if term in found]


def page(
    actor: Actor, *, state: State | None = None, before: int | None = None
) -> Sequence[Application]:
    """One page of the requests that the actor may follow, newest first.

    `before` is the id after which the page goes on; `state` keeps only requests in it.
    """
    require(actor, Permission.APPLICATION_READ)
    query = (
        sa.select(Application)
        .where(_readable(actor))
        .options(joinedload(Application.requester))
        .order_by(Application.id.desc())
        .limit(limits.PAGE_ROWS)
    )
    if state is not None:
        query = query.where(Application.state == state)
    if before is not None:
        query = query.where(Application.id < before)
    return registry_session.scalars(query).all()


def numbers_by_state(actor: Actor) -> Mapping[State, int]:
    """How many of the requests that the actor may follow stand where, in the states' order."""
    require(actor, Permission.APPLICATION_READ)
    rows = registry_session.execute(
        sa.select(Application.state, sa.func.count().label("number"))
        .where(_readable(actor))
        .group_by(Application.state)
    )
    found = {row.state: row.number for row in rows}
    return {state: found[state] for state in State if state in found}


def own_newest(actor: Actor) -> Sequence[Application]:
    """The actor's own newest requests, those taken back left out: what a first page shows."""
    require(actor, Permission.APPLICATION_READ)
    return registry_session.scalars(
        sa.select(Application)
        .where(Application.requester_id == actor.id, Application.state != State.WITHDRAWN)
        .options(joinedload(Application.requester))
        .order_by(Application.id.desc())
        .limit(limits.FIRST_PAGE_ROWS)
    ).all()


def waiting_for(actor: Actor) -> Sequence[Application]:
    """The requests that the actor could decide or have produced, the oldest first."""
    require(actor, Permission.APPLICATION_EXAMINE)
    return registry_session.scalars(
        sa.select(Application)
        .where(
            Application.state.in_((State.SUBMITTED, State.APPROVED)),
            Application.requester_id != actor.id,
        )
        .options(joinedload(Application.requester))
        .order_by(Application.submitted_at)
        .limit(limits.FIRST_PAGE_ROWS)
    ).all()
