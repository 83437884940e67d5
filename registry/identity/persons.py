"""Persons and those merged into them: a merge is a pointer, so a group is a small tree."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from registry.identity.models import IdentityRecord, MatchReview, Person
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.persistence import vault_session
from registry.vocab.identity import ReviewOutcome

_FOUND = sa.select(sa.bindparam("root_id", type_=sa.BigInteger).label("id")).cte(
    "person_group", recursive=True
)
#: The numbers of the person ``root_id`` and of everybody merged into it.
GROUP = sa.select(
    _FOUND.union(sa.select(Person.id).join(_FOUND, Person.merged_into_id == _FOUND.c.id)).c.id
)


def by_uid(uid: str) -> Person:
    """Who this pseudonym stands for after every merge.

    :raises NotFound: nobody.
    """
    person_id = vault_session.scalar(sa.select(Person.id).where(Person.uid == uid))
    if person_id is None:
        raise NotFound(T("There is no such identity at your sites."))
    return root_of(person_id)


def root_of(person_id: int) -> Person:
    """Who the person is after every merge."""
    person = vault_session.get_one(Person, person_id)
    while person.merged_into_id is not None:
        person = vault_session.get_one(Person, person.merged_into_id)
    return person


def group_of(root_id: int) -> set[int]:
    """The person and everybody merged into it, however often."""
    return set(vault_session.scalars(GROUP, {"root_id": root_id}))


def are_apart(one: Collection[int], other: Collection[int], *, but: int | None = None) -> bool:
    """Whether anybody of one group was found to be another person than somebody of the other;
    the review numbered `but` does not count.
    """
    found = vault_session.scalar(
        sa.select(MatchReview.id)
        .where(
            MatchReview.outcome == ReviewOutcome.DIFFERENT,
            MatchReview.id != (but or 0),
            sa.or_(
                MatchReview.first_id.in_(one) & MatchReview.second_id.in_(other),
                MatchReview.first_id.in_(other) & MatchReview.second_id.in_(one),
            ),
        )
        .limit(1)
    )
    return found is not None


def sites_of(person_ids: Collection[int]) -> set[str]:
    """The codes of the sites at which these persons' identities were received."""
    return set(
        vault_session.scalars(
            sa.select(IdentityRecord.site_code)
            .where(IdentityRecord.person_id.in_(person_ids))
            .distinct()
        )
    )


def groups_of(root_ids: Collection[int]) -> dict[int, set[int]]:
    """The group of each of these persons, found together."""
    root = {one: one for one in root_ids}
    latest = set(root)
    while latest:
        rows = vault_session.execute(
            sa.select(Person.id, Person.merged_into_id).where(Person.merged_into_id.in_(latest))
        ).all()
        latest = {row.id for row in rows}
        root.update({row.id: root[row.merged_into_id] for row in rows})
    groups: dict[int, set[int]] = {one: set() for one in root_ids}
    for member, of in root.items():
        groups[of].add(member)
    return groups


def sites_of_each(groups: Mapping[int, Collection[int]]) -> dict[int, set[str]]:
    """The codes of the sites at which each group's identities were received."""
    of = {member: root for root, members in groups.items() for member in members}
    found: dict[int, set[str]] = {root: set() for root in groups}
    rows = vault_session.execute(
        sa.select(IdentityRecord.person_id, IdentityRecord.site_code)
        .where(IdentityRecord.person_id.in_(of))
        .distinct()
    )
    for row in rows:
        found[of[row.person_id]].add(row.site_code)
    return found
