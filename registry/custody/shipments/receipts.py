"""The receipt of a shipment by a partner, who has no account: a link, a code, what was found.

One link at a time opens a shipment's receipt, and only its own; a new one ends
the one before.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.accounts import links
from registry.custody.shipments import policies, receiving
from registry.custody.shipments.models import ReceiptLink, Shipment
from registry.custody.shipments.receiving import Receipt
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.persistence import lock_row, registry_session, transactional
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.dossiers import LinkState

#: Who acts before anybody is known.
GATE = Actor.system("receipt")
_PURPOSE = "receipt code"


@dataclass(frozen=True, repr=False)
class Made:
    """A link just made, with what nobody can learn again."""

    link: ReceiptLink
    token: str
    code: str


@transactional
def make_link(actor: Actor, shipment_id: int, *, days: int = limits.LINK_DAYS) -> Made:
    """A link for the partner who gets the shipment; one made before ends.

    :raises RuleBroken: it has not left, or goes to a site of the registry.
    :raises InvalidInput: too many days.
    """
    shipment = lock_row(Shipment, shipment_id)
    require(actor, Permission.SHIPMENT_PREPARE, shipment)
    policies.check_is_under_way(shipment)
    if shipment.partner_id is None:
        raise RuleBroken(T("{code} goes to a site of the registry.", code=shipment.code))
    now = clock.now()
    for old in _links(shipment.id):
        old.revoked_at = old.revoked_at or now
    token, code = links.new_token(), links.new_code()
    kept = links.digest(token)
    link = ReceiptLink(
        shipment_id=shipment.id,
        token_digest=kept,
        code_digest=links.code_digest(_PURPOSE, kept, code),
        created_at=now,
        created_by_id=actor.id,
        expires_at=links.expiry(now, days),
        wrong_codes=0,
    )
    registry_session.add(link)
    registry_session.flush()
    audit.record(
        actor,
        AuditTag.RECEIPT_LINK_MADE,
        link,
        site_id=shipment.site_id,
        shipment=shipment.code,
        expires_at=link.expires_at,
    )
    return Made(link, token, code)


def _links(shipment_id: int) -> list[ReceiptLink]:
    query = sa.select(ReceiptLink).where(ReceiptLink.shipment_id == shipment_id)
    return list(registry_session.scalars(query.with_for_update()))


def open_(token: str, code: str, *, address: str) -> ReceiptLink:
    """The link of this address, if the code is its own; asked each time anything is done.

    Outside a unit of work: what fails stays counted.

    :raises TooManyAttempts: too many have failed lately by this link or from this address.
    :raises Unauthenticated: anything else is wrong.
    """
    link_id = links.within_limits(
        token,
        address,
        lambda digest: _tried(digest, code),
        wrong=T(
            "This address and this code do not open anything: one of them is wrong, or the "
            "link has ended. Ask the biobank for a new one."
        ),
    )
    return registry_session.get_one(ReceiptLink, link_id)


@transactional
def _tried(digest: str, code: str) -> int | None:
    """The link if the code opens it; a wrong code stays counted and recorded."""
    require(GATE, Permission.SHIPMENT_ACKNOWLEDGE)
    link_id = registry_session.scalar(
        sa.select(ReceiptLink.id).where(ReceiptLink.token_digest == digest)
    )
    link = None if link_id is None else lock_row(ReceiptLink, link_id)
    if link is None or links.state_of(link) is not LinkState.OPEN:
        audit.record(GATE, AuditTag.RECEIPT_LINK_REFUSED, link or "receipt_link:unknown")
        return None
    if not links.is_code(link, _PURPOSE, code):
        link.wrong_codes += 1
        audit.record(GATE, AuditTag.RECEIPT_LINK_REFUSED, link, wrong_codes=link.wrong_codes)
        return None
    link.opened_at = clock.now()
    audit.record(_partner(link), AuditTag.RECEIPT_LINK_OPENED, link)
    return link.id


@transactional
def acknowledge(link_id: int, receipt: Receipt) -> Shipment:
    """Record what the partner who has just given the code found; the tubes are the partner's now.

    :raises RuleBroken: the link has ended, or nothing of the shipment is on its way.
    :raises InvalidInput: the receipt cannot be.
    """
    require(GATE, Permission.SHIPMENT_ACKNOWLEDGE)
    link = registry_session.get_one(ReceiptLink, link_id)
    shipment = lock_row(Shipment, link.shipment_id)
    if links.state_of(lock_row(ReceiptLink, link_id)) is not LinkState.OPEN:
        raise RuleBroken(T("This link has ended. Ask the biobank for a new one."))
    return receiving.take_in(_partner(link), shipment, receipt)


def _partner(link: ReceiptLink) -> Actor:
    """Whoever has the link and the code: holds no role at all."""
    login = f"receipt:{link.id}"
    return Actor(id=None, login=login, name=login)
