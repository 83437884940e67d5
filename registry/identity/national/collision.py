"""One national number, two persons: somebody decides; the number alone never does.

Both may be one person, or one of the two numbers was mistyped.  The traits
are compared as for a newcomer, and the review shows that the number is common.
"""

from dataclasses import replace

import sqlalchemy as sa

from registry.identity import persons, records, reviews, scoring, weights
from registry.identity.candidates import Known
from registry.identity.keys import OpenVault
from registry.identity.likeness import Likeness
from registry.identity.matching import Match
from registry.identity.models import IdentityRecord, Person
from registry.persistence import vault_session
from registry.vocab.identity import Agreement, Compared


def open_review(opened: OpenVault, person: Person, other: Person) -> int | None:
    """Have somebody decide whether both are one; None when they were found to be different."""
    likeness = _likenesses(opened, person)[person.reference]
    theirs = _group_likenesses(opened, other)
    numbers = {one.identifier for one in theirs if one.identifier}
    population = vault_session.scalar(sa.select(sa.func.max(Person.id))) or 0
    used = weights.current()
    best = max(
        (
            scoring.compare(likeness, one, numbers=numbers, population=population, weights=used)
            for one in theirs
        ),
        key=lambda comparison: comparison.bits,
    )
    shared = replace(best, levels={**best.levels, Compared.NATIONAL: Agreement.EXACT})
    match = Match(Known.of(other), shared)
    review_id = reviews.open_between(person.id, match)
    if review_id is not None:
        reviews.add_ground(review_id, match)
    return review_id


def _group_likenesses(opened: OpenVault, root: Person) -> list[Likeness]:
    """Every identity of a person and of everybody merged into it."""
    return [
        likeness
        for person_id in sorted(persons.group_of(root.id))
        for likeness in _likenesses(opened, vault_session.get_one(Person, person_id)).values()
    ]


def _likenesses(opened: OpenVault, person: Person) -> dict[int, Likeness]:
    holder = records.holder(opened, person.id, person.uid, person.wrapped_key)
    rows = vault_session.execute(
        sa.select(IdentityRecord.number, IdentityRecord.likeness).where(
            IdentityRecord.person_id == person.id
        )
    )
    return {row.number: records.open_likeness(holder, row.number, row.likeness) for row in rows}
