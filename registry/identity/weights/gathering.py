"""Counting how identities agree: opened in memory, a few at a time, and forgotten.

Nothing is written, and no unit of work lasts longer than one batch, so that
everybody else goes on.
"""

import math
import random
from collections.abc import Callable, Sequence

import sqlalchemy as sa

from registry.identity import records, scoring
from registry.identity.candidates import Candidates, is_distrusted
from registry.identity.likeness import Likeness
from registry.identity.models import IdentityRecord, Person
from registry.identity.opening import open_to_read
from registry.identity.weighing import START, Pattern
from registry.identity.weights.estimation import Counts
from registry.persistence import unit_of_work, vault_session
from registry.vocab import limits
from registry.vocab.identity import Distrust, Standing

#: A person's number, and one of its likenesses.
Known = tuple[int, Likeness]

_draw = random.SystemRandom()
#: What agreements weigh, with the start values, from which on somebody would be asked.
_ALIKE = scoring.REVIEW_BITS + math.log2(START.population_min / START.duplicates)


def gather(
    progress: Callable[[int, int], None], should_stop: Callable[[], bool]
) -> tuple[int, Counts | None]:
    """How many persons are known, and what was counted; None when it was to stop."""
    population, chosen = _chosen()
    counts, sample = Counts(), list[Known]()
    if population < limits.WEIGHTS_PERSONS_MIN:
        return population, counts
    for start in range(0, len(chosen), limits.WEIGHTS_RECORDS_AT_ONCE):
        if should_stop():
            return population, None
        batch = chosen[start : start + limits.WEIGHTS_RECORDS_AT_ONCE]
        with unit_of_work():
            sample.extend(_count_candidates(batch, counts))
        progress(start + len(batch), len(chosen))
    _draw.shuffle(sample)
    count_strangers(
        sample[: limits.WEIGHTS_STRANGERS_MAX], counts, pairs=limits.WEIGHTS_STRANGER_PAIRS
    )
    return population, counts


def _chosen() -> tuple[int, Sequence[int]]:
    """How many persons are known, and the records to look at: all, or some at random."""
    with unit_of_work():
        population = vault_session.scalar(
            sa.select(sa.func.count())
            .select_from(Person)
            .where(Person.standing.not_in((Standing.MERGED, Standing.ERASED)))
        )
        newest = vault_session.scalar(sa.select(sa.func.max(IdentityRecord.id))) or 0
    ids: Sequence[int] = range(1, newest + 1)
    if newest > limits.WEIGHTS_RECORDS_MAX:
        ids = sorted(_draw.sample(ids, limits.WEIGHTS_RECORDS_MAX))
    return population or 0, ids


def _count_candidates(ids: Sequence[int], counts: Counts) -> list[Known]:
    """Compare these records with all that share a blind index; who they were.

    What was found not to be a person's teaches nothing about how one person's records agree.
    """
    opened = open_to_read()
    found: list[tuple[int, Likeness]] = []
    for row in vault_session.execute(_RECORDS, {"ids": list(ids)}):
        holder = records.holder(opened, row.person_id, row.uid, row.wrapped_key)
        found.append((row.root_id, records.open_likeness(holder, row.number, row.likeness)))
    tokens = [opened.tokens(likeness) for _, likeness in found]
    candidates = Candidates(opened)
    candidates.read(tokens)
    for (_, likeness), wanted in zip(found, tokens, strict=True):
        others = [one.likeness for one in candidates.sharing(wanted) if one.is_trusted]
        if likeness in others:
            others.remove(likeness)
        patterns = [pattern(likeness, other) for other in others]
        counts.candidates.update(patterns)
        counts.of_records.append(patterns)
    return found


def count_strangers(sample: Sequence[Known], counts: Counts, *, pairs: int) -> None:
    """Compare persons who have nothing to do with each other, drawn at random.

    Who resembles another so much that somebody would be asked is hardly a
    stranger, but the same person known twice.
    """
    for _ in range(pairs if len(sample) > 1 else 0):
        (first, one), (second, other) = _draw.choice(sample), _draw.choice(sample)
        if first != second and (one.identifier is None or one.identifier != other.identifier):
            seen = pattern(one, other)
            if START.weigh(seen).total < _ALIKE:
                counts.strangers[seen] += 1


def pattern(one: Likeness, other: Likeness) -> Pattern:
    """How two records agree, field by field."""
    return scoring.pattern(one, other, numbers={other.identifier} if other.identifier else set())


_RECORDS = (
    sa.select(
        IdentityRecord.number,
        IdentityRecord.likeness,
        IdentityRecord.person_id,
        Person.uid,
        Person.wrapped_key,
        sa.func.coalesce(Person.merged_into_id, Person.id).label("root_id"),
    )
    .join(Person, Person.id == IdentityRecord.person_id)
    .where(
        IdentityRecord.id.in_(sa.bindparam("ids", expanding=True)),
        Person.standing != Standing.ERASED,
        *(~is_distrusted(what) for what in Distrust),
    )
)
