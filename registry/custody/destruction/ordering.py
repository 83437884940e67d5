"""Ordering samples to be destroyed, many at once, and taking such an order back."""

from collections.abc import Sequence

import sqlalchemy as sa

from registry import audit
from registry.custody.destruction import policies
from registry.custody.destruction.models import DestructionOrder
from registry.custody.models import Holding
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.vocab.audit import AuditTag
from registry.vocab.custody import OrderAct, OrderStatus


def order(actor: Actor, holdings: Sequence[Holding], *, cause: str) -> int:
    """Order those of the samples to be destroyed that are not yet to be; gives how many.

    Their holdings are locked.
    """
    known = set(
        registry_session.scalars(
            sa.select(DestructionOrder.sample_id).where(
                DestructionOrder.sample_id.in_([one.sample_id for one in holdings]),
                DestructionOrder.status == OrderStatus.ORDERED,
            )
        )
    )
    wanted = [one for one in holdings if one.sample_id not in known]
    if not wanted:
        return 0
    now = clock.now()
    registry_session.execute(
        sa.insert(DestructionOrder),
        [
            {
                "sample_id": one.sample_id,
                "cause": cause,
                "status": OrderStatus.ORDERED,
                "ordered_at": now,
                "ordered_by_id": actor.id,
                "version": 1,
            }
            for one in wanted
        ],
    )
    for one in wanted:
        audit.record(actor, AuditTag.DESTRUCTION_ORDERED, one.sample, cause=cause)
    return len(wanted)


def locked(sample_id: int) -> DestructionOrder | None:
    """The open order of a sample, kept from other writers."""
    return registry_session.scalar(
        sa.select(DestructionOrder)
        .where(
            DestructionOrder.sample_id == sample_id,
            DestructionOrder.status == OrderStatus.ORDERED,
        )
        .with_for_update(of=DestructionOrder)
        .execution_options(populate_existing=True)
    )


def cancel(actor: Actor, holding: Holding, *, reason: str) -> None:
    """Take the order of a sample back if there is one; its holding is locked."""
    found = locked(holding.sample_id)
    if found is None:
        return
    policies.move(found, OrderAct.CANCEL, clock.now())
    found.reason = reason
    audit.record(
        actor, AuditTag.DESTRUCTION_CANCELLED, holding.sample, reason=reason, cause=found.cause
    )
