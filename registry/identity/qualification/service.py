"""Raising and lowering the status of an identity: each act recorded with its fields, no value."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from registry import audit
from registry.access import Permission
from registry.identity import discretion, persons
from registry.identity.national import collision, numbering
from registry.identity.national.numbers import NationalNumber
from registry.identity.qualification import policies
from registry.identity.qualification.models import Qualification
from registry.identity.reveal import checked_reason
from registry.identity.subject import Subject, check_version, subject
from registry.identity.traits import Traits
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.persistence import transactional, vault_session
from registry.vocab.audit import AuditTag
from registry.vocab.identity import Trait
from registry.vocab.national import (
    PERMANENT_KINDS,
    UNRELIABLE,
    DocumentType,
    IdentityAttribute,
    IdentityStatus,
    Incoherence,
    NumberKind,
    QualificationAct,
)


@dataclass(frozen=True)
class Retrieval:
    """What became of a retrieval that was recorded."""

    status: IdentityStatus
    #: The number is another person's: it was not taken, and this review asks who is who.
    review: int | None = None


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
    kept = _kept(who, expected_version)
    status = policies.after(kept.status, QualificationAct.CHECK_DOCUMENT, kept.attributes)
    traits = who.traits()
    policies.check_strict_traits(traits)
    policies.check_document(document, checked_on, traits)
    kept.document, kept.checked_on, kept.checked_by = document, checked_on, actor.login
    _change(kept, status)
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
def record_retrieval(
    actor: Actor,
    person_uid: str,
    *,
    number: str,
    kind: NumberKind,
    returned: Traits,
    retrieved_on: date,
    if_incoherent: Incoherence,
    expected_version: int,
) -> Retrieval:
    """Record what the national teleservice (INSi) returned for the person.

    The teleservice cannot be reached from here: a person asks it, and the five
    traits that it `returned` are compared with ours.  A number that another
    person has is not taken: a review asks who is who.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such person at the actor's sites.
    :raises InvalidInput: no such number can exist, the day is to come, or the number does not
        fit the traits and nobody has said what to do (field ``if_incoherent``).
    :raises RuleBroken: a strict trait is missing or differs, the identity is doubtful or
        fictitious, or the person has another number.
    :raises Stale: the status was changed since it was shown.
    :raises Unavailable: the vault is closed.
    """
    who = subject(actor, Permission.NATIONAL_IDENTITY_RECORD, person_uid)
    kept = _kept(who, expected_version)
    status = policies.after(kept.status, QualificationAct.RECORD_RETRIEVAL, kept.attributes)
    typed = NationalNumber.read(number, kind)
    policies.check_day(retrieved_on, field="retrieved_on")
    traits = who.traits()
    policies.check_strict_traits(traits)
    policies.check_returned(traits, returned)
    incoherent = typed.incoherent_with(traits)
    if incoherent and if_incoherent is Incoherence.ASK:
        raise _asking(incoherent)
    holder = numbering.find(who.opened, typed)
    if holder is not None and holder.person_id not in who.group:
        return _collide(actor, who, holder.person_id, kept.status)
    if holder is None:
        _check_takes_place(who, kind)
        numbering.add(who.opened, who.person, typed)
    if incoherent and if_incoherent is Incoherence.DOUBTFUL:
        kept.is_doubtful = True
        status = _lower(kept, QualificationAct.MARK_UNRELIABLE)
    else:
        kept.retrieved_on, kept.retrieved_by = retrieved_on, actor.login
    _change(kept, status)
    audit.record(
        actor,
        AuditTag.NATIONAL_IDENTITY_RETRIEVED,
        who.person,
        site_id=who.place.site_id,
        kind=kind,
        incoherent=incoherent,
        status=status,
    )
    return Retrieval(status)


def _asking(incoherent: Collection[Trait]) -> InvalidInput:
    named = policies.listed(tuple(incoherent))
    return InvalidInput(
        T("The number does not fit these traits: {traits}. Say what to do.", traits=named),
        field="if_incoherent",
    )


def _check_takes_place(who: Subject, kind: NumberKind) -> None:
    """Refuse a second number, but for the one that a waiting number is waiting for."""
    counting = numbering.current(who.group)
    if counting and (counting.kind in PERMANENT_KINDS or kind not in PERMANENT_KINDS):
        raise RuleBroken(
            T("Another national number is recorded for this person. Withdraw that one first."),
            field="number",
        )


def _collide(actor: Actor, who: Subject, holder_id: int, status: IdentityStatus) -> Retrieval:
    """Take nothing: somebody decides first whether both are one person.

    :raises RuleBroken: it was decided that they are not.
    """
    other = persons.root_of(holder_id)
    review = collision.open_review(who.opened, who.person, other)
    if review is None:
        raise RuleBroken(
            T(
                "Somebody who was found to be another person has this number. Check it; if it "
                "is right here, have it withdrawn there."
            ),
            field="number",
        )
    audit.record(
        actor,
        AuditTag.NATIONAL_IDENTITY_COLLIDED,
        who.person,
        site_id=who.place.site_id,
        review=review,
    )
    return Retrieval(status, review)


@transactional
def withdraw_number(
    actor: Actor, person_uid: str, *, reason: str, expected_version: int
) -> IdentityStatus:
    """Take a national number that is not the person's out of the vault, with its key.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such person at the actor's sites.
    :raises InvalidInput: no reason is given, or it says who the person is.
    :raises RuleBroken: the person has none.
    :raises Stale: the status was changed since it was shown.
    :raises Unavailable: the vault is closed.
    """
    who = subject(actor, Permission.NATIONAL_IDENTITY_RECORD, person_uid)
    reason = _reason(actor, who, reason)
    kept = _kept(who, expected_version)
    row = numbering.current(who.group)
    if row is None:
        raise RuleBroken(T("No national number is recorded for this person."))
    kind = row.kind
    numbering.remove(row)
    status = policies.after(kept.status, QualificationAct.WITHDRAW_NUMBER, kept.attributes)
    kept.retrieved_on = kept.retrieved_by = None
    _change(kept, status)
    audit.record(
        actor,
        AuditTag.NATIONAL_IDENTITY_WITHDRAWN,
        who.person,
        reason=reason,
        site_id=who.place.site_id,
        kind=kind,
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
    reason = _reason(actor, who, reason)
    kept = _kept(who, expected_version)
    status = kept.status
    if UNRELIABLE.intersection(attributes):
        status = _lower(kept, QualificationAct.MARK_UNRELIABLE)
    kept.is_doubtful = IdentityAttribute.DOUBTFUL in attributes
    kept.is_fictitious = IdentityAttribute.FICTITIOUS in attributes
    kept.is_homonym = IdentityAttribute.HOMONYM in attributes
    _change(kept, status)
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
    status = _lower(kept, QualificationAct.AMEND_STRICT_TRAIT)
    _change(kept, status)
    return status


def _reason(actor: Actor, who: Subject, reason: str) -> str:
    reason = checked_reason(reason)
    discretion.check_reason(actor, who.person, reason, who.traits(), ())
    return reason


def _kept(who: Subject, expected_version: int) -> Qualification:
    """The person's status, made when there is none yet: then version 0 was shown."""
    kept = vault_session.scalar(
        sa.select(Qualification).where(Qualification.person_id == who.person.id)
    )
    check_version(kept.version if kept else 0, expected_version)
    if kept is None:
        kept = Qualification(
            person_id=who.person.id,
            status=IdentityStatus.PROVISIONAL,
            is_doubtful=False,
            is_fictitious=False,
            is_homonym=False,
            changed_at=clock.now(),
        )
        vault_session.add(kept)
    return kept


def _lower(kept: Qualification, act: QualificationAct) -> IdentityStatus:
    """Let both facts lapse; where that leads."""
    kept.document = kept.checked_on = kept.checked_by = None
    kept.retrieved_on = kept.retrieved_by = None
    return policies.after(kept.status, act, kept.attributes)


def _change(kept: Qualification, status: IdentityStatus) -> None:
    kept.status, kept.changed_at = status, clock.now()
    vault_session.flush()
