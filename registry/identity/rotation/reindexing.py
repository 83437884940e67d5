"""Writing every keyed digest and index entry anew under the active index key."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.crypto.errors import SealBroken
from registry.identity import records
from registry.identity.keys import EPOCH_SHIFT, OpenVault
from registry.identity.likeness import Likeness
from registry.identity.models import IdentityRecord, IndexEntry, Person, table_of
from registry.identity.opening import open_to_write
from registry.identity.records import Holder
from registry.identity.rotation import counting, damage
from registry.identity.rotation.damage import Damage
from registry.identity.rotation.rewrapping import Progress, ShouldStop
from registry.identity.rotation.tables import INDEXED, Indexed, Values
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.persistence import db, transactional, vault_session
from registry.vocab import limits
from registry.vocab.audit import AuditTag

_PAUSE_SECONDS_MAX = 0.1


def reindex(
    actor: Actor,
    *,
    progress: Progress = lambda _done, _total: None,
    should_stop: ShouldStop = lambda: False,
) -> int:
    """Bring every index under the active key and today's rules; how many rows were written.

    Entries under other held keys stay, so that whoever holds only those still
    finds everybody.  What was begun and not ended is simply gone on with.
    Damaged rows stay as they are and are recorded.

    :raises Unavailable: the vault is closed.
    """
    total = _waiting(actor)
    done = 0
    met = Damage(rows=0)
    progress(done, total)
    for one in INDEXED:
        for written in _steps(actor, one, should_stop, met):
            done += written
            progress(done, max(done, total))
    _finish(actor, met)
    return done


def _steps(actor: Actor, one: Indexed, should_stop: ShouldStop, met: Damage) -> Iterator[int]:
    after: tuple[Any, ...] | None = None
    while True:
        if should_stop():
            met.rows = None
            return
        began = time.monotonic()
        after, written, broken = _step(actor, one, after, met)
        if after is None:
            return
        met.told.update(broken)
        if met.rows is not None:
            met.rows += len(broken)
        yield written
        time.sleep(min(time.monotonic() - began, _PAUSE_SECONDS_MAX))


@transactional
def _waiting(actor: Actor) -> int:
    require(actor, Permission.KEYS_MANAGE)
    return counting.to_reindex(open_to_write().index_number)


@transactional
def _step(
    actor: Actor, one: Indexed, after: tuple[Any, ...] | None, met: Damage
) -> tuple[tuple[Any, ...] | None, int, Sequence[str]]:
    """Write the next rows anew; where to go on, how many they were, and the places of what
    does not open.

    In turn with whoever writes identities: no row changes under our hands.
    """
    require(actor, Permission.KEYS_MANAGE)
    opened = open_to_write()
    rows = vault_session.execute(
        one.rows()
        .where(one.pending(opened.index_number), one.beyond(after))
        .order_by(*one.cursor)
        .limit(limits.KEYS_REINDEXED_AT_ONCE)
    ).all()
    if not rows:
        return None, 0, ()
    onward = one.place_of(rows[-1][0])
    used = {opened.index_number, *(row.index_number for row, _person, _record in rows)}
    written, broken = _write(one, opened, rows)
    damage.tell(actor, broken, met)
    if written:
        counting.note_used(counting.INDEX, used)
        audit.record(
            actor,
            AuditTag.KEYS_REINDEXED,
            f"key:index:{opened.index_number}",
            table=one.table.name,
            rows=written,
        )
    return onward, written, broken


def _write(one: Indexed, opened: OpenVault, rows: Sequence[Any]) -> tuple[int, Sequence[str]]:
    """Write these rows anew; how many were, and the places of what does not open."""
    holders: dict[int, Holder] = {}
    broken: list[str] = []
    changes: list[Values] = []
    likenesses: dict[int, Likeness] = {}
    for row, person, record in rows:
        try:
            if person.id not in holders:
                holders[person.id] = _holder(opened, person)
            values = one.anew(opened, holders[person.id], row, record)
        except SealBroken as error:
            broken.append(error.place)
            continue
        key = {f"at_{column.name}": getattr(row, column.name) for column in one.table.primary_key}
        changes.append(key | {f"to_{name}": value for name, value in values.items()})
        if one.model is IdentityRecord:
            blob = values["likeness"]
            likenesses[row.id] = records.open_likeness(holders[person.id], row.number, blob)
    if changes:
        vault_session.connection(bind_arguments=_vault()).execute(_update(one, changes[0]), changes)
    if likenesses:
        _write_entries(opened, likenesses)
    vault_session.expire_all()
    return len(changes), broken


def _holder(opened: OpenVault, person: Person) -> Holder:
    place = records.place_of_key(person.uid)
    key = damage.unwrapped(opened.wrapper, person.wrapped_key, person.key_number, place)
    return Holder(person.id, person.uid, key)


def _update(one: Indexed, change: Values) -> sa.Update:
    table = one.table
    return (
        sa.update(table)
        .where(*(column == sa.bindparam(f"at_{column.name}") for column in table.primary_key))
        .values(
            {
                name.removeprefix("to_"): sa.bindparam(name)
                for name in change
                if name.startswith("to_")
            }
        )
    )


def _write_entries(opened: OpenVault, likenesses: dict[int, Likeness]) -> None:
    """Give the records the entries they lack; take away what today's rules no longer make."""
    known: dict[int, set[int]] = {record_id: set() for record_id in likenesses}
    for record_id, token in vault_session.execute(
        sa.select(IndexEntry.record_id, IndexEntry.token).where(
            IndexEntry.record_id.in_(likenesses)
        )
    ):
        known[record_id].add(token)
    added: list[Values] = []
    for record_id, likeness in likenesses.items():
        wanted = set(opened.tokens_to_write(likeness))
        added += [{"record_id": record_id, "token": token} for token in wanted - known[record_id]]
        # Only under keys held here: others may write under one not heard of yet.
        left_over = {
            token
            for token in known[record_id] - wanted
            if token >> EPOCH_SHIFT in opened.held(counting.INDEX).keys
        }
        if left_over:
            vault_session.execute(
                sa.delete(IndexEntry).where(
                    IndexEntry.record_id == record_id, IndexEntry.token.in_(left_over)
                )
            )
    if added:
        vault_session.execute(sa.insert(table_of(IndexEntry)), added)


@transactional
def _finish(actor: Actor, met: Damage) -> None:
    require(actor, Permission.KEYS_MANAGE)
    active = open_to_write().index_number
    emptied = counting.note_emptied(counting.INDEX, active, clock.now())
    if emptied:
        audit.record(actor, AuditTag.KEYS_EMPTIED, "key:index", numbers=emptied)
    damage.note(actor, counting.INDEX, met)


def _vault() -> dict[str, sa.Engine]:
    return {"bind": db.engines["identity"]}
