"""Handing many samples to their holders at once, each by an act of its own, in few statements."""

from collections.abc import Sequence

import sqlalchemy as sa

from registry.custody import recording
from registry.custody.models import CustodyAct, Holding
from registry.custody.recording import Act, Holder
from registry.kernel.actor import Actor
from registry.persistence import db, registry_session
from registry.vocab.custody import HolderKind

Move = tuple[Holding, Act, Holder]


def record_moves(actor: Actor, moves: Sequence[Move]) -> None:
    """Record each act and hand its sample to its holder.  Samples may take each other's cells.

    Their holdings are locked.
    """
    if not moves:
        return
    registry_session.flush()
    registry_session.execute(
        sa.insert(CustodyAct).execution_options(render_nulls=True),
        [recording.act_row(actor, one, act, holder) for one, act, holder in moves],
    )
    # No two samples are in one cell even between two statements: all cells are left first.
    registry_session.execute(
        sa.update(Holding)
        .where(Holding.sample_id.in_([one.sample_id for one, _, _ in moves]))
        .values(kind=HolderKind.BENCH, box_id=None, row=None, col=None, person_id=None)
        .execution_options(synchronize_session=False)
    )
    _hand_over(moves)
    for one, act, _ in moves:
        recording.journal(actor, one.sample, act)
        registry_session.expire(one)


def _hand_over(moves: Sequence[Move]) -> None:
    held: sa.Table = Holding.__table__  # type: ignore[assignment]
    registry_session.connection(bind_arguments={"bind": db.engines["registry"]}).execute(
        sa.update(held)
        .where(held.c.sample_id == sa.bindparam("of"))
        .values(acts=held.c.acts + 1, version=held.c.version + 1),
        [
            {
                "of": one.sample_id,
                "kind": holder.kind,
                "since": act.happened_at,
                **vars(recording.worn(one, act, holder)),
                **recording.columns_of(holder),
            }
            for one, act, holder in moves
        ],
    )
