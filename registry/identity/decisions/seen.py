"""Deciding about a pair at the screen: only who has seen both says "same" or "not the same"."""

from datetime import timedelta

import sqlalchemy as sa

from registry.access import Permission, require
from registry.audit.models import AuditEntry
from registry.identity.decisions import service
from registry.identity.models import MatchReview
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.persistence import registry_session, transactional
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.identity import ReviewOutcome


@transactional
def decide_seen(
    actor: Actor, review_id: int, outcome: ReviewOutcome, *, reason: str | None = None
) -> None:
    """Decide whether two persons are one, as :func:`service.decide_review`.

    :raises RuleBroken: the actor has not opened the comparison, and does not put it off.
    """
    require(actor, Permission.IDENTITY_REVIEW)
    _check(actor, review_id, outcome)
    service.decide_review(actor, review_id, outcome, reason=reason)


@transactional
def revise_seen(actor: Actor, review_id: int, outcome: ReviewOutcome, *, reason: str) -> None:
    """Decide otherwise about two who were found to be different, as :func:`service.revise`.

    :raises RuleBroken: the actor has not opened the comparison, and does not ask again.
    """
    require(actor, Permission.IDENTITY_REVISE)
    _check(actor, review_id, outcome)
    service.revise(actor, review_id, outcome, reason=reason)


def _check(actor: Actor, review_id: int, outcome: ReviewOutcome) -> None:
    pair, _sides = service.locked(actor, review_id)
    if outcome is not ReviewOutcome.LATER and not _has_compared(actor, pair):
        raise RuleBroken(
            T("Open the comparison first: a pair is decided by whoever has seen both identities.")
        )


def _has_compared(actor: Actor, pair: MatchReview) -> bool:
    since = clock.now() - timedelta(seconds=limits.COMPARISON_SECONDS)
    look = sa.select(AuditEntry.seq).where(
        AuditEntry.actor_id == actor.id,
        AuditEntry.tag == AuditTag.IDENTITY_COMPARED,
        AuditEntry.object_ref == pair.audit_ref,
        AuditEntry.at > since,
    )
    return registry_session.scalar(look.limit(1)) is not None
