"""A partner's signed receipt for a shipment of ours: what arrived, what was damaged."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from registry import audit
from registry.access import Permission, require
from registry.custody.exchange import believing, taking_in
from registry.custody.exchange.believing import Believed, Kind
from registry.custody.shipments import policies, receiving
from registry.custody.shipments.models import Shipment
from registry.custody.shipments.receiving import Receipt
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.persistence import lock_row, transactional
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.shipping import ShipmentAct, ShipmentState

RECEIPT = Kind("receipt", taking_in.FORMAT, T("This is no signed receipt of a shipment."))


@transactional
def take_in(actor: Actor, shipment_id: int, file: bytes) -> Shipment:
    """Record what the partner's installation found; what it did not find is missing.

    :raises InvalidInput: the receipt is not believed, or not understood.
    :raises RuleBroken: it is of another shipment, or nothing more is awaited of this one.
    """
    shipment = lock_row(Shipment, shipment_id)
    require(actor, Permission.SHIPMENT_PREPARE, shipment)
    believed = believing.open_(actor, file, RECEIPT)
    _check_is_of(shipment, believed)
    policies.check_can(shipment, ShipmentAct.ARRIVE)
    receiving.take_in(actor, shipment, _understood(believed.said))
    audit.record(
        actor, AuditTag.SHIPMENT_RECEIPT_BELIEVED, shipment, key=believed.signer.fingerprint
    )
    if shipment.state is ShipmentState.ARRIVED:
        receiving.settle(actor, shipment.id)
    return shipment


def _check_is_of(shipment: Shipment, believed: Believed) -> None:
    """Refuse a receipt of something else than what was signed for this very shipment."""
    of_this = (
        shipment.manifest is not None
        and believed.signer.partner_id == shipment.partner_id
        and believed.said.get("manifest") == taking_in.digest(shipment.manifest)
    )
    if not of_this:
        raise RuleBroken(
            T(
                "This receipt is of another shipment than {code}. Open the one that it is of.",
                code=shipment.code,
            ),
            field="file",
        )


def _understood(said: Mapping[str, Any]) -> Receipt:
    """What was found.

    :raises InvalidInput: a part is missing, or is not understood.
    """
    try:
        at = datetime.fromisoformat(said["received_at"])
        codes = [said["arrived"], said["damaged"]]
        words = [said["temperature"], said["note"]]
    except (KeyError, TypeError, ValueError):
        raise RECEIPT.unreadable() from None
    if at.tzinfo is None or not all(map(_is_list, codes)) or not all(map(_is_words, words)):
        raise RECEIPT.unreadable()
    return Receipt(codes[0], damaged=codes[1], temperature=words[0], note=words[1], at=at)


def _is_list(said: object) -> bool:
    return isinstance(said, list) and all(isinstance(one, str) for one in said)


def _is_words(said: object) -> bool:
    return said is None or (isinstance(said, str) and len(said) <= limits.REASON_MAX)
