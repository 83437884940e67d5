"""From a project's code back to the participant: for the trusted person alone, one at a time.

Nothing stores which code is whose: the codes of those who are in the request's
extracts are made again and compared.
"""

from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.applications.models import Application
from registry.extracts.models import Extract, ExtractMember
from registry.identity import pace
from registry.identity.pseudonyms import projects
from registry.identity.pseudonyms.projects import ProjectCodes
from registry.identity.reveal import checked_reason
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.participants.models import Participant
from registry.persistence import registry_session, transactional
from registry.samples.models import Sample
from registry.vocab.audit import AuditTag
from registry.vocab.pseudonyms import ReversalReason


@dataclass(frozen=True)
class Reversed:
    """Who bears a project's code, under the code of the cohort."""

    #: As it was meant, whatever slip was made in typing it.
    pseudonym: str
    participant: Participant

    @property
    def stands_for(self) -> Participant | None:
        """Who stands for the participant since a merge."""
        return self.participant.merged_into


def reverse(
    actor: Actor, *, number: str, pseudonym: str, kind: ReversalReason, reason: str
) -> Reversed:
    """The participant who bears `pseudonym` in the extracts of request `number`.

    A sample's code leads to the participant it was taken from.  Who asked and
    why is recorded before the answer, and so is an answer that could not be
    given: committed, before anybody is told that nobody bears the code.

    :raises NotPermitted: the actor reverses no pseudonyms, or made the request.
    :raises NotFound: no extract was made of such a request, or nobody bears the code in it.
    :raises InvalidInput: it is no project code, or no reason is given.
    :raises TooManyAttempts: the actor has asked too often in a short time.
    :raises Unavailable: the vault is closed.
    """
    found = _sought(actor, number, pseudonym, kind, reason)
    if found is None:
        raise NotFound(
            T("Nobody bears this code in the extracts of request {number}.", number=number),
            field="pseudonym",
        )
    return found


@transactional
def _sought(
    actor: Actor, number: str, pseudonym: str, kind: ReversalReason, reason: str
) -> Reversed | None:
    require(actor, Permission.PSEUDONYM_REVERSE)
    application = _with_extracts(number)
    codes = projects.to_reverse(actor, application)
    meant = projects.read(pseudonym)
    reason = checked_reason(reason)
    pace.check(actor, pace.REVERSALS, application)
    borne = _bearer(codes, application, meant)
    if borne is None:
        audit.record(actor, AuditTag.PSEUDONYM_NOT_FOUND, application, reason=reason, kind=kind)
        return None
    participant = registry_session.get_one(Participant, borne.participant_id)
    audit.record(
        actor,
        AuditTag.PSEUDONYM_REVERSED,
        participant,
        reason=reason,
        site_id=participant.site_id,
        application=application.number,
        kind=kind,
    )
    return Reversed(borne.code, participant)


def _with_extracts(number: str) -> Application:
    found = registry_session.scalar(
        sa.select(Application).where(
            Application.number == number.strip().upper(),
            sa.exists().where(Extract.application_id == Application.id),
        )
    )
    if found is None:
        raise NotFound(T("No extract was made of a request with this number."), field="number")
    return found


class _Borne(NamedTuple):
    code: str
    participant_id: int


def _bearer(codes: ProjectCodes, application: Application, meant: frozenset[str]) -> _Borne | None:
    """The participant whose code, or one of whose samples' codes, this is."""
    members = (
        sa.select(ExtractMember.participant_id)
        .join(Extract, Extract.id == ExtractMember.extract_id)
        .where(Extract.application_id == application.id)
        .distinct()
    )
    if any(one.startswith(projects.PARTICIPANT) for one in meant):
        made = (_Borne(codes.participant(one), one) for one in registry_session.scalars(members))
    else:
        samples = registry_session.execute(
            sa.select(Sample.id, Sample.participant_id)
            .join(Participant, Participant.id == Sample.participant_id)
            .where(sa.or_(Participant.id.in_(members), Participant.merged_into_id.in_(members)))
        )
        made = (_Borne(codes.sample(row.id), row.participant_id) for row in samples)
    return next((one for one in made if one.code in meant), None)
