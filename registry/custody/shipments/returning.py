"""Tubes that come back: from a partner, or from a courier who could not deliver them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from registry import audit
from registry.access import Permission, require
from registry.custody import recording
from registry.custody.recording import Act, Holder
from registry.custody.shipments import policies, queries
from registry.custody.shipments.models import Shipment, ShipmentLine
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.persistence import lock_row, registry_session, transactional
from registry.samples.ledger import Ledger
from registry.samples.models import Sample
from registry.samples.policies import check_enough
from registry.samples.refusals import Refusals
from registry.vocab.audit import AuditTag
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.samples import LedgerReason, SampleCondition
from registry.vocab.shipping import AWAY, LineStatus, ShipmentAct


@transactional
def take_back(
    actor: Actor,
    shipment_id: int,
    codes: Sequence[str],
    *,
    condition: SampleCondition = SampleCondition.GOOD,
    remaining: Decimal | None = None,
    comment: str | None = None,
    at: datetime | None = None,
) -> Shipment:
    """Take tubes of a shipment back to the bench that they left from, all or none.

    `remaining` is what is left in the one tube, when somebody measured it.

    :raises RuleBroken: nothing of the shipment has left.
    :raises InvalidInput: some are not of this shipment or not away, more would
        be left than there was, or a quantity is given for several; each is
        named under ``codes``.
    """
    shipment = lock_row(Shipment, shipment_id)
    require(actor, Permission.SHIPMENT_PREPARE, shipment)
    policies.check_is_under_way(shipment)
    scanned = recording.read_codes(codes, field="codes")
    if remaining is not None and len(scanned) != 1:
        raise InvalidInput(T("Say what is left for one tube at a time."), field="remaining")
    away = {
        line.sample.code: line
        for line in queries.lines_of(shipment, *AWAY)
        if line.closed_at is None
    }
    holdings = queries.lock_holdings(away.values())
    bench = Holder(HolderKind.BENCH, shipment.site_id, shipment.site.name)
    fields = {"condition": condition.value, "shipment": shipment.code}
    refusals = Refusals("codes")
    for code in scanned:
        with refusals.gathered(code):
            line = _among(away, shipment, code)
            holding = holdings[line.sample_id]
            moment = recording.check(ActKind.RETURNED, holding, at, field="at")
            act = Act(ActKind.RETURNED, moment, comment=comment, fields=fields)
            recording.record(actor, holding, act, bench)
            line.status, line.closed_at = LineStatus.RETURNED, moment
    refusals.raise_if_any()
    if remaining is not None:
        _measure(away[scanned[0]].sample, remaining)
    audit.record(actor, AuditTag.SHIPMENT_CAME_BACK, shipment, tubes=scanned)
    registry_session.flush()
    left = {line.status for line in queries.lines_of(shipment)} - {LineStatus.TAKEN_OUT}
    if left == {LineStatus.RETURNED}:
        policies.move(shipment, ShipmentAct.COME_BACK)
        shipment.closed_at = clock.now()
    registry_session.flush()
    return shipment


def _among(away: Mapping[str, ShipmentLine], shipment: Shipment, code: str) -> ShipmentLine:
    """The tube among those that are away.

    :raises RuleBroken: it is none of them.
    """
    line = away.get(code)
    if line is None:
        raise RuleBroken(
            T(
                "{code} is not among the tubes of shipment {shipment} that are away.",
                code=code,
                shipment=shipment.code,
            )
        )
    return line


def _measure(sample: Sample, remaining: Decimal) -> None:
    """Write down what was used up while the tube was away.

    :raises InvalidInput: the quantity cannot be.
    :raises RuleBroken: more would be left than there was.
    """
    ledger = Ledger([sample.id])
    left = ledger.left(sample.id)
    if remaining < 0:
        raise InvalidInput(T("What is left cannot be below 0."), field="remaining")
    check_enough(sample.code, asked=remaining, left=left, unit=sample.unit)
    if remaining != left:
        ledger.enter(sample.id, remaining - left, LedgerReason.CONSUMED)
        ledger.write()
