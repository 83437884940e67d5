"""Accepting an inventory: what was found is recorded, and tubes found elsewhere are moved."""

from collections import Counter
from collections.abc import Collection, Mapping

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.custody import filling, policies
from registry.custody.cells import OpenBox
from registry.custody.inventory.comparing import Comparison, compare
from registry.custody.inventory.models import Inventory, InventoryLine
from registry.custody.recording import lock_holdings
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.persistence import registry_session, transactional
from registry.storage import queries as storage
from registry.storage.grid import Cell
from registry.vocab.audit import AuditTag
from registry.vocab.storage import Finding


@transactional
def accept(
    actor: Actor,
    box_id: int,
    *,
    tubes: Mapping[Cell, str],
    loose: Collection[str] = (),
    shown: str,
    reason: str,
) -> Inventory:
    """Record the inventory that was shown, and move what was found elsewhere than recorded.

    `shown` is the digest of the comparison that the person saw.

    :raises NotFound: there is no such box at the actor's sites.
    :raises InvalidInput: the reason is too short.
    :raises RuleBroken: something changed since the comparison was shown.
    """
    box = storage.box(actor, box_id)
    require(actor, Permission.SAMPLE_PLACE, box)
    policies.check_reason(reason)
    OpenBox(actor, box_id, Permission.SAMPLE_PLACE)
    found = compare(actor, box_id, tubes, loose)
    if found.digest != shown:
        raise RuleBroken(T("Something changed in this box meanwhile. Look at it again."))
    if found.moves:
        filling.fill(actor, box_id=box_id, tubes=found.moves, comment=reason.strip())
    taken = Inventory(
        box_id=box_id,
        taken_at=clock.now(),
        actor_id=actor.id,
        actor_login=actor.login,
        reason=reason.strip(),
    )
    registry_session.add(taken)
    registry_session.flush()
    _write_lines(actor, taken, found)
    counts = Counter(one.state for one in found.found)
    audit.record(
        actor, AuditTag.INVENTORY_TAKEN, box.unit, reason=reason.strip(), found=dict(counts)
    )
    return taken


def _write_lines(actor: Actor, taken: Inventory, found: Comparison) -> None:
    holdings = lock_holdings(actor, [one.code for one in found.found])
    rows = []
    for one in found.found:
        holding = holdings.get(one.code)
        rows.append(
            {
                "inventory_id": taken.id,
                "finding": one.state,
                "code": one.code,
                "sample_id": None if holding is None else holding.sample_id,
                "cell": one.label,
                "acts": 0 if holding is None else holding.acts,
            }
        )
        if one.state is Finding.MISSING and holding is not None:
            audit.record(actor, AuditTag.SAMPLE_NOT_FOUND, holding.sample, cell=one.label)
    if rows:
        insert = sa.insert(InventoryLine).execution_options(render_nulls=True)
        registry_session.execute(insert, rows)
