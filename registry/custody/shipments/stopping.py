"""What a withdrawal does to shipments: tubes not yet sent stay, and who has some is told.

`registry.wiring` connects this to `ConsentWithdrawn`, after the quarantine; it
happens in the transaction of the withdrawal.
"""

from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa

from registry import audit
from registry.consents import decision
from registry.consents.withdrawals.events import ConsentWithdrawn, Reach
from registry.consents.withdrawals.followup import service as followup
from registry.consents.withdrawals.followup.service import Release
from registry.custody import asking
from registry.custody.shipments import grounds
from registry.custody.shipments.models import Shipment, ShipmentLine
from registry.kernel import clock
from registry.persistence import registry_session
from registry.samples.models import Sample
from registry.vocab.audit import AuditTag
from registry.vocab.consent import WithdrawalEffect
from registry.vocab.samples import SampleType
from registry.vocab.shipping import IN_THE_BAG, LineStatus
from registry.vocab.withdrawals import ReleaseKind

#: The tubes that somebody else has or had.
_LEFT = (LineStatus.SENT, LineStatus.ARRIVED, LineStatus.MISSING, LineStatus.RETURNED)


def on_consent_withdrawn(event: ConsentWithdrawn) -> None:
    """Stop the participant's tubes that are packed, and recall those that partners have."""
    lines = _lines(event.everyone)
    if not lines:
        return
    reached = list(_reached(event, lines))
    followup.keep(event, [one for line in reached for one in _releases(line)])
    stopped = [
        line
        for line in reached
        if line.stopped_for is None
        and (line.status in IN_THE_BAG or (_is_at_partner(line) and line.closed_at is None))
    ]
    for line in stopped:
        line.stopped_for = event.cause
        if line.status is LineStatus.PACKED:
            line.status = LineStatus.STOPPED
        audit.record(
            event.actor,
            AuditTag.SHIPMENT_STOPPED,
            line.shipment,
            tube=line.sample.code,
            cause=event.cause,
        )
    registry_session.flush()


def releases(reach: Reach) -> Sequence[Release]:
    """What partners have, or had, of the participant's samples for what would be stopped."""
    lines = [line for line in _lines(reach.everyone) if _would_stop(reach, line)]
    return sorted(one for line in lines for one in _releases(line))


def _would_stop(reach: Reach, line: ShipmentLine) -> bool:
    shipment = line.shipment
    if WithdrawalEffect.STOP_USE in reach.effects or shipment.request in reach.projects:
        return True
    asked = asking.about(grounds.asked_of(shipment), line.sample.sample_type)
    return not reach.stopped.isdisjoint(use for one in asked for use in decision.uses_of(one))


def _lines(everyone: Sequence[int]) -> Sequence[ShipmentLine]:
    return registry_session.scalars(
        sa.select(ShipmentLine)
        .join(Sample, Sample.id == ShipmentLine.sample_id)
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .where(
            Sample.participant_id.in_(everyone),
            sa.or_(
                ShipmentLine.closed_at.is_(None),
                sa.and_(Shipment.partner_id.is_not(None), ShipmentLine.status.in_(_LEFT)),
            ),
        )
        .order_by(ShipmentLine.id)
        .execution_options(populate_existing=True)
    ).all()


def _reached(event: ConsentWithdrawn, lines: Iterable[ShipmentLine]) -> Iterator[ShipmentLine]:
    """The tubes that may no longer travel, or be where they are."""
    registry_session.flush()
    stops_all = WithdrawalEffect.STOP_USE in event.effects
    answers: dict[tuple[int, SampleType], bool] = {}
    for line in lines:
        if stops_all:
            yield line
            continue
        case = line.shipment_id, line.sample.sample_type
        if case not in answers:
            answers[case] = asking.is_allowed(
                event.participant_id, grounds.asked_of(line.shipment), line.sample.sample_type
            )
        if not answers[case]:
            yield line


def _is_at_partner(line: ShipmentLine) -> bool:
    return line.shipment.partner_id is not None and line.status in _LEFT


def _releases(line: ShipmentLine) -> Iterator[Release]:
    """The tube as something that had left, when it has."""
    sent_at = line.shipment.sent_at
    if sent_at is None or not _is_at_partner(line):
        return
    back = line.closed_at if line.status is LineStatus.RETURNED else None
    yield Release(
        clock.to_paris(sent_at).date(),
        ReleaseKind.MATERIAL,
        line.sample.code,
        line.shipment.destination,
        returned_on=None if back is None else clock.to_paris(back).date(),
    )
