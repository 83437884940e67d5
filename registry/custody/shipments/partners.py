"""The organisations to which tubes are sent."""

from collections.abc import Sequence

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.custody.shipments.models import Partner
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound
from registry.kernel.messages import T
from registry.persistence import lock_row, registry_session, transactional
from registry.vocab.audit import AuditTag
from registry.vocab.research import COUNTRIES, RecipientKind


@transactional
def add(actor: Actor, *, name: str, kind: RecipientKind, country: str, email: str) -> Partner:
    """Know an organisation as one to which tubes may be sent.

    :raises InvalidInput: there is one of this name, there is no such country, or it is ourselves.
    """
    require(actor, Permission.PARTNER_MANAGE)
    _check(name, kind, country)
    partner = Partner(
        name=name.strip(), kind=kind, country=country, email=email, added_at=clock.now()
    )
    registry_session.add(partner)
    registry_session.flush()
    audit.record(actor, AuditTag.PARTNER_ADDED, partner, kind=kind, country=country)
    return partner


@transactional
def retire(actor: Actor, partner_id: int) -> Partner:
    """Send nothing there any more; what was sent stays readable."""
    partner = lock_row(Partner, partner_id)
    require(actor, Permission.PARTNER_MANAGE)
    if partner.retired_at is None:
        partner.retired_at = clock.now()
        audit.record(actor, AuditTag.PARTNER_RETIRED, partner)
    return partner


def _check(name: str, kind: RecipientKind, country: str) -> None:
    taken = sa.select(Partner.id).where(sa.func.lower(Partner.name) == name.strip().lower())
    if registry_session.scalar(taken) is not None:
        raise InvalidInput(T("There is a partner of this name already."), field="name")
    if kind is RecipientKind.INSTITUTE:
        raise InvalidInput(T("The institute itself is no partner."), field="kind")
    if country not in COUNTRIES:
        raise InvalidInput(T("Choose a country from the list."), field="country")


def every(actor: Actor) -> Sequence[Partner]:
    """Every partner, by name."""
    require(actor, Permission.SHIPMENT_READ)
    return registry_session.scalars(sa.select(Partner).order_by(Partner.name)).all()


def get(actor: Actor, partner_id: int) -> Partner:
    """One partner.

    :raises NotFound: there is none.
    """
    require(actor, Permission.SHIPMENT_READ)
    found = registry_session.get(Partner, partner_id)
    if found is None:
        raise NotFound(T("There is no such partner."), field="destination")
    return found
