"""Recording what the national teleservice returned, and taking a wrong number out again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from registry import audit
from registry.access import Permission
from registry.identity import persons
from registry.identity.national import collision, numbering
from registry.identity.national.models import NationalIdentifier
from registry.identity.national.numbers import NationalNumber
from registry.identity.qualification import keeping, policies
from registry.identity.subject import Subject, subject
from registry.identity.traits import Traits
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.persistence import transactional
from registry.vocab.audit import AuditTag
from registry.vocab.identity import Trait
from registry.vocab.national import (
    PERMANENT_KINDS,
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


@dataclass(frozen=True, repr=False)
class Returned:
    """What a person copied from the national teleservice."""

    number: str
    kind: NumberKind
    traits: Traits
    on: date


@transactional
def record_retrieval(
    actor: Actor,
    person_uid: str,
    returned: Returned,
    *,
    if_incoherent: Incoherence,
    expected_version: int,
) -> Retrieval:
    """Record what the national teleservice (INSi) returned for the person.

    The teleservice cannot be reached from here: a person asks it, and the five
    traits that it returned are compared with ours.  A number that another
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
    kept = keeping.kept(who, expected_version)
    status = policies.after(kept.status, QualificationAct.RECORD_RETRIEVAL, kept.attributes)
    typed, incoherent = _checked(who, returned)
    if incoherent and if_incoherent is Incoherence.ASK:
        raise _asking(incoherent)
    holder = numbering.find(who.opened, typed)
    if holder is not None and holder.person_id not in who.group:
        return _collide(actor, who, holder.person_id, kept.status)
    _put_in_force(who, holder, typed)
    if incoherent and if_incoherent is Incoherence.DOUBTFUL:
        kept.is_doubtful = True
        status = keeping.lower(kept, QualificationAct.MARK_UNRELIABLE)
    else:
        kept.retrieved_on, kept.retrieved_by = returned.on, actor.login
    keeping.change(kept, status)
    _record(actor, who, typed.kind, incoherent, status)
    return Retrieval(status)


def _checked(who: Subject, returned: Returned) -> tuple[NationalNumber, tuple[Trait, ...]]:
    """The number, and the traits of ours that it does not fit."""
    typed = NationalNumber.read(returned.number, returned.kind)
    policies.check_day(returned.on, field="retrieved_on")
    traits = who.traits()
    policies.check_strict_traits(traits)
    policies.check_returned(traits, returned.traits)
    return typed, typed.incoherent_with(traits)


def _record(
    actor: Actor,
    who: Subject,
    kind: NumberKind,
    incoherent: Collection[Trait],
    status: IdentityStatus,
) -> None:
    audit.record(
        actor,
        AuditTag.NATIONAL_IDENTITY_RETRIEVED,
        who.person,
        site_id=who.place.site_id,
        kind=kind,
        incoherent=list(incoherent),
        status=status,
    )


def _asking(incoherent: Collection[Trait]) -> InvalidInput:
    named = policies.listed(tuple(incoherent))
    return InvalidInput(
        T("The number does not fit these traits: {traits}. Say what to do.", traits=named),
        field="if_incoherent",
    )


def _put_in_force(who: Subject, known: NationalIdentifier | None, typed: NationalNumber) -> None:
    """Let the number count, known or new; a status stands on a number that does."""
    counting = numbering.current(who.group)
    if known is not None and known is counting:
        return
    _check_takes_place(counting, typed.kind)
    if known is None:
        numbering.add(who.opened, who.person, typed)
    else:
        numbering.put_in_force(known)


def _check_takes_place(counting: NationalIdentifier | None, kind: NumberKind) -> None:
    """Refuse a second number, but for the one that a waiting number is waiting for."""
    if counting and (counting.kind in PERMANENT_KINDS or kind not in PERMANENT_KINDS):
        raise RuleBroken(
            T("Another national number is recorded for this person. Withdraw that one first."),
            field="national_number",
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
            field="national_number",
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
    reason = keeping.reason_for(actor, who, reason)
    kept = keeping.kept(who, expected_version)
    row = numbering.current(who.group)
    if row is None:
        raise RuleBroken(T("No national number is recorded for this person."))
    kind = row.kind
    numbering.remove(row)
    status = policies.after(kept.status, QualificationAct.WITHDRAW_NUMBER, kept.attributes)
    kept.retrieved_on = kept.retrieved_by = None
    keeping.change(kept, status)
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
