"""Putting many samples in quarantine at once, in a number of statements that does not grow."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from registry.custody.models import CustodyAct, Holding
from registry.custody.quarantine import policies
from registry.custody.quarantine.models import Quarantine
from registry.custody.recording import Act, record_many
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.samples.models import Sample
from registry.vocab.custody import ActKind, HolderKind


def lock(participant_ids: Collection[int]) -> Sequence[Holding]:
    """The holdings of all their samples that are left, wherever they are, kept from others.

    Children are among them: they are their participant's too.
    """
    return registry_session.scalars(
        sa.select(Holding)
        .join(Holding.sample)
        .where(Sample.participant_id.in_(participant_ids), Holding.kind != HolderKind.DESTROYED)
        .options(orm.contains_eager(Holding.sample))
        .order_by(Holding.sample_id)
        .with_for_update(of=Holding)
        .execution_options(populate_existing=True)
    ).all()


def put(actor: Actor, holdings: Sequence[Holding], *, cause: str) -> int:
    """Put those of the samples in quarantine that are not there yet; gives how many.

    Their holdings are locked, and each stays with whom it is.
    """
    inside = policies.opened_among([one.sample_id for one in holdings])
    entering = [one for one in holdings if one.sample_id not in inside]
    if not entering:
        return 0
    now = clock.now()
    record_many(actor, entering, Act(ActKind.QUARANTINED, now, fields={"cause": cause}))
    registry_session.execute(
        sa.insert(Quarantine),
        [
            {
                "sample_id": sample_id,
                "cause": cause,
                "opened_at": now,
                "opened_by_act_id": act_id,
                "version": 1,
            }
            for sample_id, act_id in last_acts(entering).items()
        ],
    )
    return len(entering)


def last_acts(holdings: Sequence[Holding]) -> dict[int, int]:
    """The number of the last act on each sample, by the sample."""
    rows = registry_session.execute(
        sa.select(CustodyAct.sample_id, CustodyAct.id)
        .join(
            Holding,
            (Holding.sample_id == CustodyAct.sample_id) & (Holding.acts == CustodyAct.seq),
        )
        .where(Holding.sample_id.in_([one.sample_id for one in holdings]))
        .order_by(CustodyAct.sample_id)
    )
    return dict(rows.all())
