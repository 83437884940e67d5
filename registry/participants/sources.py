"""The numbers under which other systems know participants."""

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.participants.models import Participant, ParticipantSource
from registry.persistence import lock_row, registry_session, rows_for, transactional
from registry.vocab.audit import AuditTag

#: A system and the number under which it knows the participant.
Source = tuple[str, str]


@transactional
def add_source(actor: Actor, participant_id: int, *, source: Source) -> ParticipantSource:
    """Note the number under which another system knows the participant; twice has no effect.

    :raises RuleBroken: the number belongs to another participant.
    """
    participant = lock_row(Participant, participant_id)
    require(actor, Permission.PARTICIPANT_ENROL, participant)
    system, source_code = source
    known = registry_session.scalar(
        sa.select(ParticipantSource).where(
            ParticipantSource.system == system, ParticipantSource.source_code == source_code
        )
    )
    if known is not None:
        if survivor(known.participant).id != survivor(participant).id:
            raise belongs_to_another()
        return known
    added = ParticipantSource(participant=participant, system=system, source_code=source_code)
    registry_session.add(added)
    audit.record(actor, AuditTag.PARTICIPANT_SOURCE_ADDED, participant, system=system)
    return added


def survivor(participant: Participant) -> Participant:
    """The participant who stands for this one: itself, unless merged."""
    while participant.merged_into is not None:
        participant = participant.merged_into
    return participant


def belongs_to_another() -> RuleBroken:
    """What is said when a number is somebody else's."""
    return RuleBroken(T("This source number belongs to another participant."), field="source_code")


def holders(asked: set[Source]) -> dict[Source, int]:
    """Which of these numbers are given, and the participant who stands for their holder."""
    found: dict[Source, int] = {}
    for system in {system for system, _code in asked}:
        codes = {code for of, code in asked if of == system}
        for row in rows_for(registry_session, _HOLDERS, codes, system=system):
            holder = row.Participant
            found[system, row.source_code] = survivor(holder).id
    return found


_HOLDERS = (
    sa.select(Participant, ParticipantSource.source_code)
    .join_from(ParticipantSource, Participant)
    .where(
        ParticipantSource.system == sa.bindparam("system"),
        ParticipantSource.source_code.in_(sa.bindparam("values", expanding=True)),
    )
)
