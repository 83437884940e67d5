"""Two persons who may be one: the list, the comparison, the decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from registry import audit
from registry.access import Permission, require
from registry.identity import persons, policies
from registry.identity.events import PersonEstablished, PersonsMerged
from registry.identity.matching import Match
from registry.identity.models import (
    HospitalIdentifier,
    IdentityRecord,
    MatchReview,
    Person,
    table_of,
)
from registry.identity.opening import open_to_read
from registry.identity.reveal import Identity, checked_reason, in_clear
from registry.kernel import clock, events
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.persistence import lock_row, transactional, vault_session
from registry.persistence.unit_of_work import advisory_lock
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.identity import Agreement, Compared, ReviewOutcome, Standing

#: Whoever writes identities holds this lock, so that of two requests with the
#: same person the second sees the first.
LOCK = "identity"

_WAITING = (ReviewOutcome.OPEN, ReviewOutcome.LATER)


@dataclass(frozen=True)
class Review:
    """A line of the review list: pseudonyms and codes, no identity."""

    id: int
    first_uid: str
    second_uid: str
    outcome: ReviewOutcome
    opened_at: datetime
    #: How likely both are one person, as the logarithm of the odds.
    bits: float
    levels: Mapping[Compared, Agreement]
    weights: Mapping[Compared, float]


@dataclass(frozen=True, repr=False)
class SideBySide:
    """Both identities of a review in clear: shown, never stored, never logged."""

    review: Review
    first: Identity
    second: Identity


def open_reviews(actor: Actor, *, limit: int = limits.PAGE_ROWS) -> Sequence[Review]:
    """What waits for a decision at the actor's sites, the likeliest first, put-off ones last.

    :raises NotPermitted: the actor's roles never allow it.
    """
    require(actor, Permission.IDENTITY_REVIEW)
    allowed = policies.codes_where_allowed(actor, Permission.IDENTITY_REVIEW)
    elsewhere = sa.exists().where(
        IdentityRecord.person_id.in_((MatchReview.first_id, MatchReview.second_id)),
        IdentityRecord.site_code.not_in(allowed),
    )
    query = (
        _with_uids()
        .where(MatchReview.outcome.in_(_WAITING), ~elsewhere)
        .order_by(
            sa.case((MatchReview.outcome == ReviewOutcome.LATER, 1), else_=0),
            MatchReview.bits.desc(),
            MatchReview.id,
        )
        .limit(limit)
    )
    return [_shown(row) for row in vault_session.execute(query).all()]


def _with_uids() -> sa.Select[MatchReview, str, str]:
    first, second = aliased(Person), aliased(Person)
    return (
        sa.select(MatchReview, first.uid, second.uid)
        .join(first, first.id == MatchReview.first_id)
        .join(second, second.id == MatchReview.second_id)
    )


def _shown(row: sa.Row[MatchReview, str, str]) -> Review:
    review, first_uid, second_uid = row
    return Review(
        review.id,
        first_uid,
        second_uid,
        review.outcome,
        review.opened_at,
        review.bits,
        {Compared(field): Agreement(level) for field, level in review.levels.items()},
        {Compared(field): weight for field, weight in review.weights.items()},
    )


@transactional
def compare(actor: Actor, review_id: int, *, reason: str) -> SideBySide:
    """Both identities of a review.  Who looked and why is recorded before they are returned.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such review at the actor's sites.
    :raises InvalidInput: no reason is given.
    :raises Unavailable: the vault is closed.
    """
    opened = open_to_read()
    review, first, second = _at_actors_sites(actor, review_id)
    reason = checked_reason(reason)
    audit.record(
        actor,
        AuditTag.IDENTITY_COMPARED,
        review,
        reason=reason,
        persons=[first.uid, second.uid],
    )
    shown = vault_session.execute(_with_uids().where(MatchReview.id == review.id)).one()
    return SideBySide(_shown(shown), in_clear(opened, first), in_clear(opened, second))


def _at_actors_sites(actor: Actor, review_id: int) -> tuple[MatchReview, Person, Person]:
    """The review and who its two sides are today; leave is asked for the sites of both."""
    require(actor, Permission.IDENTITY_REVIEW)
    review = lock_row(MatchReview, review_id)
    first, second = persons.root_of(review.first_id), persons.root_of(review.second_id)
    group = persons.group_of(first.id) | persons.group_of(second.id)
    policies.require_at_all(actor, Permission.IDENTITY_REVIEW, persons.sites_of(group))
    return review, first, second


def open_between(person_id: int, match: Match) -> int | None:
    """Have somebody decide whether the person is the match; None when it was decided before."""
    first, second = sorted((person_id, match.person_id))
    known = vault_session.execute(
        sa.select(MatchReview.id, MatchReview.outcome).where(
            MatchReview.first_id == first, MatchReview.second_id == second
        )
    ).one_or_none()
    if known is not None:
        return known.id if known.outcome in _WAITING else None
    comparison = match.comparison
    review_id: int = vault_session.execute(
        sa.insert(table_of(MatchReview)).returning(MatchReview.id),
        {
            "first_id": first,
            "second_id": second,
            "bits": comparison.bits,
            "levels": dict(comparison.levels),
            "weights": dict(comparison.weights),
            "weights_version": comparison.version,
            "outcome": ReviewOutcome.OPEN,
            "opened_at": clock.now(),
            "version": 1,
        },
    ).scalar_one()
    return review_id


@transactional
def decide_review(actor: Actor, review_id: int, outcome: ReviewOutcome) -> None:
    """Decide whether two persons are one.

    *Same*: the tentative one is merged into the established one, the younger
    into the older where both stand alike; its hospital numbers stay as
    aliases.  *Different*: never asked again.  *Later*: stays in the list.  A
    person about whom no doubt is left is established.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such review at the actor's sites.
    :raises RuleBroken: it was decided before.
    """
    if outcome is ReviewOutcome.OPEN:
        raise InvalidInput(T("Choose same, different or later."), field="outcome")
    advisory_lock(LOCK)
    review, first, second = _at_actors_sites(actor, review_id)
    if review.outcome not in _WAITING:
        raise RuleBroken(T("This was decided before. Look at the list again."))
    _close(review, outcome, actor)
    audit.record(actor, AuditTag.REVIEW_DECIDED, review, outcome=outcome)
    if outcome is ReviewOutcome.SAME and first is not second:
        kept = _merge(actor, first, second)
        _settle(actor, kept)
    elif outcome is not ReviewOutcome.LATER:
        _settle(actor, first)
        _settle(actor, second)


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
            MatchReview.outcome.in_(_WAITING),
            MatchReview.first_id.in_(group),
            MatchReview.second_id.in_(group),
        )
    ).all()
    for review in answered:
        _close(review, ReviewOutcome.SAME, actor)
    audit.record(actor, AuditTag.PERSON_MERGED, merged, into=kept.uid)
    events.publish(PersonsMerged(actor, kept_uid=kept.uid, merged_uid=merged.uid))
    return kept


def _settle(actor: Actor, person: Person) -> None:
    """Establish a tentative person about whom nothing waits any more."""
    if person.standing is not Standing.TENTATIVE:
        return
    group = persons.group_of(person.id)
    waiting = vault_session.scalar(
        sa.select(sa.func.count())
        .select_from(MatchReview)
        .where(
            MatchReview.outcome.in_(_WAITING),
            sa.or_(MatchReview.first_id.in_(group), MatchReview.second_id.in_(group)),
        )
    )
    if waiting:
        return
    person.standing = Standing.ESTABLISHED
    audit.record(actor, AuditTag.PERSON_ESTABLISHED, person)
    events.publish(PersonEstablished(actor, person.uid))
