"""Sending a sealed shipment: every consent is asked again, and every tube's cell becomes free."""

from collections.abc import Sequence
from datetime import datetime

from registry import audit
from registry.access import Permission, require
from registry.custody import recording
from registry.custody.exchange import keys
from registry.custody.models import Holding
from registry.custody.recording import Act, Holder
from registry.custody.shipments import grounds, manifest, policies, queries
from registry.custody.shipments.allowing import Allowed
from registry.custody.shipments.models import Shipment, ShipmentLine
from registry.custody.shipments.service import lines_in
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.persistence import lock_row, registry_session, transactional
from registry.samples.refusals import Refusals
from registry.vocab.audit import AuditTag
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.shipping import LineStatus, ShipmentAct


@transactional
def send(
    actor: Actor,
    shipment_id: int,
    *,
    courier: str | None = None,
    tracking: str | None = None,
    at: datetime | None = None,
) -> Shipment:
    """Hand the bag to the courier; all its tubes leave, or none does.

    :raises RuleBroken: it is not sealed, holds what may not leave, or the
        request no longer holds.
    :raises InvalidInput: some tubes may not leave any more or are no longer
        here; each is named under ``codes``.
    """
    shipment = lock_row(Shipment, shipment_id)
    require(actor, Permission.SHIPMENT_PREPARE, shipment)
    policies.check_can(shipment, ShipmentAct.SEND)
    asked, recipient_key = grounds.asked_now(shipment), _recipient_key(shipment)
    allowed = Allowed(asked, [line.sample for line in lines_in(shipment)])
    # Read again now that nobody can withdraw any more: a withdrawal stops tubes.
    inside = lines_in(shipment)
    policies.check_can_leave(shipment, inside)
    leaving = _check_each(shipment, inside, allowed, at)
    way = Holder(HolderKind.SHIPMENT, shipment.site_id, f"{shipment.code} → {shipment.destination}")
    for holding, moment in leaving:
        fields = {"shipment": shipment.code, "packing": shipment.packing.value}
        recording.record(actor, holding, Act(ActKind.SHIPPED, moment, fields=fields), way)
    for line in inside:
        line.status = LineStatus.SENT
    policies.move(shipment, ShipmentAct.SEND)
    shipment.courier, shipment.tracking = courier, tracking
    shipment.sent_at = at or clock.now()
    manifest.sign(shipment, inside, asked=asked, recipient_key=recipient_key)
    registry_session.flush()
    audit.record(
        actor,
        AuditTag.SHIPMENT_SENT,
        shipment,
        tubes=[line.sample.code for line in inside],
        partner=shipment.partner_id,
        to_site=shipment.to_site_id,
        request=shipment.request,
    )
    return shipment


def _recipient_key(shipment: Shipment) -> str | None:
    """The key of the partner's installation, if one counts."""
    known = None if shipment.partner_id is None else keys.counting(shipment.partner_id)
    return None if known is None else known.public_key


def _check_each(
    shipment: Shipment, inside: Sequence[ShipmentLine], allowed: Allowed, at: datetime | None
) -> Sequence[tuple[Holding, datetime]]:
    """The holdings of the tubes, locked, each with the moment at which it leaves.

    :raises InvalidInput: some may not leave, or are no longer here.
    """
    holdings = queries.lock_holdings(inside)
    refusals = Refusals("codes")
    leaving: list[tuple[Holding, datetime]] = []
    for line in inside:
        holding = holdings[line.sample_id]
        with refusals.gathered(line.sample.code):
            allowed.check(line.sample)
            moment = recording.check(ActKind.SHIPPED, holding, at, field="at")
            policies.check_is_here(shipment, holding)
            leaving.append((holding, moment))
    refusals.raise_if_any()
    return leaving
