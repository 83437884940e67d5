"""Two persons who may be one: the question, and who may answer it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from registry.access import Permission, require
from registry.identity import persons, sites
from registry.identity.matching import Match
from registry.identity.models import MatchReview, Person, table_of
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound, NotPermitted
from registry.kernel.messages import T
from registry.persistence import vault_session
from registry.vocab.identity import Agreement, Compared, ReviewOutcome
from registry.vocab.reviews import (
    LIKELY_BITS,
    VERY_LIKELY_BITS,
    WAITING,
    Ground,
    Likelihood,
)


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
    decided_at: datetime | None
    decided_by: str | None
    #: The codes of the sites at which each was received.
    first_sites: frozenset[str]
    second_sites: frozenset[str]
    #: Whether the actor may decide: only who works at the sites of both may.
    may_decide: bool

    @property
    def likelihood(self) -> Likelihood:
        """How likely both are one person, in words."""
        if self.bits >= VERY_LIKELY_BITS:
            return Likelihood.VERY_LIKELY
        return Likelihood.LIKELY if self.bits >= LIKELY_BITS else Likelihood.POSSIBLE

    @property
    def ground(self) -> Ground:
        """Why it is asked."""
        same_number = self.levels.get(Compared.IDENTIFIER) is Agreement.EXACT
        return Ground.NUMBER if same_number else Ground.TRAITS


def get_review(actor: Actor, review_id: int) -> Review:
    """One review, waiting or decided.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such review at the actor's sites.
    """
    require(actor, Permission.IDENTITY_REVIEW)
    return shown(*at_actors_sites(actor, vault_session.get(MatchReview, review_id)))


def may_decide(actor: Actor, review_id: int) -> bool:
    """Whether the actor works at the sites of both, and so may decide."""
    try:
        get_review(actor, review_id)
    except (NotFound, NotPermitted):
        return False
    return True


def shown(pair: MatchReview, first: Person, second: Person) -> Review:
    """The review as its two sides are today; the caller has asked leave for both."""
    if first is second:
        first = vault_session.get_one(Person, pair.first_id)
        second = vault_session.get_one(Person, pair.second_id)
    return line(
        pair,
        (first, persons.sites_of(persons.group_of(first.id))),
        (second, persons.sites_of(persons.group_of(second.id))),
        may_decide=True,
    )


def line(
    pair: MatchReview,
    first: tuple[Person, Collection[str]],
    second: tuple[Person, Collection[str]],
    *,
    may_decide: bool,
) -> Review:
    """The review with each side and the sites at which it was received."""
    return Review(
        pair.id,
        first[0].uid,
        second[0].uid,
        pair.outcome,
        pair.opened_at,
        pair.bits,
        {Compared(field): Agreement(level) for field, level in pair.levels.items()},
        {Compared(field): weight for field, weight in pair.weights.items()},
        pair.decided_at,
        pair.decided_by,
        frozenset(first[1]),
        frozenset(second[1]),
        may_decide,
    )


def at_actors_sites(actor: Actor, found: MatchReview | None) -> tuple[MatchReview, Person, Person]:
    """The review and who its two sides are today; leave is asked for the sites of both."""
    if found is None:
        raise NotFound(T("There is no such identity at your sites."))
    first, second = persons.root_of(found.first_id), persons.root_of(found.second_id)
    group = persons.group_of(first.id) | persons.group_of(second.id)
    sites.require_at_all(actor, Permission.IDENTITY_REVIEW, persons.sites_of(group))
    return found, first, second


def between(one_id: int, other_id: int) -> tuple[int, ReviewOutcome] | None:
    """The review of two persons and what was decided in it, when there is one."""
    first, second = sorted((one_id, other_id))
    known = vault_session.execute(
        sa.select(MatchReview.id, MatchReview.outcome).where(
            MatchReview.first_id == first, MatchReview.second_id == second
        )
    ).one_or_none()
    return None if known is None else (known.id, known.outcome)


def row(person_id: int, match: Match) -> dict[str, Any]:
    """The values of an open review of the person and the match."""
    first, second = sorted((person_id, match.person.id))
    comparison = match.comparison
    return {
        "first_id": first,
        "second_id": second,
        "bits": comparison.bits,
        "levels": dict(comparison.levels),
        "weights": dict(comparison.weights),
        "weights_version": comparison.version,
        "outcome": ReviewOutcome.OPEN,
        "opened_at": clock.now(),
        "version": 1,
    }


def open_between(person_id: int, match: Match) -> int | None:
    """Have somebody decide whether the person is the match; None when it was decided before."""
    known = between(person_id, match.person.id)
    if known is not None:
        review_id, outcome = known
        return review_id if outcome in WAITING else None
    opened_id: int = vault_session.execute(
        sa.insert(table_of(MatchReview)).returning(MatchReview.id), row(person_id, match)
    ).scalar_one()
    return opened_id


def add_ground(review_id: int, match: Match) -> None:
    """Let a review that waits show what became known since it was opened."""
    pair = vault_session.get_one(MatchReview, review_id)
    comparison = match.comparison
    pair.bits, pair.weights_version = comparison.bits, comparison.version
    pair.levels = {field.value: level.value for field, level in comparison.levels.items()}
    pair.weights = {field.value: weight for field, weight in comparison.weights.items()}
    vault_session.flush()


def weigh_again(review_id: int, match: Match) -> None:
    """Let a review that waits show what it weighs today; a national number in common stays."""
    pair = vault_session.get_one(MatchReview, review_id)
    national = {field: level for field, level in pair.levels.items() if field == Compared.NATIONAL}
    add_ground(review_id, match)
    pair.levels = pair.levels | national
    vault_session.flush()
