"""Deciding whether two persons are one, and deciding otherwise later."""

from registry import audit
from registry.access import Permission, require
from registry.identity.decisions import keeping, merging
from registry.identity.models import MatchReview, Person
from registry.identity.opening import wait_for_turn
from registry.identity.reviews import at_actors_sites
from registry.identity.settling import tell_again
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.persistence import transactional, vault_session
from registry.vocab.audit import AuditTag
from registry.vocab.identity import ReviewOutcome
from registry.vocab.reviews import WAITING, DecisionKind

Sides = tuple[Person, Person]


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
    :raises RuleBroken: it was decided otherwise before, persons to be made
        one were found to be different, or one of them was erased.
    :raises InvalidInput: a reason was given that is none, or that names one of them.
    """
    require(actor, Permission.IDENTITY_REVIEW)
    if outcome is ReviewOutcome.OPEN:
        raise InvalidInput(T("Choose same, different or later."), field="outcome")
    pair, sides = locked(actor, review_id)
    if reason is not None:
        reason = keeping.checked(actor, pair, sides, reason)
    if pair.outcome not in WAITING:
        if pair.outcome is not outcome:
            raise RuleBroken(T("This was decided before. Look at the list again."))
        take_up_again(actor, pair, sides, AuditTag.REVIEW_DECIDED, reason)
        return
    audit.record(actor, AuditTag.REVIEW_DECIDED, pair, reason=reason, outcome=outcome)
    _decide(actor, pair, sides, outcome, kind=DecisionKind.DECIDED, reason=reason)


@transactional
def revise(actor: Actor, review_id: int, outcome: ReviewOutcome, *, reason: str) -> None:
    """Decide otherwise about two persons who were found to be different.

    *Same* merges them after all, *later* asks again.  The earlier decision
    stays readable.

    :raises NotPermitted: the actor is not the identity officer.
    :raises NotFound: there is no such review.
    :raises RuleBroken: they were not found to be different, or one was erased.
    :raises InvalidInput: neither same nor later, or a reason that is none.
    """
    require(actor, Permission.IDENTITY_REVISE)
    if outcome not in (ReviewOutcome.SAME, ReviewOutcome.LATER):
        raise InvalidInput(T("Choose same or later."), field="outcome")
    pair, sides = locked(actor, review_id)
    reason = keeping.checked(actor, pair, sides, reason)
    if pair.outcome is outcome:
        take_up_again(actor, pair, sides, AuditTag.REVIEW_REVISED, reason)
        return
    if pair.outcome is not ReviewOutcome.DIFFERENT:
        raise RuleBroken(
            T("Only “not the same” is revised here. A merge is undone; what waits is decided.")
        )
    audit.record(actor, AuditTag.REVIEW_REVISED, pair, reason=reason, outcome=outcome)
    _decide(actor, pair, sides, outcome, kind=DecisionKind.REVISED, reason=reason)


def locked(actor: Actor, review_id: int) -> tuple[MatchReview, Sides]:
    """The pair, nobody else's to change until the commit, and who its sides are today.

    :raises NotFound: there is no such review at the actor's sites.
    """
    wait_for_turn()
    found = vault_session.get(MatchReview, review_id, with_for_update=True, populate_existing=True)
    pair, first, second = at_actors_sites(actor, found)
    return pair, (first, second)


def _decide(
    actor: Actor,
    pair: MatchReview,
    sides: Sides,
    outcome: ReviewOutcome,
    *,
    kind: DecisionKind,
    reason: str | None,
) -> None:
    first, second = sides
    if outcome is ReviewOutcome.SAME and first is not second:
        kept = merging.merge(actor, pair, sides, kind=kind, reason=reason)
        merging.establish(actor, kept)
        return
    keeping.decide(actor, pair, outcome, kind=kind, reason=reason)
    if outcome is not ReviewOutcome.LATER:
        for person in sides:
            merging.establish(actor, person)


def take_up_again(
    actor: Actor, pair: MatchReview, sides: Sides, tag: AuditTag, reason: str | None
) -> None:
    """Record a decision again and tell what came of it; in the registry both may have been lost."""
    audit.record(
        actor,
        tag,
        pair,
        reason=reason,
        outcome=pair.outcome,
        resumed=True,
        decided_by=pair.decided_by,
    )
    for person in {one.id: one for one in sides}.values():
        tell_again(actor, person)


@transactional
def finish(actor: Actor, review_id: int) -> None:
    """Tell the registry what the vault holds of both persons: a crash kept it from hearing.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such review at the actor's sites.
    """
    require(actor, Permission.IDENTITY_REVIEW)
    pair, sides = locked(actor, review_id)
    take_up_again(actor, pair, sides, AuditTag.REVIEW_DECIDED, None)
