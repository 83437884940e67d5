"""Participants who were informed of a version of a form without signing it: a letter, a notice."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.consents.signing import policies
from registry.consents.signing.models import ConsentInformation
from registry.consents.templates import queries as templates
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.participants.models import Participant
from registry.participants.policies import check_is_not_merged
from registry.persistence import lock_row, registry_session, transactional
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.consent import Channel


@transactional
def inform(
    actor: Actor,
    participant_ids: Collection[int],
    *,
    template_id: int,
    informed_on: date,
    channel: Channel,
) -> int:
    """Record that participants were informed; how many were not on record with it before.

    :raises NotPermitted: one of them is at none of the actor's sites.
    :raises RuleBroken: one of them is merged into another.
    :raises InvalidInput: the version was not in use on that day, or these are too many at once.
    """
    if not 0 < len(participant_ids) <= limits.INFORMED_AT_ONCE_MAX:
        raise InvalidInput(
            T("Name 1 to {most} participants at once.", most=limits.INFORMED_AT_ONCE_MAX),
            field="codes",
        )
    require(actor, Permission.CONSENT_INFORM)
    template = templates.get(template_id)
    policies.check_informs(template, informed_on)
    known = _informed(participant_ids, template_id, informed_on)
    for participant_id in sorted(set(participant_ids) - known):
        participant = lock_row(Participant, participant_id)
        require(actor, Permission.CONSENT_INFORM, participant)
        check_is_not_merged(participant)
        registry_session.add(
            ConsentInformation(
                participant_id=participant.id,
                template=template,
                informed_on=informed_on,
                channel=channel,
                recorded_at=clock.now(),
                recorded_by_id=actor.id,
            )
        )
        audit.record(
            actor,
            AuditTag.CONSENT_INFORMED,
            participant,
            template=template.audit_ref,
            informed_on=informed_on,
        )
    registry_session.flush()
    return len(set(participant_ids) - known)


def _informed(participant_ids: Collection[int], template_id: int, informed_on: date) -> set[int]:
    """Who of them is on record with this information already: a campaign may be typed twice."""
    return set(
        registry_session.scalars(
            sa.select(ConsentInformation.participant_id).where(
                ConsentInformation.participant_id.in_(participant_ids),
                ConsentInformation.template_id == template_id,
                ConsentInformation.informed_on == informed_on,
            )
        )
    )
