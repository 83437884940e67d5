"""Deciding whether two persons are one, and what follows."""

from collections.abc import Collection

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.identity import persons
from registry.identity.events import PersonEstablished, PersonsMerged
from registry.identity.models import HospitalIdentifier, MatchReview, Person
from registry.identity.opening import wait_for_turn
from registry.identity.reveal import checked_reason
from registry.identity.reviews import WAITING, at_actors_sites
from registry.identity.settling import tell_again
from registry.kernel import clock, events
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.persistence import transactional, vault_session
from registry.vocab.audit import AuditTag
from registry.vocab.identity import ReviewOutcome, Standing


@transactional
def decide_review(
    actor: Actor, review_id: int, outcome: ReviewOutcome, *, reason: str | None = None
) -> None:
    """Decide whether two persons are one.

    *Same*: the tentative one is merged into the established one, the younger
    into the older where both stand alike; its hospital numbers stay as
    aliases.  *Different*: never asked again.  *Later*: stays in the list.  A
    person about whom no doubt is left is established.  Deciding again as was
    decided before tells the registry again what came of it: the vault may have
    kept a decision that the registry lost.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such review at the actor's sites.
    :raises RuleBroken: it was decided otherwise before, or persons to be made
        one were found to be different.
    :raises InvalidInput: a reason was given that is none.
    """
    require(actor, Permission.IDENTITY_REVIEW)
    if outcome is ReviewOutcome.OPEN:
        raise InvalidInput(T("Choose same, different or later."), field="outcome")
    wait_for_turn()
    found = vault_session.get(MatchReview, review_id, with_for_update=True, populate_existing=True)
    pair, first, second = at_actors_sites(actor, found)
    reason = None if reason is None else checked_reason(reason)
    if pair.outcome not in WAITING:
        _resume(actor, pair, outcome, reason)
        for person in {one.id: one for one in (first, second)}.values():
            tell_again(actor, person)
        return
    _close(pair, outcome, actor)
    audit.record(actor, AuditTag.REVIEW_DECIDED, pair, reason=reason, outcome=outcome)
    if outcome is ReviewOutcome.SAME and first is not second:
        kept = _merge(actor, first, second)
        _establish(actor, kept)
    elif outcome is not ReviewOutcome.LATER:
        _establish(actor, first)
        _establish(actor, second)


def _resume(actor: Actor, pair: MatchReview, outcome: ReviewOutcome, reason: str | None) -> None:
    """Record a decision again; in the registry it may have been lost with its entry."""
    if pair.outcome is not outcome:
        raise RuleBroken(T("This was decided before. Look at the list again."))
    audit.record(
        actor,
        AuditTag.REVIEW_DECIDED,
        pair,
        reason=reason,
        outcome=outcome,
        resumed=True,
        decided_by=pair.decided_by,
    )


def _close(review: MatchReview, outcome: ReviewOutcome, actor: Actor) -> None:
    review.outcome = outcome
    review.decided_at, review.decided_by = clock.now(), actor.login
    vault_session.flush()


def _merge(actor: Actor, first: Person, second: Person) -> Person:
    """Make the lesser of two persons point at the other; whom both are now."""
    kept, merged = sorted(
        (first, second), key=lambda one: (one.standing is not Standing.ESTABLISHED, one.id)
    )
    merged_group = persons.group_of(merged.id)
    _check_nobody_differs(merged_group, persons.group_of(kept.id))
    merged.standing, merged.merged_into_id = Standing.MERGED, kept.id
    vault_session.flush()
    group = persons.group_of(kept.id)
    sites = sa.select(HospitalIdentifier.site_code).where(
        HospitalIdentifier.person_id.in_(group - merged_group)
    )
    vault_session.execute(
        sa.update(HospitalIdentifier)
        .where(
            HospitalIdentifier.person_id.in_(merged_group),
            HospitalIdentifier.site_code.in_(sites.scalar_subquery()),
        )
        .values(is_alias=True)
        .execution_options(synchronize_session=False)
    )
    answered = vault_session.scalars(
        sa.select(MatchReview).where(
            MatchReview.outcome.in_(WAITING),
            MatchReview.first_id.in_(group),
            MatchReview.second_id.in_(group),
        )
    ).all()
    for one in answered:
        _close(one, ReviewOutcome.SAME, actor)
    audit.record(actor, AuditTag.PERSON_MERGED, merged, into=kept.uid)
    events.publish(PersonsMerged(actor, kept_uid=kept.uid, merged_uid=merged.uid))
    return kept


def _check_nobody_differs(one: Collection[int], other: Collection[int]) -> None:
    """Refuse to make one of two groups between which two persons were found to be different."""
    differs = vault_session.scalar(
        sa.select(MatchReview.id)
        .where(
            MatchReview.outcome == ReviewOutcome.DIFFERENT,
            sa.or_(
                MatchReview.first_id.in_(one) & MatchReview.second_id.in_(other),
                MatchReview.first_id.in_(other) & MatchReview.second_id.in_(one),
            ),
        )
        .limit(1)
    )
    if differs is not None:
        raise RuleBroken(
            T(
                "This would make one person of two who were found to be different before. "
                "Decide that these are different, or put the decision off."
            )
        )


def _establish(actor: Actor, person: Person) -> None:
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
