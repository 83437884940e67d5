"""Reading what waits, what was decided and how, and what a crash interrupted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from registry.access import Permission, require
from registry.identity import persons, records, reviews, sites
from registry.identity.decisions.keeping import place_of_reason
from registry.identity.decisions.models import HeardDecision, MatchDecision
from registry.identity.decisions.undoing import made_later, merge_of
from registry.identity.models import IdentityRecord, MatchReview, Person
from registry.identity.opening import open_to_read
from registry.identity.reviews import Review, at_actors_sites
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import Unavailable
from registry.persistence import registry_session, transactional, vault_session
from registry.vocab import limits
from registry.vocab.identity import ReviewOutcome, Standing
from registry.vocab.reviews import LIKELY_BITS, VERY_LIKELY_BITS, WAITING, DecisionKind


@dataclass(frozen=True, repr=False)
class Decision:
    """One decision about a pair, as its page tells it."""

    number: int
    kind: DecisionKind
    outcome: ReviewOutcome
    decided_at: datetime
    decided_by: str
    #: None when none was given, or while the vault is closed.
    reason: str | None


@dataclass(frozen=True)
class Merged:
    """The merge that a pair's decision brought, and what must be undone before it."""

    kept_uid: str
    merged_uid: str
    made_at: datetime
    undone_at: datetime | None
    #: The pair of a later merge of the same persons.
    undo_first: int | None


@dataclass(frozen=True)
class Place:
    """Where a person is known, and whether the actor may decide who it is."""

    sites: frozenset[str]
    may_decide: bool


def open_reviews(
    actor: Actor,
    *,
    of: str | None = None,
    site: str | None = None,
    since: date | None = None,
    skip: int = 0,
    limit: int = limits.PAGE_ROWS,
) -> Sequence[Review]:
    """What waits for a decision and concerns the actor's sites.

    The likeliest first, of those as likely the oldest, put-off ones last.  A
    pair of which one side is another site's is listed, and not the actor's to
    decide.  With `of`, the reviews of that person alone.

    :raises NotPermitted: the actor's roles never allow it.
    """
    require(actor, Permission.IDENTITY_REVIEW)
    query = _concerning(actor).where(MatchReview.outcome.in_(WAITING))
    if of is not None:
        group = persons.group_of(persons.by_uid(of).id)
        query = query.where(
            sa.or_(MatchReview.first_id.in_(group), MatchReview.second_id.in_(group))
        )
    if site is not None:
        query = query.where(_received_at([site]))
    if since is not None:
        query = query.where(MatchReview.opened_at >= datetime.combine(since, time(), clock.PARIS))
    put_off = sa.case((MatchReview.outcome == ReviewOutcome.LATER, 1), else_=0)
    band = sa.case(
        (MatchReview.bits >= VERY_LIKELY_BITS, 0), (MatchReview.bits >= LIKELY_BITS, 1), else_=2
    )
    query = query.order_by(put_off, band, MatchReview.opened_at, MatchReview.id)
    return _lines(actor, vault_session.scalars(query.offset(skip).limit(limit)).all())


def count_open(actor: Actor) -> int:
    """How many pairs wait for the actor to decide, those put off left out.

    :raises NotPermitted: the actor's roles never allow it.
    """
    require(actor, Permission.IDENTITY_REVIEW)
    allowed = sites.codes_where_allowed(actor, Permission.IDENTITY_REVIEW)
    waiting = vault_session.scalar(
        sa.select(sa.func.count())
        .select_from(MatchReview)
        .where(MatchReview.outcome == ReviewOutcome.OPEN, ~_received_elsewhere(allowed))
    )
    return waiting or 0


def decided_reviews(
    actor: Actor,
    *,
    outcome: ReviewOutcome | None = None,
    skip: int = 0,
    limit: int = limits.PAGE_ROWS,
) -> Sequence[Review]:
    """What was decided about pairs of the actor's sites, the latest first.

    :raises NotPermitted: the actor's roles never allow it.
    """
    require(actor, Permission.IDENTITY_REVIEW)
    query = _concerning(actor).where(MatchReview.outcome.not_in(WAITING))
    if outcome is not None:
        query = query.where(MatchReview.outcome == outcome)
    query = query.order_by(MatchReview.decided_at.desc(), MatchReview.id.desc())
    return _lines(actor, vault_session.scalars(query.offset(skip).limit(limit)).all())


def interrupted_reviews(actor: Actor) -> Sequence[Review]:
    """The pairs about which the vault holds a decision that the registry never heard of.

    :raises NotPermitted: the actor's roles never allow it.
    """
    require(actor, Permission.IDENTITY_REVIEW)
    lost = _unheard()
    if not lost:
        return []
    asked = sa.select(MatchDecision.review_id).where(MatchDecision.id.in_(lost))
    query = _concerning(actor).where(MatchReview.id.in_(asked)).order_by(MatchReview.id)
    return [one for one in _lines(actor, vault_session.scalars(query).all()) if one.may_decide]


def _unheard() -> set[int]:
    """The decisions that the registry never heard of: counted first, for there are seldom any."""
    made = vault_session.scalar(sa.select(sa.func.count()).select_from(MatchDecision))
    heard = registry_session.scalar(sa.select(sa.func.count()).select_from(HeardDecision))
    if made == heard:
        return set()
    known = set(registry_session.scalars(sa.select(HeardDecision.decision_id)))
    return set(vault_session.scalars(sa.select(MatchDecision.id))) - known


@transactional
def history(actor: Actor, review_id: int) -> Sequence[Decision]:
    """Every decision about the pair, the latest first.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such review at the actor's sites.
    """
    require(actor, Permission.IDENTITY_REVIEW)
    pair, _, _ = at_actors_sites(actor, vault_session.get(MatchReview, review_id))
    rows = vault_session.scalars(
        sa.select(MatchDecision)
        .where(MatchDecision.review_id == pair.id)
        .order_by(MatchDecision.number.desc())
    ).all()
    return [
        Decision(
            row.number, row.kind, row.outcome, row.decided_at, row.decided_by, _reason(pair, row)
        )
        for row in rows
    ]


def _reason(pair: MatchReview, row: MatchDecision) -> str | None:
    """Why it was decided, when that was said and can be read."""
    if row.reason is None:
        return None
    try:
        opened = open_to_read()
    except Unavailable:
        return None
    person = vault_session.get_one(Person, pair.first_id)
    if person.standing is Standing.ERASED:
        return None
    holder = records.holder(opened, person.id, person.uid, person.wrapped_key)
    return holder.key.unseal(row.reason, place_of_reason(pair.id, row.number)).decode()


def merge_behind(actor: Actor, review_id: int) -> Merged | None:
    """The merge that the pair's decision brought, standing or undone; None when it brought none.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such review at the actor's sites.
    """
    require(actor, Permission.IDENTITY_REVIEW)
    pair, _, _ = at_actors_sites(actor, vault_session.get(MatchReview, review_id))
    made = merge_of(pair)
    if made is None:
        return None
    kept = vault_session.get_one(Person, made.kept_id)
    other = vault_session.get_one(Person, made.merged_id)
    later = made_later(made) if made.undone_at is None else None
    return Merged(
        kept.uid, other.uid, made.made_at, made.undone_at, later.review_id if later else None
    )


def places_of(actor: Actor, person_uids: Collection[str], *, site: str) -> dict[str, Place]:
    """At which sites these persons are known, and about whom the actor may decide.

    Whoever decides about an identity received at `site` works there too.

    :raises NotPermitted: the actor's roles never allow it.
    """
    require(actor, Permission.IDENTITY_REVIEW)
    allowed = sites.codes_where_allowed(actor, Permission.IDENTITY_REVIEW)
    found = {}
    for uid in person_uids:
        known_at = persons.sites_of(persons.group_of(persons.by_uid(uid).id))
        found[uid] = Place(frozenset(known_at), known_at | {site} <= allowed)
    return found


def _concerning(actor: Actor) -> sa.Select[Any]:
    """The reviews of which at least one side is at the actor's sites."""
    allowed = sites.codes_where_allowed(actor, Permission.IDENTITY_REVIEW)
    query = sa.select(MatchReview)
    return query if allowed >= sites.all_codes() else query.where(_received_at(allowed))


def _received_at(codes: Collection[str]) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        IdentityRecord.person_id.in_((MatchReview.first_id, MatchReview.second_id)),
        IdentityRecord.site_code.in_(codes),
    )


def _received_elsewhere(codes: Collection[str]) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        IdentityRecord.person_id.in_((MatchReview.first_id, MatchReview.second_id)),
        IdentityRecord.site_code.not_in(codes),
    )


def _lines(actor: Actor, rows: Sequence[MatchReview]) -> list[Review]:
    """The reviews with who their sides are today and whether the actor may decide."""
    allowed = sites.codes_where_allowed(actor, Permission.IDENTITY_REVIEW)
    asked = {one for row in rows for one in (row.first_id, row.second_id)}
    # Kept at hand, so that finding out who each is today asks for those alone who were merged.
    loaded = vault_session.scalars(sa.select(Person).where(Person.id.in_(asked))).all()
    sides = {one.id: persons.root_of(one.id) for one in loaded}
    groups = persons.groups_of({root.id for root in sides.values()})
    received = persons.sites_of_each(groups)
    lines = []
    for row in rows:
        first, second = sides[row.first_id], sides[row.second_id]
        at = received[first.id], received[second.id]
        if first is second:
            first = vault_session.get_one(Person, row.first_id)
            second = vault_session.get_one(Person, row.second_id)
        may_decide = at[0] | at[1] <= allowed
        lines.append(reviews.line(row, (first, at[0]), (second, at[1]), may_decide=may_decide))
    return lines
