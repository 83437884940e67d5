"""Two persons who may be one: the list, the comparison, the decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from registry import audit
from registry.access import Permission, require
from registry.identity import discretion, pace, persons, sites
from registry.identity.matching import Match
from registry.identity.models import (
    IdentityRecord,
    MatchReview,
    Person,
    table_of,
)
from registry.identity.opening import open_to_read
from registry.identity.reveal import Identity, checked_reason, in_clear
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.persistence import transactional, vault_session
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.identity import Agreement, Compared, ReviewOutcome

WAITING = (ReviewOutcome.OPEN, ReviewOutcome.LATER)


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


def open_reviews(
    actor: Actor, *, of: str | None = None, limit: int = limits.PAGE_ROWS
) -> Sequence[Review]:
    """What waits for a decision at the actor's sites, the likeliest first, put-off ones last.

    With `of`, the reviews of that person alone.

    :raises NotPermitted: the actor's roles never allow it.
    """
    require(actor, Permission.IDENTITY_REVIEW)
    allowed = sites.codes_where_allowed(actor, Permission.IDENTITY_REVIEW)
    elsewhere = sa.exists().where(
        IdentityRecord.person_id.in_((MatchReview.first_id, MatchReview.second_id)),
        IdentityRecord.site_code.not_in(allowed),
    )
    query = _with_persons().where(MatchReview.outcome.in_(WAITING), ~elsewhere)
    if of is not None:
        group = persons.group_of(persons.by_uid(of).id)
        query = query.where(
            sa.or_(MatchReview.first_id.in_(group), MatchReview.second_id.in_(group))
        )
    put_off = sa.case((MatchReview.outcome == ReviewOutcome.LATER, 1), else_=0)
    rows = vault_session.execute(
        query.order_by(put_off, MatchReview.bits.desc(), MatchReview.id).limit(limit)
    ).all()
    return [_shown(review, _root(first), _root(second)) for review, first, second in rows]


def get_review(actor: Actor, review_id: int) -> Review:
    """One review, waiting or decided.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such review at the actor's sites.
    """
    require(actor, Permission.IDENTITY_REVIEW)
    return _shown(*at_actors_sites(actor, vault_session.get(MatchReview, review_id)))


def _with_persons() -> sa.Select[MatchReview, Person, Person]:
    first, second = aliased(Person), aliased(Person)
    return (
        sa.select(MatchReview, first, second)
        .join(first, first.id == MatchReview.first_id)
        .join(second, second.id == MatchReview.second_id)
    )


def _shown(review: MatchReview, first: Person, second: Person) -> Review:
    return Review(
        review.id,
        first.uid,
        second.uid,
        review.outcome,
        review.opened_at,
        review.bits,
        {Compared(field): Agreement(level) for field, level in review.levels.items()},
        {Compared(field): weight for field, weight in review.weights.items()},
    )


def _root(person: Person) -> Person:
    return person if person.merged_into_id is None else persons.root_of(person.id)


@transactional
def compare(actor: Actor, review_id: int, *, reason: str) -> SideBySide:
    """Both identities of a review.  Who looked and why is recorded before they are returned.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such review at the actor's sites.
    :raises InvalidInput: no reason is given, or it says who one of them is.
    :raises TooManyAttempts: the actor has looked at too many in a short time.
    :raises Unavailable: the vault is closed.
    """
    require(actor, Permission.IDENTITY_REVIEW)
    opened = open_to_read()
    found = vault_session.get(MatchReview, review_id)
    pair, first, second = at_actors_sites(actor, found)
    reason = checked_reason(reason)
    pace.check(actor, pace.LOOKS, pair)
    both = in_clear(opened, first), in_clear(opened, second)
    for one in both:
        discretion.check_reason(actor, pair, reason, one.traits, one.numbers)
    audit.record(
        actor,
        AuditTag.IDENTITY_COMPARED,
        pair,
        reason=reason,
        persons=[first.uid, second.uid],
    )
    return SideBySide(_shown(pair, first, second), *both)


def at_actors_sites(actor: Actor, found: MatchReview | None) -> tuple[MatchReview, Person, Person]:
    """The review and who its two sides are today; leave is asked for the sites of both."""
    if found is None:
        raise NotFound(T("There is no such identity at your sites."))
    first, second = persons.root_of(found.first_id), persons.root_of(found.second_id)
    group = persons.group_of(first.id) | persons.group_of(second.id)
    sites.require_at_all(actor, Permission.IDENTITY_REVIEW, persons.sites_of(group))
    return found, first, second


def open_between(person_id: int, match: Match) -> int | None:
    """Have somebody decide whether the person is the match; None when it was decided before."""
    first, second = sorted((person_id, match.person.id))
    known = vault_session.execute(
        sa.select(MatchReview.id, MatchReview.outcome).where(
            MatchReview.first_id == first, MatchReview.second_id == second
        )
    ).one_or_none()
    if known is not None:
        return known.id if known.outcome in WAITING else None
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
