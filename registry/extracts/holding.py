"""Keeping people as they are while their consents are asked and their samples written."""

from collections.abc import Collection

import sqlalchemy as sa

from registry.participants.models import Participant
from registry.persistence import among, registry_session

#: How many participants are locked by one statement.
_HELD_AT_ONCE = 5_000

_SURVIVOR_ID = sa.func.coalesce(Participant.merged_into_id, Participant.id)


def hold_still(participant_ids: Collection[int]) -> frozenset[int]:
    """Lock the participants, whom they were merged into and who was merged into those.

    Until the commit nobody records a consent, a withdrawal, a merge or a sample
    of theirs.  Gives everybody who is locked.
    """
    held: frozenset[int] = frozenset()
    # A merge may have been committed between the question who is concerned and the lock.
    while missing := _concerned(participant_ids) - held:
        _lock(sorted(missing))
        held |= missing
    return held


def _concerned(participant_ids: Collection[int]) -> frozenset[int]:
    survivors = registry_session.scalars(
        sa.select(_SURVIVOR_ID).where(among(Participant.id, participant_ids))
    ).all()
    return frozenset(
        registry_session.scalars(
            sa.select(Participant.id).where(among(_SURVIVOR_ID, set(survivors)))
        )
    )


def _lock(ids: list[int]) -> None:
    """Lock in the order of ids, so that two productions never wait for each other."""
    for start in range(0, len(ids), _HELD_AT_ONCE):
        registry_session.execute(
            sa.select(Participant.id)
            .where(among(Participant.id, ids[start : start + _HELD_AT_ONCE]))
            .order_by(Participant.id)
            .with_for_update()
        ).all()
