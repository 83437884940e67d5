"""What participants do when the vault learns who somebody is.

`registry.wiring` connects these to the events of ``registry.identity``, which
this package does not know.
"""

from datetime import date
from typing import Protocol

import sqlalchemy as sa

from registry import audit
from registry.kernel.actor import Actor
from registry.kernel.events import publish
from registry.participants.events import ParticipantMerged
from registry.participants.majority import keep_majority
from registry.participants.models import Participant
from registry.participants.policies import still_minor_until
from registry.participants.service import keep_history, survivor
from registry.persistence import registry_session
from registry.vocab.audit import AuditTag
from registry.vocab.people import ParticipantStatus, Sex


class PersonsMerged(Protocol):
    """Two persons were found to be one."""

    @property
    def actor(self) -> Actor: ...
    @property
    def kept_uid(self) -> str: ...
    @property
    def merged_uid(self) -> str: ...


class PersonAmended(Protocol):
    """The person's identity was corrected."""

    @property
    def actor(self) -> Actor: ...
    @property
    def person_uid(self) -> str: ...
    @property
    def birth_year(self) -> int | None: ...
    @property
    def adult_from(self) -> date | None: ...
    @property
    def sex(self) -> Sex | None: ...
    @property
    def is_incomplete(self) -> bool: ...


class PersonEstablished(Protocol):
    """It is settled who the person is: no doubt about a duplicate is left."""

    @property
    def actor(self) -> Actor: ...
    @property
    def person_uid(self) -> str: ...


class PersonErased(Protocol):
    """The person's identity was destroyed."""

    @property
    def actor(self) -> Actor: ...
    @property
    def person_uid(self) -> str: ...
    @property
    def erased_on(self) -> date: ...


def on_persons_merged(event: PersonsMerged) -> None:
    """Let the kept person's participants stand for the other's.

    Where the kept person is in the same cohort, the other's participant is
    merged into it; elsewhere the participant simply belongs to the kept person
    from now on.
    """
    moved = registry_session.scalars(
        sa.select(Participant)
        .where(
            Participant.person_uid == event.merged_uid,
            Participant.status != ParticipantStatus.MERGED,
        )
        .order_by(Participant.id)
        .with_for_update()
    ).all()
    for participant in moved:
        kept = registry_session.scalar(
            sa.select(Participant).where(
                Participant.person_uid == event.kept_uid,
                Participant.cohort_id == participant.cohort_id,
            )
        )
        if kept is None:
            _reassign(event, participant)
        else:
            _merge(event, participant, survivor(kept))


def _reassign(event: PersonsMerged, participant: Participant) -> None:
    """Make the participant the kept person's: confirmed only if that person is beyond doubt."""
    confirmed = registry_session.scalar(
        sa.select(Participant.id).where(
            Participant.person_uid == event.kept_uid,
            Participant.status == ParticipantStatus.ENROLLED,
        )
    )
    participant.person_uid = event.kept_uid
    if confirmed is not None:
        participant.status = ParticipantStatus.ENROLLED
    keep_history(participant, merge_of=event.merged_uid)
    audit.record(
        event.actor, AuditTag.PARTICIPANT_REASSIGNED, participant, status=participant.status
    )


def _merge(event: PersonsMerged, participant: Participant, into: Participant) -> None:
    earlier = registry_session.scalars(
        sa.select(Participant).where(Participant.merged_into_id == participant.id)
    ).all()
    for merged in (participant, *earlier):
        merged.status = ParticipantStatus.MERGED
        merged.merged_into_id = into.id
        registry_session.flush()
        keep_history(merged, merge_of=event.merged_uid)
        audit.record(event.actor, AuditTag.PARTICIPANT_MERGED, merged, into=into.code)
    publish(ParticipantMerged(actor=event.actor, into_id=into.id))


def on_person_erased(event: PersonErased) -> None:
    """Mark the person's participants, merged ones too; their pseudonymous data stay."""
    nameless = registry_session.scalars(
        sa.select(Participant)
        .where(
            Participant.person_uid == event.person_uid,
            Participant.identity_erased_on.is_(None),
        )
        .order_by(Participant.id)
        .with_for_update()
    ).all()
    for participant in nameless:
        participant.identity_erased_on = event.erased_on
        audit.record(
            event.actor,
            AuditTag.PARTICIPANT_IDENTITY_ERASED,
            participant,
            erased_on=event.erased_on,
        )


def on_person_amended(event: PersonAmended) -> None:
    """Let the person's participants have the birth year and the sex of the corrected identity."""
    now = {
        "birth_year": event.birth_year,
        "sex": event.sex or Sex.UNKNOWN,
        "is_incomplete": event.is_incomplete,
    }
    for participant in registry_session.scalars(
        sa.select(Participant)
        .where(
            Participant.person_uid == event.person_uid,
            Participant.status != ParticipantStatus.MERGED,
        )
        .order_by(Participant.id)
        .with_for_update()
    ).all():
        minor_until = still_minor_until(event.adult_from, participant.included_on)
        own = {**now, "adult_from": minor_until}
        corrected = [name for name, value in own.items() if getattr(participant, name) != value]
        if not corrected:
            continue
        for name in corrected:
            setattr(participant, name, own[name])
        if "adult_from" in corrected:
            keep_majority(participant)
        audit.record(event.actor, AuditTag.PARTICIPANT_CORRECTED, participant, fields=corrected)


def on_person_established(event: PersonEstablished) -> None:
    """Confirm the person's tentative participants."""
    tentative = registry_session.scalars(
        sa.select(Participant)
        .where(
            Participant.person_uid == event.person_uid,
            Participant.status == ParticipantStatus.TENTATIVE,
        )
        .order_by(Participant.id)
        .with_for_update()
    ).all()
    for participant in tentative:
        participant.status = ParticipantStatus.ENROLLED
        keep_history(participant)
        audit.record(event.actor, AuditTag.PARTICIPANT_CONFIRMED, participant)
