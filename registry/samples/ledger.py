"""Writing the ledgers: what is drawn from one sample and given to others, and nothing else."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from registry.kernel import clock
from registry.persistence import registry_session
from registry.samples.models import QuantityEntry, Sample
from registry.vocab.samples import LedgerReason

# Built once: every act that moves a quantity runs these two.
_IDS: sa.BindParameter[list[int]] = sa.bindparam("ids", expanding=True)
_LOCK = sa.select(Sample.id).where(Sample.id.in_(_IDS)).order_by(Sample.id).with_for_update()
_LAST_SEQ = (
    sa.select(QuantityEntry.sample_id, sa.func.max(QuantityEntry.seq).label("seq"))
    .where(QuantityEntry.sample_id.in_(_IDS))
    .group_by(QuantityEntry.sample_id)
    .subquery()
)
_LAST = sa.select(QuantityEntry.sample_id, QuantityEntry.seq, QuantityEntry.balance).join(
    _LAST_SEQ,
    (QuantityEntry.sample_id == _LAST_SEQ.c.sample_id) & (QuantityEntry.seq == _LAST_SEQ.c.seq),
)


class Ledger:
    """The ledgers of some samples, kept from other writers until the commit.

    Entries are gathered with `enter` and written together with `write`.  A
    sample that was not named begins an empty ledger.
    """

    def __init__(self, sample_ids: Collection[int] = ()) -> None:
        self._last: dict[int, tuple[int, Decimal]] = dict(_last_entries(sample_ids))
        self._rows: list[dict[str, Any]] = []

    def left(self, sample_id: int) -> Decimal:
        """What is left in the sample, the gathered entries included."""
        return self._last.get(sample_id, (0, Decimal(0)))[1]

    def enter(
        self, sample_id: int, delta: Decimal, reason: LedgerReason, other_id: int | None = None
    ) -> None:
        """Add `delta` to the sample's quantity; the database refuses what is below zero."""
        seq, balance = self._last.get(sample_id, (0, Decimal(0)))
        self._last[sample_id] = (seq + 1, balance + delta)
        self._rows.append(
            {
                "sample_id": sample_id,
                "seq": seq + 1,
                "delta": delta,
                "balance": balance + delta,
                "reason": reason,
                "other_id": other_id,
                "recorded_at": clock.now(),
            }
        )

    def draw(self, parent_id: int, child_id: int, quantity: Decimal) -> None:
        """Take `quantity` from the parent and give it to the child."""
        self.enter(parent_id, -quantity, LedgerReason.DRAWN_FOR_CHILD, child_id)
        self.enter(child_id, quantity, LedgerReason.RECEIVED_FROM_PARENT, parent_id)

    def write(self) -> None:
        """Write the gathered entries; the samples carry their new balances."""
        if self._rows:
            # In one statement, although some entries name no other sample.
            registry_session.execute(
                sa.insert(QuantityEntry).execution_options(render_nulls=True), self._rows
            )
        changed = {row["sample_id"] for row in self._rows}
        for sample in registry_session.identity_map.values():
            if isinstance(sample, Sample) and sample.id in changed:
                registry_session.expire(sample, ["remaining"])
        self._rows = []


def _last_entries(sample_ids: Collection[int]) -> Mapping[int, tuple[int, Decimal]]:
    """The last number and balance of each ledger, the samples locked in order of their ids."""
    if not sample_ids:
        return {}
    ids = {_IDS.key: sorted(sample_ids)}
    # Locked in a statement of its own, so that the ledger is read as others have left it.
    registry_session.execute(_LOCK, ids)
    rows = registry_session.execute(_LAST, ids)
    return {row.sample_id: (row.seq, row.balance) for row in rows}
