"""What participants do when a merge of two persons is undone.

Each participant's history tells what it was; what was recorded about it since
stays where it was recorded.  `registry.wiring` connects these to the events of
``registry.identity``, which this package does not know.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa

from registry import audit
from registry.kernel.actor import Actor
from registry.participants.models import Participant, ParticipantHistory
from registry.participants.service import keep_history, survivor
from registry.persistence import registry_session
from registry.vocab.audit import AuditTag
from registry.vocab.people import ParticipantStatus


class PersonsSplit(Protocol):
    """The merge of two persons was undone."""

    @property
    def actor(self) -> Actor: ...
    @property
    def kept_uid(self) -> str: ...
    @property
    def split_uid(self) -> str: ...
    @property
    def undone_at(self) -> datetime: ...


class PersonDoubted(Protocol):
    """It is doubtful again who the person is."""

    @property
    def actor(self) -> Actor: ...
    @property
    def person_uid(self) -> str: ...


@dataclass(frozen=True)
class GivenBack:
    """A participant whom a merge changed, what it was before, and who bears its records since."""

    participant: Participant
    before: ParticipantHistory
    bearer: Participant


def given_back(split_uid: str, undone_at: datetime) -> Sequence[GivenBack]:
    """The participants that a merge of this person changed, and that are as it left them.

    One that has changed since stays as it is; so does one in whose cohort the
    person has another participant by now.  What was recorded after `undone_at`
    is the work of another merge, which stands: a crash makes the vault tell
    again of merges that were undone long ago.
    """
    latest = (
        sa.select(sa.func.max(ParticipantHistory.id))
        .where(
            ParticipantHistory.merge_of == split_uid,
            ParticipantHistory.recorded_at <= undone_at,
        )
        .group_by(ParticipantHistory.participant_id)
    )
    rows = registry_session.execute(
        sa.select(ParticipantHistory, Participant)
        .join(Participant, Participant.id == ParticipantHistory.participant_id)
        .where(
            ParticipantHistory.id.in_(latest),
            ParticipantHistory.person_uid == Participant.person_uid,
            ParticipantHistory.merged_into_id.is_not_distinct_from(Participant.merged_into_id),
        )
        .order_by(Participant.id)
    ).all()
    return [
        GivenBack(participant, before, survivor(participant))
        for row, participant in rows
        if _has_room(participant, before := _before(row))
    ]


def _before(row: ParticipantHistory) -> ParticipantHistory:
    """What the participant was until then."""
    return registry_session.scalars(
        sa.select(ParticipantHistory)
        .where(
            ParticipantHistory.participant_id == row.participant_id,
            ParticipantHistory.id < row.id,
        )
        .order_by(ParticipantHistory.id.desc())
        .limit(1)
    ).one()


def _has_room(participant: Participant, before: ParticipantHistory) -> bool:
    return not registry_session.scalar(
        sa.select(Participant.id).where(
            Participant.person_uid == before.person_uid,
            Participant.cohort_id == participant.cohort_id,
            Participant.id != participant.id,
        )
    )


def on_persons_split(event: PersonsSplit) -> None:
    """Let the split person's participants, and who followed them, be what they were before."""
    for one in given_back(event.split_uid, event.undone_at):
        participant = one.participant
        participant.person_uid = one.before.person_uid
        participant.status = one.before.status
        participant.merged_into_id = one.before.merged_into_id
        registry_session.flush()
        keep_history(participant)
        audit.record(
            event.actor,
            AuditTag.PARTICIPANT_RESTORED,
            participant,
            status=participant.status,
            apart_from=one.bearer.code,
        )


def on_person_doubted(event: PersonDoubted) -> None:
    """Make the person's confirmed participants tentative again."""
    confirmed = registry_session.scalars(
        sa.select(Participant)
        .where(
            Participant.person_uid == event.person_uid,
            Participant.status == ParticipantStatus.ENROLLED,
        )
        .order_by(Participant.id)
        .with_for_update()
    ).all()
    for participant in confirmed:
        participant.status = ParticipantStatus.TENTATIVE
        keep_history(participant)
        audit.record(event.actor, AuditTag.PARTICIPANT_DOUBTED, participant)
