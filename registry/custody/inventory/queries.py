"""Reading what inventories found."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from registry.custody import policies
from registry.custody.inventory.models import Inventory, InventoryLine
from registry.custody.models import CustodyAct
from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.samples import queries as samples
from registry.storage.models import StorageUnit
from registry.vocab.custody import ActKind
from registry.vocab.storage import Finding

#: Acts that are recorded without anybody having the tube in hand.
_UNSEEN = frozenset({ActKind.CORRECTED, ActKind.QUARANTINED, ActKind.RELEASED})


@dataclass(frozen=True)
class NotFoundSince:
    """Since when, and where, a sample was not found."""

    at: datetime
    box: str
    cell: str | None


def not_found(actor: Actor, code: str) -> NotFoundSince | None:
    """Whether the last inventory that looked for the sample did not find it, and none has it seen.

    :raises NotFound: there is no such sample at the actor's sites.
    """
    sample = samples.get(actor, code)
    last = registry_session.execute(
        sa.select(
            InventoryLine.finding,
            InventoryLine.acts,
            InventoryLine.cell,
            Inventory.taken_at,
            StorageUnit.name,
        )
        .join(Inventory, Inventory.id == InventoryLine.inventory_id)
        .join(StorageUnit, StorageUnit.id == Inventory.box_id)
        .where(InventoryLine.sample_id == sample.id)
        .order_by(InventoryLine.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None or last.finding is not Finding.MISSING:
        return None
    later = registry_session.execute(
        sa.select(CustodyAct.kind, CustodyAct.fields).where(
            CustodyAct.sample_id == sample.id, CustodyAct.seq > last.acts
        )
    )
    was_seen = any(
        kind not in _UNSEEN and policies.CARRIED_WITH not in fields for kind, fields in later
    )
    return None if was_seen else NotFoundSince(last.taken_at, last.name, last.cell)
