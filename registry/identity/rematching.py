"""Matching the whole registry again: pairs that were never judged, or were judged by other weights.

Persons are walked in the order of their numbers, a few hundred in a unit of
work, so that everybody else can write in between.  Each is compared with those
who came before: every pair is met once.  Nobody is merged here: what may be one
person is put into the review list, unless it is there or was decided.  What
waits there is weighed again, so that the likeliest comes first by today's weights.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.identity import matching, persons, reviews
from registry.identity.candidates import Candidate, Candidates
from registry.identity.matching import Match
from registry.identity.models import IdentityRecord, IndexEntry, MatchReview, Person
from registry.identity.opening import open_to_write
from registry.kernel.actor import Actor
from registry.persistence import rows_for, transactional, unit_of_work, vault_session
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.identity import Standing, Verdict
from registry.vocab.reviews import WAITING


@dataclass(frozen=True)
class Rematched:
    """How far it came: the last person looked at, and what was found on the way."""

    cursor: int
    persons: int = 0
    opened: int = 0
    reviews: int = 0
    #: Questions that waited, and were weighed with older weights.
    weighed_again: int = 0
    is_finished: bool = False


def rematch(
    actor: Actor,
    *,
    after: int | None,
    progress: Callable[[int, int, int], None],
    should_stop: Callable[[], bool],
) -> Rematched:
    """Open reviews for all pairs of persons that may be one and were never decided about.

    Begins behind the person numbered `after`.  `progress` is told, after each
    unit of work, how many persons are done, how many there are, and the cursor
    to go on from.

    :raises NotPermitted: the actor may not.
    :raises Unavailable: the vault is closed.
    """
    total = _population(actor)
    state = Rematched(after or 0)
    before = _population(actor, up_to=state.cursor)
    while not should_stop():
        step = _step(actor, state.cursor)
        state = replace(
            step,
            persons=state.persons + step.persons,
            opened=state.opened + step.opened,
            reviews=state.reviews + step.reviews,
            weighed_again=state.weighed_again + step.weighed_again,
        )
        if step.is_finished:
            break
        done = before + state.persons
        progress(done, max(total, done), state.cursor)
    _conclude(actor, state)
    return state


@transactional
def _population(actor: Actor, up_to: int | None = None) -> int:
    require(actor, Permission.IDENTITY_REMATCH)
    counted = sa.select(sa.func.count()).select_from(Person).where(_ALIVE)
    if up_to is not None:
        counted = counted.where(Person.id <= up_to)
    return vault_session.scalar(counted) or 0


def _step(actor: Actor, after: int) -> Rematched:
    """Compare the next persons with everybody who came before them."""
    with unit_of_work():
        require(actor, Permission.IDENTITY_REMATCH)
        opened = open_to_write()
        ids = vault_session.scalars(_NEXT, {"after": after}).all()
        if not ids:
            return Rematched(after, is_finished=True)
        tokens: dict[int, list[int]] = {}
        for row in rows_for(vault_session, _TOKENS, ids):
            tokens.setdefault(row.record_id, []).append(row.token)
        candidates = Candidates(opened)
        candidates.read(list(tokens.values()), also=tokens)
        opened_now, found = _pairs(candidates, tokens)
        new, again = list[int](), list[int]()
        for pair, match in found.items():
            _ask(pair, match, new, again)
        if new or again:
            audit.record(
                actor,
                AuditTag.IDENTITY_REMATCHED,
                "vault:rematching",
                reviews=new,
                weighed_again=again,
            )
    return Rematched(ids[-1], len(ids), opened_now, len(new), len(again))


def _pairs(
    candidates: Candidates, tokens: dict[int, list[int]]
) -> tuple[int, dict[tuple[int, int], Match]]:
    """How many records were opened for these, and the pairs of persons that may be one."""
    compared, found = 0, dict[tuple[int, int], Match]()
    for record_id, shared in tokens.items():
        own = candidates.candidate(record_id)
        if own is None:
            continue
        older = candidates.sharing(shared, before=own.person.id)
        compared += len(older)
        for match in _alike(candidates, own, older):
            pair = own.person.id, match.person.id
            if pair not in found or found[pair].comparison.bits < match.comparison.bits:
                found[pair] = match
    return compared, found


def _alike(candidates: Candidates, own: Candidate, older: Sequence[Candidate]) -> Sequence[Match]:
    if not older:
        return ()
    matches = matching.compare_with(older, own.likeness, candidates.population)
    return [match for match in matches if match.verdict is not Verdict.NEW]


def _ask(pair: tuple[int, int], match: Match, new: list[int], again: list[int]) -> None:
    """Have somebody decide about the pair, unless anybody of both groups is in a review with
    anybody of the other; one that waits shows what it weighs today.
    """
    one, other = (persons.group_of(person_id) for person_id in pair)
    known = vault_session.execute(
        sa.select(MatchReview.id, MatchReview.outcome, MatchReview.weights_version).where(
            sa.or_(
                MatchReview.first_id.in_(one) & MatchReview.second_id.in_(other),
                MatchReview.first_id.in_(other) & MatchReview.second_id.in_(one),
            )
        )
    ).all()
    if not known:
        opened = reviews.open_between(pair[0], match)
        new += [] if opened is None else [opened]
    for review in known:
        is_older = review.weights_version != match.comparison.version
        if is_older and review.outcome in WAITING:
            reviews.weigh_again(review.id, match)
            again.append(review.id)


@transactional
def _conclude(actor: Actor, state: Rematched) -> None:
    """Record that identities were compared, and how many; never which agreed how."""
    require(actor, Permission.IDENTITY_REMATCH)
    audit.record(
        actor,
        AuditTag.IDENTITY_REMATCHED,
        "vault:rematching",
        persons=state.persons,
        compared=state.opened,
        found=state.reviews,
        weighed_again=state.weighed_again,
        finished=state.is_finished,
    )


_ALIVE = Person.standing.not_in((Standing.MERGED, Standing.ERASED))
_NEXT = (
    sa.select(Person.id)
    .where(Person.id > sa.bindparam("after"), Person.standing != Standing.ERASED)
    .order_by(Person.id)
    .limit(limits.REMATCHED_AT_ONCE)
)
_TOKENS = (
    sa.select(IndexEntry.record_id, IndexEntry.token)
    .join(IdentityRecord, IdentityRecord.id == IndexEntry.record_id)
    .where(IdentityRecord.person_id.in_(sa.bindparam("values", expanding=True)))
    .order_by(IndexEntry.record_id)
)
