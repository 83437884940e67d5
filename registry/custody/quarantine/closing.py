"""Ending the quarantine of one sample, whose holding is locked, by an act on it."""

import sqlalchemy as sa

from registry.custody import recording
from registry.custody.models import CustodyAct, Holding
from registry.custody.quarantine.models import Quarantine
from registry.custody.recording import Act
from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.vocab.custody import ActKind


def locked(sample_id: int) -> Quarantine | None:
    """The open quarantine of a sample, kept from other writers."""
    return registry_session.scalar(
        sa.select(Quarantine)
        .where(Quarantine.sample_id == sample_id, Quarantine.closed_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def close(sample_id: int, act: CustodyAct) -> None:
    """The act ends the sample's quarantine, if it is in one."""
    found = locked(sample_id)
    if found is not None:
        registry_session.flush()
        found.closed_at = act.happened_at
        found.closed_by_act_id = act.id


def release(actor: Actor, holding: Holding, reason: str) -> None:
    """Let a sample that is in quarantine be used again.

    :raises RuleBroken: its holder allows no such act.
    """
    found = locked(holding.sample_id)
    fields = {} if found is None else {"cause": found.cause}
    now = recording.check(ActKind.RELEASED, holding, None, field="codes")
    act = Act(ActKind.RELEASED, now, comment=reason, fields=fields)
    done = recording.record(actor, holding, act)
    close(holding.sample_id, done)
