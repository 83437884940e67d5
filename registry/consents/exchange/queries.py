"""A participant's consents in FHIR, and those of a whole cohort, for who may see them."""

from collections.abc import Iterator

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.consents.exchange import writing
from registry.consents.signing import queries as signing
from registry.consents.withdrawals import queries as withdrawals
from registry.kernel.actor import Actor
from registry.participants import queries as participants
from registry.participants.models import Cohort, Participant
from registry.persistence import registry_session, transactional
from registry.vocab.audit import AuditTag
from registry.vocab.people import ParticipantStatus


@transactional
def of_participant(actor: Actor, code: str) -> str:
    """One Bundle with everything that the participant signed and took back; recorded.

    :raises NotFound: there is no such participant at the actor's sites.
    """
    participant = participants.get(actor, code)
    require(actor, Permission.CONSENT_READ, participant)
    audit.record(actor, AuditTag.CONSENTS_EXPORTED, participant)
    return _bundle(actor, participant)


def of_cohort(actor: Actor, cohort: Cohort) -> Iterator[str]:
    """One Bundle for each participant of the cohort, the merged ones' consents among them.

    That it was asked for is recorded before the first one is given.
    """
    _record(actor, cohort)
    ids = registry_session.scalars(
        sa.select(Participant.id)
        .where(
            Participant.cohort_id == cohort.id,
            Participant.status != ParticipantStatus.MERGED,
        )
        .order_by(Participant.id)
    ).all()
    for participant_id in ids:
        yield _bundle(actor, participants.get_by_id(actor, participant_id))
        registry_session.expunge_all()


@transactional
def _record(actor: Actor, cohort: Cohort) -> None:
    require(actor, Permission.CONSENT_EXPORT)
    audit.record(actor, AuditTag.CONSENTS_EXPORTED, cohort)


def _bundle(actor: Actor, participant: Participant) -> str:
    return writing.bundle(
        participant,
        signing.of_participant(actor, participant.id),
        withdrawals.of_participant(actor, participant.id),
    )
