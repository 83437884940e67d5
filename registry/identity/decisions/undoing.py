"""Undoing a merge: the person stands alone again, with all that was theirs."""

from datetime import datetime

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.identity import numbers, persons
from registry.identity.decisions import keeping, merging
from registry.identity.decisions.models import MatchDecision, PersonMerge
from registry.identity.decisions.service import locked, take_up_again
from registry.identity.events import PersonDoubted, PersonsSplit
from registry.identity.models import MatchReview, Person
from registry.identity.qualification.service import number_gone
from registry.identity.reveal import check_not_erased
from registry.kernel import clock, events
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.persistence import transactional, vault_session
from registry.vocab.audit import AuditTag
from registry.vocab.identity import ReviewOutcome, Standing


@transactional
def undo_merge(actor: Actor, review_id: int, reason: str) -> None:
    """Undo the merge that the pair's decision brought.

    The merged person stands alone again as before, the numbers that became
    earlier ones are in use again, and the questions that the merge answered
    wait again.  What was received since stays with the person that was kept.  Whose
    national number is the other's is no longer as trusted as it made them.
    Undoing again tells the registry again what came of it.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such review at the actor's sites.
    :raises RuleBroken: nothing was merged, another merge came later, or one
        of the persons was erased.
    :raises InvalidInput: the reason is none, or names one of them.
    """
    require(actor, Permission.IDENTITY_REVIEW)
    pair, sides = locked(actor, review_id)
    reason = keeping.checked(actor, pair, sides, reason)
    made = merge_of(pair)
    if made is None:
        raise RuleBroken(T("This decision merged nobody: there is nothing to undo."))
    if made.undone_at is not None:
        take_up_again(actor, pair, sides, AuditTag.REVIEW_DECIDED, reason)
        return
    later = made_later(made)
    if later is not None:
        raise RuleBroken(
            T(
                "These persons were merged again later. Undo that first: pair {number}.",
                number=later.review_id,
            )
        )
    undone_at = clock.now()
    kept, merged = _split(made, undone_at)
    _reopen(actor, made, reason)
    lowered = {
        person.uid: status
        for person in (kept, merged)
        if (status := number_gone(person.id, persons.group_of(person.id)))
    }
    audit.record(
        actor, AuditTag.PERSON_SPLIT, merged, reason=reason, kept=kept.uid, lowered=lowered or None
    )
    events.publish(PersonsSplit(actor, kept.uid, merged.uid, undone_at))
    for person in (kept, merged):
        merging.establish(actor, person)
        if person.standing is Standing.TENTATIVE:
            audit.record(actor, AuditTag.PERSON_DOUBTED, person)
            events.publish(PersonDoubted(actor, person.uid))


def merge_of(pair: MatchReview) -> PersonMerge | None:
    """The merge that the pair's latest merging decision brought, standing or undone."""
    return vault_session.scalar(
        sa.select(PersonMerge)
        .join(MatchDecision, MatchDecision.merge_id == PersonMerge.id)
        .where(MatchDecision.review_id == pair.id)
        .order_by(MatchDecision.number.desc())
        .limit(1)
    )


def made_later(made: PersonMerge) -> PersonMerge | None:
    """The latest merge that stands among the same persons and came after this one."""
    group = persons.group_of(persons.root_of(made.kept_id).id)
    return vault_session.scalar(
        sa.select(PersonMerge)
        .where(
            PersonMerge.id > made.id,
            PersonMerge.undone_at.is_(None),
            sa.or_(PersonMerge.kept_id.in_(group), PersonMerge.merged_id.in_(group)),
        )
        .order_by(PersonMerge.id.desc())
        .limit(1)
    )


def _split(made: PersonMerge, undone_at: datetime) -> tuple[Person, Person]:
    """Let both persons stand as they did; the one that was kept, the other."""
    kept = vault_session.get_one(Person, made.kept_id)
    merged = vault_session.get_one(Person, made.merged_id)
    for person in (kept, merged):
        check_not_erased(person)
    merged.standing, merged.merged_into_id = made.merged_standing, None
    kept.standing = made.kept_standing
    made.undone_at = undone_at
    vault_session.flush()
    numbers.set_alias(made.aliased, is_alias=False)
    for person in (kept, merged):
        # A number received since may have become an earlier one beside the merged person's,
        # or have been put in use instead of it.
        numbers.leave_one_in_use(persons.group_of(person.id))
    return kept, merged


def _reopen(actor: Actor, made: PersonMerge, reason: str) -> None:
    """Raise again every question that the merge answered."""
    answered = vault_session.execute(
        sa.select(MatchDecision, MatchReview)
        .join(MatchReview, MatchReview.id == MatchDecision.review_id)
        .where(MatchDecision.merge_id == made.id, MatchDecision.outcome == ReviewOutcome.SAME)
        .order_by(MatchDecision.id)
    ).all()
    for decision, pair in answered:
        keeping.go_back(actor, pair, decision, reason=reason)
