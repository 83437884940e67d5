"""Writing every keyed digest and index entry anew under the active index key."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.identity import records
from registry.identity.keys import EPOCH_SHIFT, OpenVault
from registry.identity.likeness import Likeness
from registry.identity.models import IdentityRecord, IndexEntry, table_of
from registry.identity.opening import open_to_write
from registry.identity.rotation import counting
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

    :raises Unavailable: the vault is closed.
    """
    total = _waiting(actor)
    done = 0
    progress(done, total)
    for one in INDEXED:
        for written in _steps(actor, one, should_stop):
            done += written
            progress(done, max(done, total))
    _finish(actor)
    return done


def _steps(actor: Actor, one: Indexed, should_stop: ShouldStop) -> Iterator[int]:
    after: int | None = 0
    while after is not None and not should_stop():
        began = time.monotonic()
        after, written = _step(actor, one, after)
        yield written
        time.sleep(min(time.monotonic() - began, _PAUSE_SECONDS_MAX))


@transactional
def _waiting(actor: Actor) -> int:
    require(actor, Permission.KEYS_MANAGE)
    return counting.to_reindex(open_to_write().index_number)


@transactional
def _step(actor: Actor, one: Indexed, after: int) -> tuple[int | None, int]:
    """Write the next rows anew; where to go on, and how many they were.

    In turn with whoever writes identities: no row changes under our hands.
    """
    require(actor, Permission.KEYS_MANAGE)
    opened = open_to_write()
    rows = vault_session.execute(
        one.rows()
        .where(one.pending(opened.index_number), one.cursor > after)
        .order_by(one.cursor)
        .limit(limits.KEYS_REINDEXED_AT_ONCE)
    ).all()
    if not rows:
        return None, 0
    # Several rows may stand at one point of the cursor; those written are not found again.
    onward = getattr(rows[-1][0], one.cursor.name) - 1
    _write(one, opened, rows)
    audit.record(
        actor,
        AuditTag.KEYS_REINDEXED,
        f"key:index:{opened.index_number}",
        table=one.table.name,
        rows=len(rows),
    )
    return onward, len(rows)


def _write(one: Indexed, opened: OpenVault, rows: Sequence[Any]) -> None:
    holders = {
        person.id: records.holder(opened, person.id, person.uid, person.wrapped_key)
        for _row, person, _record in rows
    }
    changes: list[Values] = []
    likenesses: dict[int, Likeness] = {}
    for row, person, record in rows:
        key = {f"at_{column.name}": getattr(row, column.name) for column in one.table.primary_key}
        values = one.anew(opened, holders[person.id], row, record)
        changes.append(key | {f"to_{name}": value for name, value in values.items()})
        if one.model is IdentityRecord:
            blob = values["likeness"]
            likenesses[row.id] = records.open_likeness(holders[person.id], row.number, blob)
    vault_session.connection(bind_arguments=_vault()).execute(_update(one, changes[0]), changes)
    if likenesses:
        _write_entries(opened, likenesses)
    vault_session.expire_all()


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
def _finish(actor: Actor) -> None:
    require(actor, Permission.KEYS_MANAGE)
    active = open_to_write().index_number
    emptied = counting.note_emptied(counting.INDEX, active, clock.now())
    if emptied:
        audit.record(actor, AuditTag.KEYS_EMPTIED, "key:index", numbers=emptied)


def _vault() -> dict[str, sa.Engine]:
    return {"bind": db.engines["identity"]}
