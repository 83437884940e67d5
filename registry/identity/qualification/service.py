"""Raising and lowering the status of an identity: each act recorded with its fields, no value."""

from collections.abc import Collection
from datetime import date

from registry import audit
from registry.access import Permission
from registry.identity.national import numbering
from registry.identity.qualification import keeping, policies
from registry.identity.qualification.models import Qualification
from registry.identity.subject import subject
from registry.kernel.actor import Actor
from registry.persistence import transactional, vault_session
from registry.vocab.audit import AuditTag
from registry.vocab.national import (
    UNRELIABLE,
    DocumentType,
    IdentityAttribute,
    IdentityStatus,
    QualificationAct,
)


@transactional
def check_document(
    actor: Actor,
    person_uid: str,
    *,
    document: DocumentType,
    checked_on: date,
    expected_version: int,
) -> IdentityStatus:
    """Record that a document was seen and bears the very traits that are kept here.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such person at the actor's sites.
    :raises InvalidInput: the day is to come, or the document cannot prove this identity.
    :raises RuleBroken: a strict trait is missing, or the identity is doubtful or fictitious.
    :raises Stale: the status was changed since it was shown.
    :raises Unavailable: the vault is closed.
    """
    who = subject(actor, Permission.IDENTITY_QUALIFY, person_uid)
    kept = keeping.kept(who, expected_version)
    status = policies.after(kept.status, QualificationAct.CHECK_DOCUMENT, kept.attributes)
    traits = who.traits()
    policies.check_strict_traits(traits)
    policies.check_document(document, checked_on, traits)
    kept.document, kept.checked_on, kept.checked_by = document, checked_on, actor.login
    keeping.change(kept, status)
    audit.record(
        actor,
        AuditTag.DOCUMENT_CHECKED,
        who.person,
        site_id=who.place.site_id,
        document=document,
        checked_on=checked_on.isoformat(),
        status=status,
    )
    return status


@transactional
def mark(
    actor: Actor,
    person_uid: str,
    attributes: Collection[IdentityAttribute],
    *,
    reason: str,
    expected_version: int,
) -> IdentityStatus:
    """Say which attributes the identity has; doubtful or fictitious makes it provisional.

    Taking such a mark off leaves it provisional: what vouched for it lapsed.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such person at the actor's sites.
    :raises InvalidInput: no reason is given, or it says who the person is.
    :raises Stale: the status was changed since it was shown.
    :raises Unavailable: the vault is closed.
    """
    who = subject(actor, Permission.IDENTITY_QUALIFY, person_uid)
    reason = keeping.reason_for(actor, who, reason)
    kept = keeping.kept(who, expected_version)
    status = kept.status
    if UNRELIABLE.intersection(attributes):
        status = keeping.lower(kept, QualificationAct.MARK_UNRELIABLE)
    kept.is_doubtful = IdentityAttribute.DOUBTFUL in attributes
    kept.is_fictitious = IdentityAttribute.FICTITIOUS in attributes
    kept.is_homonym = IdentityAttribute.HOMONYM in attributes
    keeping.change(kept, status)
    audit.record(
        actor,
        AuditTag.IDENTITY_MARKED,
        who.person,
        reason=reason,
        site_id=who.place.site_id,
        attributes=sorted(attributes),
        status=status,
    )
    return status


def strict_trait_amended(person_id: int) -> IdentityStatus:
    """Lower the status of a person whose strict trait was corrected; the caller records it."""
    kept = vault_session.get(Qualification, person_id)
    if kept is None:
        return IdentityStatus.PROVISIONAL
    status = keeping.lower(kept, QualificationAct.AMEND_STRICT_TRAIT)
    keeping.change(kept, status)
    return status


def number_gone(person_id: int, group: Collection[int]) -> IdentityStatus | None:
    """Let a retrieval lapse whose number is none of the group's any more; the caller records it.

    The status to which that leads; None when nothing lapses.
    """
    kept = vault_session.get(Qualification, person_id)
    if kept is None or kept.retrieved_on is None or numbering.current(group):
        return None
    status = policies.after(kept.status, QualificationAct.WITHDRAW_NUMBER, kept.attributes)
    kept.retrieved_on = kept.retrieved_by = None
    keeping.change(kept, status)
    return status
