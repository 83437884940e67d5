"""Keeping a decision: in the vault for good, and among those that the registry has heard of."""

from collections.abc import Collection

import sqlalchemy as sa

from registry.crypto.sealing import Place
from registry.identity import discretion, records
from registry.identity.decisions.models import HeardDecision, MatchDecision
from registry.identity.models import MatchReview, Person, table_of
from registry.identity.opening import open_to_read
from registry.identity.reveal import checked_reason, in_clear
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.persistence import registry_session, vault_session
from registry.vocab.identity import ReviewOutcome, Standing
from registry.vocab.reviews import DecisionKind


def place_of_reason(review_id: int, number: int) -> Place:
    """Where the reason of a pair's decision is stored."""
    return Place("match_decision", "reason", f"{review_id}:{number}")


def checked(actor: Actor, pair: MatchReview, sides: Collection[Person], reason: str) -> str:
    """The reason without its outer spaces.

    :raises InvalidInput: it is none, or says who one of the two is.
    :raises Unavailable: the vault is closed.
    """
    reason = checked_reason(reason)
    opened = open_to_read()
    themselves = (vault_session.get_one(Person, one) for one in (pair.first_id, pair.second_id))
    for person in {one.id: one for one in (*sides, *themselves)}.values():
        if person.standing is not Standing.ERASED:
            shown = in_clear(opened, person)
            discretion.check_reason(actor, pair, reason, shown.traits, shown.numbers)
    return reason


def decide(
    actor: Actor,
    pair: MatchReview,
    outcome: ReviewOutcome,
    *,
    kind: DecisionKind,
    reason: str | None = None,
    merge_id: int | None = None,
) -> None:
    """Answer the pair's question, or raise it again (*open*), and keep what stood before."""
    row = _row(actor, pair, kind=kind, reason=reason, merge_id=merge_id)
    is_open = outcome is ReviewOutcome.OPEN
    pair.outcome = outcome
    pair.decided_at, pair.decided_by = (None, None) if is_open else (clock.now(), actor.login)
    _add(pair, row)


def go_back(actor: Actor, pair: MatchReview, answered: MatchDecision, *, reason: str) -> None:
    """Let stand again what stood before the merge that `answered` the pair's question."""
    row = _row(actor, pair, kind=DecisionKind.UNDONE, reason=reason, merge_id=answered.merge_id)
    pair.outcome = answered.previous_outcome
    pair.decided_at, pair.decided_by = answered.previous_at, answered.previous_by
    _add(pair, row)


def _row(
    actor: Actor,
    pair: MatchReview,
    *,
    kind: DecisionKind,
    reason: str | None,
    merge_id: int | None,
) -> dict[str, object]:
    """What is kept of a decision about the pair as it stands now."""
    made = vault_session.scalar(
        sa.select(sa.func.count())
        .select_from(MatchDecision)
        .where(MatchDecision.review_id == pair.id)
    )
    number = (made or 0) + 1
    return {
        "review_id": pair.id,
        "number": number,
        "kind": kind,
        "reason": None if reason is None else _sealed(pair, number, reason),
        "merge_id": merge_id,
        "previous_outcome": pair.outcome,
        "previous_at": pair.decided_at,
        "previous_by": pair.decided_by,
        "decided_at": clock.now(),
        "decided_by": actor.login,
    }


def _sealed(pair: MatchReview, number: int, reason: str) -> bytes | None:
    """The reason under the key of the pair's first person; none when that one was erased."""
    person = vault_session.get_one(Person, pair.first_id)
    if person.standing is Standing.ERASED:
        return None
    holder = records.holder(open_to_read(), person.id, person.uid, person.wrapped_key)
    return holder.key.seal(reason.encode(), place_of_reason(pair.id, number))


def _add(pair: MatchReview, row: dict[str, object]) -> None:
    vault_session.flush()
    decision_id = vault_session.execute(
        sa.insert(table_of(MatchDecision)).returning(MatchDecision.id),
        {**row, "outcome": pair.outcome},
    ).scalar_one()
    registry_session.add(HeardDecision(decision_id=decision_id, heard_at=clock.now()))


def hear_all_of(person_ids: Collection[int]) -> None:
    """Note that the registry has now heard of every decision about these persons."""
    decided = vault_session.scalars(
        sa.select(MatchDecision.id)
        .join(MatchReview, MatchReview.id == MatchDecision.review_id)
        .where(sa.or_(MatchReview.first_id.in_(person_ids), MatchReview.second_id.in_(person_ids)))
    ).all()
    heard = set(
        registry_session.scalars(
            sa.select(HeardDecision.decision_id).where(HeardDecision.decision_id.in_(decided))
        )
    )
    for decision_id in decided:
        if decision_id not in heard:
            registry_session.add(HeardDecision(decision_id=decision_id, heard_at=clock.now()))
