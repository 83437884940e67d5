"""Reading a dossier, and the record of who asked for one and when it was answered."""

from datetime import date, timedelta

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.audit.models import AuditEntry
from registry.dossiers import contents, policies
from registry.dossiers.contents import Dossier
from registry.dossiers.models import DossierRequest
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound, TooManyAttempts
from registry.kernel.messages import T
from registry.participants.models import Participant
from registry.participants.policies import check_is_not_merged
from registry.persistence import lock_row, registry_session, transactional
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.consent import Channel
from registry.vocab.dossiers import DossierAnswer


@transactional
def read(actor: Actor, participant_id: int, *, form: str) -> Dossier:
    """The dossier; that it was read, and as which `form` (page, pdf), is recorded first.

    :raises NotFound: there is no such participant.
    :raises NotPermitted: the participant is at no site of the actor's, nor the actor.
    :raises RuleBroken: the participant is merged into another, whose dossier it is.
    :raises TooManyAttempts: it was read by the same link too often in a short time.
    """
    participant = registry_session.get(Participant, participant_id)
    if participant is None:
        raise NotFound(T("There is no participant with this code at your sites."))
    require(actor, Permission.DOSSIER_READ, participant)
    check_is_not_merged(participant)
    _check_pace(actor, participant)
    audit.record(actor, AuditTag.DOSSIER_READ, participant, form=form)
    return contents.gather(participant)


def _check_pace(actor: Actor, participant: Participant) -> None:
    """Each reading by a link makes a document and an entry of the journal: bound their number."""
    if actor.participant is None:
        return
    window = timedelta(seconds=limits.LINK_READS_WINDOW_SECONDS)
    read_before = registry_session.scalar(
        sa.select(sa.func.count())
        .select_from(AuditEntry)
        .where(
            AuditEntry.object_ref == participant.audit_ref,
            AuditEntry.actor_login == actor.login,
            AuditEntry.tag == AuditTag.DOSSIER_READ,
            AuditEntry.at > clock.now() - window,
        )
    )
    if (read_before or 0) >= limits.LINK_READS_MAX:
        raise TooManyAttempts(
            T("The dossier was opened very often. Wait an hour, then open it again.")
        )


@transactional
def ask(actor: Actor, participant_id: int, *, asked_on: date, channel: Channel) -> DossierRequest:
    """Record that the participant asked for the dossier, and when: a month runs from that day.

    :raises InvalidInput: the day is to come.
    :raises RuleBroken: the participant is merged into another.
    """
    participant = lock_row(Participant, participant_id)
    require(actor, Permission.DOSSIER_ANSWER, participant)
    check_is_not_merged(participant)
    policies.check_asked(asked_on)
    request = DossierRequest(
        participant=participant,
        asked_on=asked_on,
        channel=channel,
        recorded_at=clock.now(),
        recorded_by_id=actor.id,
    )
    registry_session.add(request)
    registry_session.flush()
    audit.record(
        actor,
        AuditTag.DOSSIER_REQUESTED,
        participant,
        request=request.id,
        asked_on=asked_on,
        channel=channel,
    )
    return request


@transactional
def answer(
    actor: Actor, request_id: int, *, answered_on: date, how: DossierAnswer
) -> DossierRequest:
    """Record that the participant got the dossier.

    :raises RuleBroken: it was answered before.
    :raises InvalidInput: the day lies before the request or is to come.
    """
    request = lock_row(DossierRequest, request_id)
    require(actor, Permission.DOSSIER_ANSWER, request)
    policies.check_answered(request, answered_on)
    request.answered_on = answered_on
    request.answer = how
    request.answered_by_id = actor.id
    audit.record(
        actor,
        AuditTag.DOSSIER_ANSWERED,
        request.participant,
        request=request.id,
        answered_on=answered_on,
        how=how,
    )
    return request
