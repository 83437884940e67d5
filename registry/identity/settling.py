"""Telling the registry again what the vault holds as settled.

The vault commits first: what stopped the registry's commit lost the decision
there, with its record.  Whoever listens changes only what is not yet as told,
so telling it once too often has no effect.
"""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from registry import audit
from registry.access import Permission
from registry.identity import persons, sites
from registry.identity.decisions import keeping
from registry.identity.decisions.models import PersonMerge
from registry.identity.events import (
    PersonDoubted,
    PersonEstablished,
    PersonsMerged,
    PersonsSplit,
)
from registry.identity.models import Person
from registry.identity.opening import wait_for_turn
from registry.kernel import events
from registry.kernel.actor import Actor
from registry.persistence import transactional, vault_session
from registry.vocab.audit import AuditTag
from registry.vocab.identity import Standing


@transactional
def settle(actor: Actor, person_uid: str) -> None:
    """Tell again who the person is: whom they stand for, and that they are beyond doubt.

    Nothing is told of a tentative person into whom nobody was merged.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such person at the actor's sites.
    """
    wait_for_turn()
    person = persons.by_uid(person_uid)
    group = persons.group_of(person.id)
    sites.require_at_any(actor, Permission.IDENTITY_REVIEW, persons.sites_of(group))
    tell_again(actor, person)


def tell_again(actor: Actor, person: Person) -> None:
    """Publish and record what the vault holds of an unmerged person; the caller asks leave.

    Whoever was split from the person is told of first, the latest merge first:
    what was undone comes before what was done since.
    """
    undone = _undone_around(person)
    told = {person.id} | {one for made in undone for one in (made.kept_id, made.merged_id)}
    for made in undone:
        _tell_split(actor, made)
    roots = {root.id: root for root in map(persons.root_of, sorted(told))}
    for root in roots.values():
        told |= _tell_merged(actor, root)
        _tell_standing(actor, root, was_split=bool(undone))
    keeping.hear_all_of(told)


def _undone_around(person: Person) -> Sequence[PersonMerge]:
    """The undone merges that lead to the person, over however many others, the latest first."""
    known: set[int] = set()
    reached = persons.group_of(person.id)
    while reached - known:
        known |= reached
        rows = _undone_among(known)
        reached = {one for made in rows for one in (made.kept_id, made.merged_id)}
    return _undone_among(known)


def _undone_among(person_ids: Collection[int]) -> Sequence[PersonMerge]:
    return vault_session.scalars(
        sa.select(PersonMerge)
        .where(
            PersonMerge.undone_at.is_not(None),
            sa.or_(PersonMerge.kept_id.in_(person_ids), PersonMerge.merged_id.in_(person_ids)),
        )
        .order_by(PersonMerge.id.desc())
    ).all()


def _tell_split(actor: Actor, made: PersonMerge) -> None:
    kept = vault_session.get_one(Person, made.kept_id)
    split = vault_session.get_one(Person, made.merged_id)
    if made.undone_at is None or persons.root_of(kept.id) is persons.root_of(split.id):
        return
    audit.record(actor, AuditTag.PERSON_SPLIT, split, kept=kept.uid, resumed=True)
    events.publish(PersonsSplit(actor, kept.uid, split.uid, made.undone_at))


def _tell_merged(actor: Actor, person: Person) -> set[int]:
    """Tell whom the person stands for; the ids of all."""
    group = persons.group_of(person.id)
    for merged_id in sorted(group - {person.id}):
        merged = vault_session.get_one(Person, merged_id)
        audit.record(actor, AuditTag.PERSON_MERGED, merged, into=person.uid, resumed=True)
        events.publish(PersonsMerged(actor, kept_uid=person.uid, merged_uid=merged.uid))
    return group


def _tell_standing(actor: Actor, person: Person, *, was_split: bool) -> None:
    if person.standing is Standing.ESTABLISHED:
        audit.record(actor, AuditTag.PERSON_ESTABLISHED, person, resumed=True)
        events.publish(PersonEstablished(actor, person.uid))
    elif person.standing is Standing.TENTATIVE and was_split:
        audit.record(actor, AuditTag.PERSON_DOUBTED, person, resumed=True)
        events.publish(PersonDoubted(actor, person.uid))
