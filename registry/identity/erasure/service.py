"""Erasing one person."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.identity import discretion, persons, sites
from registry.identity.erasure import cleaning, replay, tombstones
from registry.identity.erasure.destroying import close_reviews, destroy
from registry.identity.erasure.models import Erasure
from registry.identity.erasure.tombstones import Tombstone
from registry.identity.events import PersonBuried, PersonEstablished
from registry.identity.models import MatchReview, Person
from registry.identity.opening import open_to_write, wait_for_turn
from registry.identity.reveal import checked_reason, in_clear
from registry.kernel import clock, events
from registry.kernel.actor import Actor
from registry.kernel.codes import participant as checked_code
from registry.persistence import transactional, vault_session
from registry.vocab.audit import AuditTag
from registry.vocab.erasure import ErasureGround
from registry.vocab.identity import Standing
from registry.vocab.reviews import WAITING


@transactional
def erase(actor: Actor, person_uid: str, *, ground: ErasureGround, reason: str) -> Tombstone:
    """Destroy the identity of a person and of everybody merged into that person, for good.

    Participants keep their pseudonymous data.  Reviews that wait are closed,
    and who waited only for them is established.  Erasing again changes nothing
    and gives what was written down the first time.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such person, or not at the actor's sites alone.
    :raises InvalidInput: no reason is given, or it says who the person is.
    :raises Unavailable: the vault is closed, or the erasure cannot be written down.
    """
    require(actor, Permission.IDENTITY_ERASE)
    wait_for_turn()
    opened = open_to_write()
    person = persons.by_uid(person_uid)
    known = of_person(person.uid)
    if known is not None:
        return replay.as_tombstone(known)
    group = persons.group_of(person.id)
    sites.require_at_all(actor, Permission.IDENTITY_ERASE, persons.sites_of(group))
    reason = checked_reason(reason)
    shown = in_clear(opened, person)
    discretion.check_reason(actor, person, reason, shown.traits, shown.numbers)
    others = _counterparts(group)
    close_reviews(actor.login, group)
    tombstone = _bury(actor, person, group, ground, reason)
    for other in others:
        _establish(actor, other)
    return tombstone


def of_person(person_uid: str) -> Erasure | None:
    """The erasure of the person, whether it was this one or one merged into another."""
    found = vault_session.scalar(sa.select(Erasure).where(Erasure.person_uid == person_uid))
    if found is not None:
        return found
    rows = vault_session.execute(sa.select(Erasure.id, Erasure.merged_uids))
    number = next((row.id for row in rows if person_uid in row.merged_uids), None)
    return None if number is None else vault_session.get_one(Erasure, number)


def _bury(
    actor: Actor, person: Person, group: set[int], ground: ErasureGround, reason: str
) -> Tombstone:
    """Destroy, and write down what was destroyed before it can be committed."""
    uid, now = person.uid, clock.now()
    people = vault_session.scalars(
        sa.select(Person).where(Person.id.in_(group)).order_by(Person.id)
    ).all()
    merged = [one.uid for one in people if one.uid != uid]
    destroyed = destroy(people)
    events.publish(PersonBuried([uid, *merged], destroyed.counts))
    keeping = tombstones.keeping()
    tombstone = Tombstone(
        certificate=f"E-{checked_code.new()}",
        person_uid=uid,
        merged_uids=merged,
        ground=ground,
        reason=reason,
        erased_at=now,
        erased_by=actor.login,
        destroyed=destroyed.counts,
        key_digests=destroyed.key_digests,
        backups_until=clock.to_paris(now).date() + timedelta(days=keeping.backup_days),
    )
    replay.keep(tombstone)
    audit.record(
        actor,
        AuditTag.PERSON_ERASED,
        f"person:{uid}",
        reason=reason,
        certificate=tombstone.certificate,
        ground=ground,
        destroyed=destroyed.counts,
        merged=merged,
    )
    replay.tell(actor, tombstone)
    tombstones.append(keeping.path, tombstone)
    cleaning.clean_after_commit()
    return tombstone


def _counterparts(group: set[int]) -> Sequence[int]:
    """Who waits for a decision about one of these persons."""
    pairs = vault_session.execute(
        sa.select(MatchReview.first_id, MatchReview.second_id).where(
            MatchReview.outcome.in_(WAITING),
            sa.or_(MatchReview.first_id.in_(group), MatchReview.second_id.in_(group)),
        )
    )
    return sorted({side for pair in pairs for side in pair} - group)


def _establish(actor: Actor, person_id: int) -> None:
    """Establish a tentative person about whom nothing waits any more."""
    person = persons.root_of(person_id)
    group = persons.group_of(person.id)
    if person.standing is not Standing.TENTATIVE or _counterparts(group):
        return
    person.standing = Standing.ESTABLISHED
    audit.record(actor, AuditTag.PERSON_ESTABLISHED, person)
    events.publish(PersonEstablished(actor, person.uid))
