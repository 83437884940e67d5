"""Which spellings of two persons agree as their review says: those are put side by side."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import product

import sqlalchemy as sa

from registry.identity import records, scoring, weights
from registry.identity.keys import OpenVault
from registry.identity.likeness import Likeness
from registry.identity.models import IdentityRecord, MatchReview, Person
from registry.identity.records import Holder
from registry.persistence import vault_session
from registry.vocab.identity import Compared


@dataclass(frozen=True, repr=False)
class Spelling:
    """A record of one side, opened to be compared."""

    holder: Holder
    record: IdentityRecord
    likeness: Likeness
    is_reference: bool


def matched(
    opened: OpenVault, pair: MatchReview, sides: Sequence[tuple[Person, Collection[int]]]
) -> tuple[Spelling, Spelling]:
    """The spelling of each side from which the review came; where several agree alike, the
    ones that are shown elsewhere, and where none does any more, the likeliest.
    """
    used = weights.current()
    found = {
        field: level for field, level in pair.levels.items() if field != Compared.NATIONAL.value
    }
    first, second = (_spellings(opened, root, group) for root, group in sides)
    population = vault_session.scalar(sa.select(sa.func.max(Person.id))) or 0

    def rank(both: tuple[Spelling, Spelling]) -> tuple[bool, int, float]:
        one, other = both
        compared = [
            scoring.compare(
                mine.likeness,
                theirs.likeness,
                numbers={it.likeness.identifier for it in all_theirs if it.likeness.identifier},
                population=population,
                weights=used,
            )
            for mine, theirs, all_theirs in ((one, other, second), (other, one, first))
        ]
        agrees = any(
            {field.value: level.value for field, level in it.levels.items()} == found
            for it in compared
        )
        return agrees, one.is_reference + other.is_reference, max(it.bits for it in compared)

    return max(product(first, second), key=rank)


def _spellings(opened: OpenVault, root: Person, group: Collection[int]) -> list[Spelling]:
    rows = vault_session.execute(
        sa.select(Person, IdentityRecord)
        .join(IdentityRecord, IdentityRecord.person_id == Person.id)
        .where(Person.id.in_(group))
        .order_by(IdentityRecord.id)
    ).all()
    spellings = []
    for person, record in rows:
        holder = records.holder(opened, person.id, person.uid, person.wrapped_key)
        likeness = records.open_likeness(holder, record.number, record.likeness)
        is_reference = person is root and record.number == person.reference
        spellings.append(Spelling(holder, record, likeness, is_reference))
    return spellings
