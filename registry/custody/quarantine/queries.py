"""Reading which samples are in quarantine or must be destroyed, within the actor's sites."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from registry.custody.destruction.models import DestructionOrder
from registry.custody.listing import lines, paged, read
from registry.custody.quarantine.models import Quarantine
from registry.custody.views import Barred, Listed, Page
from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.samples import queries as samples
from registry.samples.models import Sample
from registry.vocab.custody import WorkList

_ORDERED = (DestructionOrder.sample_id == Sample.id) & DestructionOrder.closed_at.is_(None)
_INSIDE = (Quarantine.sample_id == Sample.id) & Quarantine.closed_at.is_(None)


def page(actor: Actor, *, after: str | None = None) -> Page:
    """The samples in quarantine, the longest there first."""
    return _after(actor, lines().join(Quarantine, _INSIDE), Quarantine, after)


def to_destroy(actor: Actor, *, after: str | None = None) -> Page:
    """The samples that must be destroyed, the longest waiting first."""
    return _after(actor, lines().join(DestructionOrder, _ORDERED), DestructionOrder, after)


def _after(
    actor: Actor,
    query: sa.Select[*tuple[Any, ...]],
    by: type[Quarantine] | type[DestructionOrder],
    after: str | None,
) -> Page:
    query = samples.visible(actor, query).order_by(by.id)
    if after is not None:
        last = sa.select(sa.func.max(by.id)).where(by.sample_id == samples.get(actor, after).id)
        query = query.where(by.id > last.scalar_subquery())
    return paged(query)


def counts(actor: Actor) -> Mapping[WorkList, int]:
    """How many samples of the actor's sites are in quarantine, and how many must be destroyed."""
    return {
        kind: registry_session.scalars(
            samples.visible(
                actor, sa.select(sa.func.count()).select_from(Sample).join(model, joined)
            )
        ).one()
        for kind, model, joined in (
            (WorkList.QUARANTINE, Quarantine, _INSIDE),
            (WorkList.TO_DESTROY, DestructionOrder, _ORDERED),
        )
    }


def of_cause(actor: Actor, cause: str) -> Sequence[Listed]:
    """The samples that are still in quarantine for this cause."""
    query = lines().join(Quarantine, _INSIDE).where(Quarantine.cause == cause)
    return read(samples.visible(actor, query).order_by(Sample.id))


def total_of_cause(cause: str) -> int:
    """How many samples were put in quarantine for this cause, whoever sees them."""
    return registry_session.scalars(
        sa.select(sa.func.count()).where(Quarantine.cause == cause)
    ).one()


def barring(sample_id: int) -> Barred | None:
    """Why the sample must not be used; None when it is in no quarantine."""
    row = registry_session.execute(
        sa.select(Quarantine.cause, Quarantine.opened_at, DestructionOrder.id.is_not(None))
        .outerjoin(
            DestructionOrder,
            (DestructionOrder.sample_id == Quarantine.sample_id)
            & DestructionOrder.closed_at.is_(None),
        )
        .where(Quarantine.sample_id == sample_id, Quarantine.closed_at.is_(None))
    ).one_or_none()
    return None if row is None else Barred(*row)
