"""Carrying out what the file of tombstones says, before anything is read.

A restored vault is as it was before the erasure, and a restored registry
knows nothing of it.  Each process compares the file with both at its first
opening of the vault and whenever the file has changed since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.audit.models import AuditEntry
from registry.identity import opening
from registry.identity.erasure import cleaning, tombstones
from registry.identity.erasure.destroying import close_reviews, destroy
from registry.identity.erasure.models import Erasure
from registry.identity.erasure.tombstones import Keeping, Signature, Tombstone
from registry.identity.events import PersonErased
from registry.identity.models import Person, table_of
from registry.kernel import clock, events
from registry.kernel.actor import Actor
from registry.persistence import after_commit, registry_session, transactional, vault_session
from registry.persistence.unit_of_work import apart, current
from registry.vocab.audit import AuditTag
from registry.vocab.identity import Standing

_ACTOR = Actor.system("erasures")


@dataclass
class _Seen:
    """Which file this process has last found carried out."""

    keeping: Keeping | None = None
    signature: Signature = None


_seen = _Seen()


@transactional
def replay(actor: Actor, *copy_of: Path) -> int:
    """Carry out every erasure of the file, and of copies of it from elsewhere; how many were not.

    :raises NotPermitted: the actor may not erase.
    :raises Unavailable: a file cannot be read or was changed.
    """
    require(actor, Permission.IDENTITY_ERASE)
    opening.wait_for_turn()
    for path in copy_of:
        add_missing(tombstones.read(path))
    return _carry_out(actor)


def add_missing(found: Sequence[Tombstone]) -> None:
    """Write down erasures that the file of this process lacks."""
    path = tombstones.keeping().path
    known = {one.person_uid for one in tombstones.read(path)}
    missing = [one for one in found if one.person_uid not in known]
    if missing:
        tombstones.append(path, *missing)


def ensure() -> None:
    """Carry out what is missing, inside a unit of work, unless this process has looked before.

    The unit of work stays that of whoever began it: the erasures are apart from it.

    :raises Unavailable: the file cannot be read or was changed: nothing may be read then.
    """
    keeping = tombstones.keeping()
    if _seen.keeping is keeping and _seen.signature == tombstones.signature(keeping.path):
        return
    with apart():
        _carry_out(_ACTOR)


def _carry_out(actor: Actor) -> int:
    keeping = tombstones.keeping()
    # The file is read after the journal: a line is there before the entry that tells of it.
    recorded = _recorded()
    add_missing([as_tombstone(row) for row in _rows()])
    signature = tombstones.signature(keeping.path)
    buried = tombstones.read(keeping.path)
    _refuse_forgotten(recorded, buried)
    missing = _not_carried_out(buried)
    require(actor, Permission.IDENTITY_ERASE)
    if missing:
        opening.wait_for_turn()
        for tombstone in _not_carried_out(buried):
            _apply(actor, tombstone)
        cleaning.clean_after_commit()
    _record_unrecorded(actor, buried)
    for tombstone in buried:
        tell(actor, tombstone)
    # Only what is committed spares the next opening its look.
    after_commit(lambda: _remember(keeping, signature))
    return len(missing)


def _remember(keeping: Keeping, signature: Signature) -> None:
    _seen.keeping, _seen.signature = keeping, signature


def _recorded() -> set[str]:
    """Everybody whose erasure the journal tells of, or will at the commit."""
    rows = registry_session.execute(
        sa.select(AuditEntry.object_ref, AuditEntry.details).where(
            AuditEntry.tag == AuditTag.PERSON_ERASED
        )
    ).all()
    found = [(row.object_ref, row.details) for row in rows] + [
        (str(entry["object_ref"]), entry["details"])
        for entry in current().audit_entries
        if entry["tag"] == AuditTag.PERSON_ERASED
    ]
    return {
        uid for ref, told in found for uid in (ref.removeprefix("person:"), *told.get("merged", ()))
    }


def _refuse_forgotten(recorded: set[str], buried: Sequence[Tombstone]) -> None:
    """Keep the vault closed when somebody lives in it whose erasure only the journal knows.

    :raises Unavailable: the file was lost, and the vault is older than an erasure.
    """
    forgotten = recorded.difference(*(one.uids for one in buried))
    if forgotten and _uids_alive(sorted(forgotten)):
        raise tombstones.unreadable()


def _record_unrecorded(actor: Actor, buried: Sequence[Tombstone]) -> None:
    """Record the erasures of which a crash, or a restored registry, left no entry."""
    if {one.person_uid for one in buried} <= _recorded():
        return
    # Whoever is about to commit such an entry has done so by then.
    opening.wait_for_turn()
    recorded = _recorded()
    for tombstone in buried:
        if tombstone.person_uid not in recorded:
            _record(actor, tombstone, tombstone.destroyed)


def _record(actor: Actor, tombstone: Tombstone, destroyed: dict[str, int]) -> None:
    audit.record(
        actor,
        AuditTag.PERSON_ERASED,
        f"person:{tombstone.person_uid}",
        certificate=tombstone.certificate,
        ground=tombstone.ground,
        destroyed=destroyed,
        merged=tombstone.merged_uids,
        replayed=True,
    )


def tell(actor: Actor, tombstone: Tombstone) -> None:
    """Tell the registry of everybody whom the erasure was about."""
    erased_on = clock.to_paris(tombstone.erased_at).date()
    for uid in tombstone.uids:
        events.publish(PersonErased(actor, uid, erased_on))


def _not_carried_out(buried: Sequence[Tombstone]) -> list[Tombstone]:
    """The erasures that the vault has no row of, or whose persons are there again."""
    known = {row.person_uid for row in _rows()}
    alive = set(_uids_alive([uid for one in buried for uid in one.uids]))
    return [one for one in buried if one.person_uid not in known or alive & set(one.uids)]


def _uids_alive(uids: Sequence[str]) -> Sequence[str]:
    return vault_session.scalars(
        sa.select(Person.uid).where(Person.uid.in_(uids), Person.standing != Standing.ERASED)
    ).all()


def _rows() -> Sequence[Erasure]:
    return vault_session.scalars(sa.select(Erasure).order_by(Erasure.id)).all()


def _apply(actor: Actor, tombstone: Tombstone) -> None:
    people = vault_session.scalars(
        sa.select(Person).where(Person.uid.in_(tombstone.uids), Person.standing != Standing.ERASED)
    ).all()
    release_others(people)
    close_reviews(tombstone.erased_by, [person.id for person in people])
    destroyed = destroy(people)
    if not any(row.person_uid == tombstone.person_uid for row in _rows()):
        keep(tombstone)
    _record(actor, tombstone, destroyed.counts)


def release_others(people: Sequence[Person]) -> None:
    """Let those who were merged into one of these when the backup was made stand for themselves.

    Who is not among the erased was found to be somebody else in the meantime.
    """
    ids = [person.id for person in people]
    vault_session.execute(
        sa.update(Person)
        .where(Person.merged_into_id.in_(ids), Person.id.not_in(ids))
        .values(standing=Standing.TENTATIVE, merged_into_id=None)
        .execution_options(synchronize_session=False)
    )
    vault_session.expire_all()


def keep(tombstone: Tombstone) -> None:
    """Keep an erasure in the vault as the file has it; its pages are still to be cleaned."""
    values = {**tombstone.as_json(), "cleaned_at": None}
    values |= {"erased_at": tombstone.erased_at, "backups_until": tombstone.backups_until}
    values |= {"ground": tombstone.ground}
    vault_session.execute(sa.insert(table_of(Erasure)), values)


def as_tombstone(row: Erasure) -> Tombstone:
    """The erasure as the file has it."""
    return Tombstone(
        certificate=row.certificate,
        person_uid=row.person_uid,
        merged_uids=row.merged_uids,
        ground=row.ground,
        reason=row.reason,
        erased_at=row.erased_at,
        erased_by=row.erased_by,
        destroyed=row.destroyed,
        key_digests=row.key_digests,
        backups_until=row.backups_until,
    )
