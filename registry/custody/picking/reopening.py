"""Letting tubes wait on their pick list again when fetching them is undone."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from registry import audit
from registry.custody.models import CustodyAct
from registry.custody.picking.models import PickLine, PickList
from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.vocab.audit import AuditTag
from registry.vocab.picking import PickStatus


def lock(checked_out: Sequence[CustodyAct]) -> Sequence[PickLine]:
    """The lines that these check-outs ended, of lists that are still open, kept from others.

    Lists are locked before any sample is, as everywhere.
    """
    earlier = orm.aliased(CustodyAct)
    before = (
        sa.select(sa.func.max(earlier.recorded_at))
        .where(earlier.sample_id == CustodyAct.sample_id, earlier.seq < CustodyAct.seq)
        .scalar_subquery()
    )
    found = (
        sa.select(PickLine)
        .join(CustodyAct, CustodyAct.sample_id == PickLine.sample_id)
        .where(
            CustodyAct.id.in_([one.id for one in checked_out]),
            PickLine.status == PickStatus.PICKED,
            PickLine.closed_at.between(before, CustodyAct.recorded_at),
        )
        .order_by(PickLine.list_id, PickLine.id)
    )
    lines = registry_session.scalars(found).all() if checked_out else []
    still_open = set(
        registry_session.scalars(
            sa.select(PickList.id)
            .where(PickList.id.in_({one.list_id for one in lines}), PickList.closed_at.is_(None))
            .order_by(PickList.id)
            .with_for_update()
        )
    )
    return [one for one in lines if one.list_id in still_open]


def wait_again(actor: Actor, lines: Sequence[PickLine]) -> None:
    """Let the tubes wait to be fetched, as they did before."""
    for line in lines:
        line.status = PickStatus.WAITING
        line.closed_at = None
        audit.record(actor, AuditTag.PICK_LIST_RESERVED, line.pick_list, tube=line.sample.code)
    registry_session.flush()
