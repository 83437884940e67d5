"""Taking a partner's shipment in: what was found in the bag, and the signed receipt for it.

The tubes stay the partner's: what the partner did not allow cannot happen here,
because no act of this installation knows them.
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.custody import recording
from registry.custody.exchange import arriving, limiting
from registry.custody.exchange.arriving import Arriving
from registry.custody.exchange.events import ForeignShipmentTakenIn
from registry.custody.exchange.limiting import Conditions
from registry.custody.exchange.models import ForeignShipment
from registry.custody.shipments import manifest, receiving
from registry.custody.shipments.models import Partner
from registry.custody.shipments.receiving import Receipt
from registry.documents import signatures
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound, RuleBroken
from registry.kernel.events import publish
from registry.kernel.messages import T
from registry.persistence import lock_row, registry_session, transactional
from registry.vocab.audit import AuditTag

FORMAT = "shipment-receipt/1"


@dataclass(frozen=True)
class _At:
    """The site that takes the shipment in: leave is asked there."""

    site_id: int


@dataclass(frozen=True)
class Contents:
    """What the partner announced, and what was found of it."""

    sent_at: datetime
    announced: Sequence[str]
    arrived: Collection[str]
    damaged: Collection[str]
    temperature: str | None
    note: str | None
    #: What may be done with the tubes; None when the partner did not say: nothing may.
    conditions: Conditions | None

    @property
    def extra(self) -> Sequence[str]:
        """Found, and not on the manifest."""
        return sorted(set(self.arrived) - set(self.announced))


@transactional
def take_in(actor: Actor, site_id: int, file: bytes, found: Receipt) -> ForeignShipment:
    """Record what was found of a partner's shipment, and sign the receipt for it.

    :raises InvalidInput: the manifest is not believed, or codes were misread.
    :raises RuleBroken: the manifest is not for us, is too old, or was taken in before.
    """
    require(actor, Permission.SHIPMENT_RECEIVE, _At(site_id))
    announced = arriving.check(actor, file)
    partner = lock_row(Partner, announced.signer.partner_id)
    check_new(announced)
    codes = recording.read_codes(found.arrived, field="codes")
    damaged = sorted(receiving.damaged_among(found, codes))
    receipt = _written(announced, codes, damaged, found)
    shipment = ForeignShipment(
        key_id=announced.signer.id,
        partner=partner,
        code=announced.shipment,
        site_id=site_id,
        manifest=announced.text,
        receipt=receipt,
        signature=json.dumps(asdict(signatures.sign(manifest.PURPOSE, receipt.encode()))),
        taken_in_at=clock.now(),
        taken_in_by_id=actor.id,
    )
    registry_session.add(shipment)
    registry_session.flush()
    audit.record(
        actor,
        AuditTag.FOREIGN_SHIPMENT_TAKEN_IN,
        shipment,
        partner=partner.id,
        shipment=shipment.code,
        arrived=len(codes),
        damaged=len(damaged),
    )
    named = [one.code for one in announced.tubes]
    publish(ForeignShipmentTakenIn(actor, partner.id, [*named, *codes]))
    return shipment


def check_new(announced: Arriving) -> None:
    """Refuse a shipment that was taken in before.

    :raises RuleBroken: it was.
    """
    known = registry_session.scalar(
        sa.select(ForeignShipment.id).where(
            ForeignShipment.partner_id == announced.signer.partner_id,
            ForeignShipment.code == announced.shipment,
        )
    )
    if known is not None:
        raise RuleBroken(
            T(
                "Shipment {code} of {partner} was taken in already.",
                code=announced.shipment,
                partner=announced.signer.partner.name,
            ),
            field="file",
        )


def every(actor: Actor) -> Sequence[ForeignShipment]:
    """The shipments of partners that were taken in, the newest first."""
    require(actor, Permission.SHIPMENT_READ)
    query = sa.select(ForeignShipment).order_by(ForeignShipment.id.desc())
    return registry_session.scalars(query).all()


def get(actor: Actor, shipment_id: int) -> ForeignShipment:
    """One of them.

    :raises NotFound: there is none.
    """
    require(actor, Permission.SHIPMENT_READ)
    found = registry_session.get(ForeignShipment, shipment_id)
    if found is None:
        raise NotFound(T("There is no such shipment."))
    return found


def with_tube(actor: Actor, code: str) -> ForeignShipment | None:
    """The last shipment with which a tube of this code arrived, if one did."""
    require(actor, Permission.SHIPMENT_READ)
    named = ForeignShipment.receipt.contains(json.dumps(code, ensure_ascii=False), autoescape=True)
    query = sa.select(ForeignShipment).where(named).order_by(ForeignShipment.id.desc())
    found = registry_session.scalars(query)
    return next((one for one in found if code in contents(one).arrived), None)


def contents(shipment: ForeignShipment) -> Contents:
    """What was announced, and what was found."""
    found, said = json.loads(shipment.receipt), json.loads(shipment.manifest)
    return Contents(
        sent_at=datetime.fromisoformat(said["sent_at"]),
        announced=[one["code"] for one in said["tubes"]],
        arrived=found["arrived"],
        damaged=found["damaged"],
        temperature=found["temperature"],
        note=found["note"],
        conditions=limiting.read(said.get("conditions"), arriving.MANIFEST),
    )


def signed(shipment: ForeignShipment) -> bytes:
    """The receipt as the file that the partner's installation takes in."""
    return manifest.enveloped("receipt", shipment.receipt, shipment.signature)


def digest(text: str) -> str:
    """What tells one manifest from every other."""
    return hashlib.sha256(text.encode()).hexdigest()


def _written(
    announced: Arriving, codes: Sequence[str], damaged: Sequence[str], found: Receipt
) -> str:
    said = {
        "format": FORMAT,
        "recipient_key": announced.signer.public_key,
        "shipment": announced.shipment,
        "manifest": digest(announced.text),
        "received_at": clock.now().isoformat(),
        "arrived": list(codes),
        "damaged": list(damaged),
        "temperature": found.temperature,
        "note": found.note,
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
