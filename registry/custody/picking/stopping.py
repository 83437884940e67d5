"""What a withdrawal or an incident does to pick lists: its tubes are no longer fetched.

`registry.wiring` connects this to `ConsentWithdrawn`, after the quarantine; it
happens in the transaction of the withdrawal.
"""

from collections.abc import Collection

import sqlalchemy as sa

from registry import audit
from registry.consents.withdrawals.events import ConsentWithdrawn
from registry.custody import asking
from registry.custody.picking import queries
from registry.custody.picking.models import PickLine
from registry.custody.shipments import grounds
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.samples.models import Sample
from registry.vocab.audit import AuditTag
from registry.vocab.consent import WithdrawalEffect
from registry.vocab.picking import PickStatus


def on_consent_withdrawn(event: ConsentWithdrawn) -> None:
    """End the lines of the participant's tubes that may no longer be used as the list asks."""
    registry_session.flush()
    found = registry_session.scalars(
        sa.select(PickLine)
        .join(Sample, Sample.id == PickLine.sample_id)
        .where(Sample.participant_id.in_(event.everyone), PickLine.closed_at.is_(None))
        .order_by(PickLine.id)
        .execution_options(populate_existing=True)
    ).all()
    stops_all = WithdrawalEffect.STOP_USE in event.effects
    for line in found:
        if not stops_all and _still_allowed(event, line):
            continue
        _stop(event.actor, line, event.cause)
    registry_session.flush()


def stop(actor: Actor, sample_ids: Collection[int], *, cause: str) -> None:
    """End the lines of samples, whose holdings are locked, that may not be used for this cause."""
    for line in queries.waiting_among(sample_ids):
        _stop(actor, line, cause)
    registry_session.flush()


def _stop(actor: Actor, line: PickLine, cause: str) -> None:
    line.status = PickStatus.STOPPED
    line.note = cause
    line.closed_at = clock.now()
    audit.record(
        actor, AuditTag.PICK_LIST_STOPPED, line.pick_list, tube=line.sample.code, cause=cause
    )


def _still_allowed(event: ConsentWithdrawn, line: PickLine) -> bool:
    picked = line.pick_list
    if picked.shipment is not None:
        asked = grounds.asked_of(picked.shipment)
    elif picked.reason is not None:
        asked = asking.USE_OF[picked.reason]
    else:
        return False
    return asking.is_allowed(event.participant_id, asked, line.sample.sample_type)
