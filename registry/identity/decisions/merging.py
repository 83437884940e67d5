"""Making one person of two, so that it can be undone."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from registry import audit
from registry.identity import numbers, persons
from registry.identity.decisions import keeping
from registry.identity.decisions.models import PersonMerge
from registry.identity.events import PersonEstablished, PersonsMerged
from registry.identity.models import HospitalIdentifier, MatchReview, Person
from registry.identity.national import numbering
from registry.identity.reveal import check_not_erased
from registry.kernel import clock, events
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.persistence import vault_session
from registry.vocab.audit import AuditTag
from registry.vocab.identity import ReviewOutcome, Standing
from registry.vocab.reviews import WAITING, DecisionKind


def merge(
    actor: Actor,
    pair: MatchReview,
    sides: tuple[Person, Person],
    *,
    kind: DecisionKind,
    reason: str | None,
) -> Person:
    """Make the lesser of two persons point at the other; whom both are now.

    Every question that waited between the two is answered by it.
    """
    kept, merged = sorted(sides, key=lambda one: (one.standing is not Standing.ESTABLISHED, one.id))
    for person in (kept, merged):
        check_not_erased(person)
    merged_group, kept_group = persons.group_of(merged.id), persons.group_of(kept.id)
    _check_nobody_differs(merged_group, kept_group, but=pair.id)
    _check_one_national_number(merged_group, kept_group)
    made = PersonMerge(
        review_id=pair.id,
        kept_id=kept.id,
        merged_id=merged.id,
        kept_standing=kept.standing,
        merged_standing=merged.standing,
        aliased=_alias(merged_group, kept_group),
        made_at=clock.now(),
    )
    vault_session.add(made)
    merged.standing, merged.merged_into_id = Standing.MERGED, kept.id
    vault_session.flush()
    keeping.decide(actor, pair, ReviewOutcome.SAME, kind=kind, reason=reason, merge_id=made.id)
    _answer_others(actor, made, merged_group | kept_group)
    audit.record(actor, AuditTag.PERSON_MERGED, merged, into=kept.uid)
    events.publish(PersonsMerged(actor, kept_uid=kept.uid, merged_uid=merged.uid))
    return kept


def _alias(merged: Collection[int], kept: Collection[int]) -> Sequence[int]:
    """Make earlier numbers of those that the merged bring to sites where the kept have one."""
    known_at = sa.select(HospitalIdentifier.site_code).where(HospitalIdentifier.person_id.in_(kept))
    turned = vault_session.scalars(
        sa.select(HospitalIdentifier.id).where(
            HospitalIdentifier.person_id.in_(merged),
            HospitalIdentifier.site_code.in_(known_at.scalar_subquery()),
            HospitalIdentifier.is_alias.is_(False),
        )
    ).all()
    numbers.set_alias(turned, is_alias=True)
    return list(turned)


def _answer_others(actor: Actor, made: PersonMerge, group: Collection[int]) -> None:
    """Answer every other question that waits within the group."""
    waiting = vault_session.scalars(
        sa.select(MatchReview).where(
            MatchReview.outcome.in_(WAITING),
            MatchReview.first_id.in_(group),
            MatchReview.second_id.in_(group),
        )
    ).all()
    for one in waiting:
        keeping.decide(actor, one, ReviewOutcome.SAME, kind=DecisionKind.ANSWERED, merge_id=made.id)


def _check_nobody_differs(one: Collection[int], other: Collection[int], *, but: int) -> None:
    """Refuse to make one of two groups between which two persons were found to be different.

    The pair that is being decided (`but`) may say so still: it is being revised.
    """
    if persons.are_apart(one, other, but=but):
        raise RuleBroken(
            T(
                "This would make one person of two who were found to be different before. "
                "Decide that these are different, or put the decision off."
            )
        )


def _check_one_national_number(one: Collection[int], other: Collection[int]) -> None:
    """Refuse to make one of two who each have a national number: one person has one."""
    if numbering.current(one) and numbering.current(other):
        raise RuleBroken(
            T(
                "Each has a national number (INS) in force, and one person has only one. Check "
                "both, and withdraw the one that is wrong; or decide that they are different."
            )
        )


def establish(actor: Actor, person: Person) -> None:
    """Establish a tentative person about whom nothing waits any more."""
    if person.standing is not Standing.TENTATIVE:
        return
    group = persons.group_of(person.id)
    waiting = vault_session.scalar(
        sa.select(sa.func.count())
        .select_from(MatchReview)
        .where(
            MatchReview.outcome.in_(WAITING),
            sa.or_(MatchReview.first_id.in_(group), MatchReview.second_id.in_(group)),
        )
    )
    if waiting:
        return
    person.standing = Standing.ESTABLISHED
    audit.record(actor, AuditTag.PERSON_ESTABLISHED, person)
    events.publish(PersonEstablished(actor, person.uid))
