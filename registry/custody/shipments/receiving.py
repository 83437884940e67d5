"""Taking a shipment in: what arrived, what did not, what was not as the manifest says.

Who records it is a technician of the site that it goes to or, for a partner,
whoever opens the partner's link; both end in the same acts.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry import audit, documents
from registry.access import Permission, require
from registry.custody import recording
from registry.custody.recording import Act, Holder
from registry.custody.shipments import policies, queries
from registry.custody.shipments.models import Shipment, ShipmentDifference, ShipmentLine
from registry.documents import Stored
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.persistence import lock_row, registry_session, transactional
from registry.samples.refusals import Refusals
from registry.vocab.audit import AuditTag
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.shipping import DifferenceKind, LineStatus, ShipmentAct


@dataclass(frozen=True)
class Receipt:
    """What somebody found in a bag."""

    #: The codes of the tubes that are there, also of such as are not on the manifest.
    arrived: Sequence[str]
    damaged: Collection[str] = ()
    #: What was wrong with the bag's temperature, in words; None when nothing was.
    temperature: str | None = None
    note: str | None = None
    at: datetime | None = None
    #: What the temperature logger that travelled along recorded.
    logger: Stored | None = None


@dataclass(frozen=True)
class _Destination:
    """The site that takes a shipment in: leave is asked there."""

    site_id: int


@transactional
def receive(actor: Actor, shipment_id: int, receipt: Receipt) -> Shipment:
    """Take in what arrived at the actor's site; the rest may still come.

    :raises RuleBroken: it is not on its way, or goes to a partner.
    :raises InvalidInput: some were misread, or arrived before they left.
    """
    shipment = lock_row(Shipment, shipment_id)
    policies.check_goes_to_site(shipment)
    require(actor, Permission.SHIPMENT_RECEIVE, _Destination(shipment.to_site_id or 0))
    return take_in(actor, shipment, receipt)


def take_in(actor: Actor, shipment: Shipment, receipt: Receipt) -> Shipment:
    """Record what arrived of a shipment that is locked, for somebody who may."""
    policies.move(shipment, ShipmentAct.ARRIVE)
    codes = recording.read_codes(receipt.arrived, field="codes")
    lines = {line.sample.code: line for line in queries.lines_of(shipment)}
    damaged = damaged_among(receipt, codes)
    arrived = [lines[code] for code in codes if code in lines and _is_due(lines[code])]
    holdings = queries.lock_holdings(arrived)
    kind = ActKind.ARRIVED if shipment.partner_id is None else ActKind.DISTRIBUTED
    refusals = Refusals("codes")
    for line in arrived:
        with refusals.gathered(line.sample.code):
            holding = holdings[line.sample_id]
            moment = recording.check(kind, holding, receipt.at, field="at")
            fields: dict[str, Any] = {"shipment": shipment.code}
            if line.sample.code in damaged:
                fields["damaged"] = True
            act = Act(kind, moment, comment=receipt.note, fields=fields)
            recording.record(actor, holding, act, _holder(shipment))
            _mark_arrived(shipment, line, moment)
    refusals.raise_if_any()
    extra = [code for code in codes if code not in lines]
    _note(actor, shipment, DifferenceKind.EXTRA, extra, receipt.note)
    _note(actor, shipment, DifferenceKind.DAMAGED, sorted(damaged), receipt.note)
    if receipt.temperature:
        _note(actor, shipment, DifferenceKind.TEMPERATURE, [None], receipt.temperature)
    if receipt.logger is not None:
        name = f"logger-{shipment.code}.csv"
        shipment.logger = documents.keep(receipt.logger, name=name, media_type="text/csv")
    shipment.arrived_at = shipment.arrived_at or receipt.at or clock.now()
    audit.record(
        actor,
        AuditTag.SHIPMENT_ARRIVED,
        shipment,
        tubes=[line.sample.code for line in arrived],
        extra=len(extra),
        damaged=len(damaged),
    )
    if not queries.lines_of(shipment, LineStatus.SENT):
        _settle(actor, shipment)
    registry_session.flush()
    return shipment


@transactional
def settle(actor: Actor, shipment_id: int) -> Shipment:
    """Wait for nothing any more: what has not arrived is missing.

    By whoever receives at the site it goes to; for a partner, by who sent it.

    :raises RuleBroken: it is not on its way.
    """
    shipment = lock_row(Shipment, shipment_id)
    if shipment.to_site_id is None:
        require(actor, Permission.SHIPMENT_PREPARE, shipment)
    else:
        require(actor, Permission.SHIPMENT_RECEIVE, _Destination(shipment.to_site_id))
    _settle(actor, shipment)
    registry_session.flush()
    return shipment


def _settle(actor: Actor, shipment: Shipment) -> None:
    policies.move(shipment, ShipmentAct.SETTLE)
    missing = queries.lines_of(shipment, LineStatus.SENT)
    for line in missing:
        line.status = LineStatus.MISSING
    _note(actor, shipment, DifferenceKind.MISSING, [line.sample.code for line in missing], None)
    shipment.closed_at = clock.now()
    audit.record(
        actor,
        AuditTag.SHIPMENT_SETTLED,
        shipment,
        missing=[line.sample.code for line in missing],
    )


def damaged_among(receipt: Receipt, codes: Sequence[str]) -> frozenset[str]:
    """The damaged ones, each of which must have arrived.

    :raises InvalidInput: one did not.
    """
    if not receipt.damaged:
        return frozenset()
    damaged = recording.read_codes(list(receipt.damaged), field="damaged")
    unknown = [code for code in damaged if code not in codes]
    if unknown:
        raise InvalidInput(
            T(
                "Damaged, but not among the tubes that arrived: {codes}.",
                codes=", ".join(unknown),
            ),
            field="damaged",
        )
    return frozenset(damaged)


def _is_due(line: ShipmentLine) -> bool:
    return line.status is LineStatus.SENT


def _holder(shipment: Shipment) -> Holder:
    if shipment.to_site is not None:
        return Holder(HolderKind.BENCH, shipment.to_site.id, shipment.to_site.name)
    return Holder(HolderKind.PARTNER, shipment.site_id, f"{shipment.destination} · {shipment.code}")


def _mark_arrived(shipment: Shipment, line: ShipmentLine, moment: datetime) -> None:
    line.status = LineStatus.ARRIVED
    line.arrived_at = moment
    if shipment.to_site_id is not None:
        line.closed_at = moment


def _note(
    actor: Actor,
    shipment: Shipment,
    kind: DifferenceKind,
    codes: Sequence[str | None],
    note: str | None,
) -> None:
    registry_session.add_all(
        ShipmentDifference(
            shipment_id=shipment.id,
            kind=kind,
            code=code,
            note=note,
            recorded_at=clock.now(),
            recorded_by=actor.login,
        )
        for code in codes
    )
