"""What was made of what: the ledgers tell, in which a child receives what its parents give.

A tube that was filled from one parent has one such entry, a pool has one from
each, and both begin their ledger with them.  Nothing else says who comes of whom.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from registry.persistence import among
from registry.samples.models import QuantityEntry, Sample
from registry.vocab.samples import LedgerReason

#: A row for each parent of each child, numbered by `seq` among the child's.
DESCENT = (
    sa.select(
        QuantityEntry.sample_id.label("child_id"),
        QuantityEntry.other_id.label("parent_id"),
        QuantityEntry.seq,
    )
    .where(QuantityEntry.reason == LedgerReason.RECEIVED_FROM_PARENT)
    .subquery("descent")
)

_SECOND = orm.aliased(QuantityEntry)


def is_pool() -> sa.Exists:
    """Whether a `Sample` of the statement was made of several."""
    return (
        sa.select(_SECOND.id)
        .where(
            _SECOND.sample_id == Sample.id,
            _SECOND.seq == 2,
            _SECOND.reason == LedgerReason.RECEIVED_FROM_PARENT,
        )
        .correlate(Sample)
        .exists()
    )


def above(sample_ids: Collection[int]) -> sa.CTE:
    """The samples and all that they come from: `id`, as a parent of `child_id`, its number `seq`.

    Each of the samples itself is there as its own child.
    """
    own = sa.select(Sample.id.label("child_id"), Sample.id, sa.literal(0).label("seq"))
    steps = own.where(among(Sample.id, sample_ids)).cte("above", recursive=True)
    return steps.union(
        sa.select(steps.c.id, DESCENT.c.parent_id, DESCENT.c.seq).join(
            DESCENT, DESCENT.c.child_id == steps.c.id
        )
    )


def below(codes: Collection[str]) -> sa.CTE:
    """The numbers, `id`, of the samples with these codes and of all that was made of them."""
    made = sa.select(Sample.id).where(Sample.code.in_(codes)).cte("below", recursive=True)
    return made.union(sa.select(DESCENT.c.child_id).join(made, DESCENT.c.parent_id == made.c.id))


def parents(pairs: Iterable[tuple[int, int]]) -> Mapping[int, Sequence[int]]:
    """The parents of each sample that `above` found, in order, from its pairs of child and parent.

    What was drawn has none.
    """
    found: dict[int, list[int]] = {}
    for child_id, one in pairs:
        found.setdefault(one, [])
        if child_id != one:
            found.setdefault(child_id, []).append(one)
    return found
