"""Reading orders to destroy and certificates, within the actor's sites."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from registry.access import Permission, require
from registry.custody.destruction.models import Destruction, DestructionOrder
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.persistence import registry_session
from registry.samples import queries as samples
from registry.samples.models import Sample
from registry.vocab.custody import OrderStatus


@dataclass(frozen=True)
class Ordered:
    """An order with the sample that it is about."""

    code: str
    status: OrderStatus
    ordered_at: datetime
    closed_at: datetime | None
    #: Of the certificate, once it was carried out.
    certificate: str | None


def of_cause(actor: Actor, cause: str) -> Sequence[Ordered]:
    """The orders given for one cause, open ones first."""
    query = (
        sa.select(
            Sample.code,
            DestructionOrder.status,
            DestructionOrder.ordered_at,
            DestructionOrder.closed_at,
            Destruction.certificate,
        )
        .select_from(DestructionOrder)
        .join(Sample, Sample.id == DestructionOrder.sample_id)
        .outerjoin(Destruction, Destruction.id == DestructionOrder.destruction_id)
        .where(DestructionOrder.cause == cause)
        .order_by(DestructionOrder.status.desc(), Sample.code)
    )
    return [Ordered(*row) for row in registry_session.execute(samples.visible(actor, query))]


def get(actor: Actor, certificate: str) -> Destruction:
    """The destruction with this certificate.

    :raises NotFound: there is none at the actor's sites.
    :raises NotPermitted: the actor may not read chains of custody there.
    """
    require(actor, Permission.CUSTODY_READ)
    query = sa.select(Destruction).where(Destruction.certificate == certificate)
    found = registry_session.scalar(query)
    scope = actor.sites(*samples.READERS)
    if found is None or found.site_id not in scope:
        raise NotFound(T("There is no such certificate at your sites."))
    return found
