"""A person's status as it is kept: read afresh, lowered, changed.  Callers ask leave and record."""

import sqlalchemy as sa

from registry.identity import discretion
from registry.identity.qualification import policies
from registry.identity.qualification.models import Qualification
from registry.identity.reveal import checked_reason
from registry.identity.subject import Subject, check_version
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.persistence import vault_session
from registry.vocab.national import IdentityStatus, QualificationAct


def reason_for(actor: Actor, who: Subject, reason: str) -> str:
    """The reason without its outer spaces; refused when it is none or says who the person is."""
    reason = checked_reason(reason)
    discretion.check_reason(actor, who.person, reason, who.traits(), who.numbers())
    return reason


def kept(who: Subject, expected_version: int) -> Qualification:
    """The person's status, made when there is none yet: then version 0 was shown."""
    found = vault_session.scalar(
        sa.select(Qualification).where(Qualification.person_id == who.person.id)
    )
    check_version(found.version if found else 0, expected_version)
    if found is None:
        found = Qualification(
            person_id=who.person.id,
            status=IdentityStatus.PROVISIONAL,
            is_doubtful=False,
            is_fictitious=False,
            is_homonym=False,
            changed_at=clock.now(),
        )
        vault_session.add(found)
    return found


def lower(kept: Qualification, act: QualificationAct) -> IdentityStatus:
    """Let both facts lapse; the status to which that leads."""
    kept.document = kept.checked_on = kept.checked_by = None
    kept.retrieved_on = kept.retrieved_by = None
    return policies.after(kept.status, act, kept.attributes)


def change(kept: Qualification, status: IdentityStatus) -> None:
    """Keep the new status, now."""
    kept.status, kept.changed_at = status, clock.now()
    vault_session.flush()
