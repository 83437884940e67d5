"""Wrapping data keys again under the active key: small steps, each of which may be the last."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.crypto.errors import SealBroken
from registry.identity.keys import WRAPPING, OpenVault
from registry.identity.opening import open_to_read, open_to_write
from registry.identity.rotation import counting, damage
from registry.identity.rotation.damage import Damage
from registry.identity.rotation.tables import WRAPPED, Wrapped
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.persistence import db, transactional, vault_session
from registry.vocab import limits
from registry.vocab.audit import AuditTag

#: Between two steps others get their turn, for as long as a step takes, but no longer.
_PAUSE_SECONDS_MAX = 0.05
#: How often the rows that others hold are tried again.
_PASSES_MAX = 100

Progress = Callable[[int, int], None]
ShouldStop = Callable[[], bool]


def rewrap(
    actor: Actor,
    *,
    purposes: Collection[str] = WRAPPING,
    progress: Progress = lambda _done, _total: None,
    should_stop: ShouldStop = lambda: False,
) -> int:
    """Bring every data key under the active key of its purpose; how many were brought.

    What was begun and not ended, however it ended, is simply gone on with.
    Damaged rows stay as they are and are recorded.

    :raises Unavailable: the vault is closed, or holds a data key under a number
        that the key source does not have.
    """
    tables = [one for one in WRAPPED if one.purpose in purposes]
    total = sum(_waiting(actor, one) for one in tables)
    done = 0
    progress(done, total)
    for one in tables:
        met = Damage()
        for moved in _passes(actor, one, should_stop, met):
            done += moved
            progress(done, max(done, total))
        _finish(actor, one, met)
    return done


def _passes(actor: Actor, one: Wrapped, should_stop: ShouldStop, met: Damage) -> Iterator[int]:
    """The number of rows of each step, pass after pass until only damaged ones are left."""
    for _ in range(_PASSES_MAX):
        after: int | None = 0
        in_pass = 0
        while after is not None:
            if should_stop():
                return
            began = time.monotonic()
            after, moved, broken = _step(actor, one, after, met)
            met.told.update(broken)
            in_pass += len(broken)
            yield moved
            time.sleep(min(time.monotonic() - began, _PAUSE_SECONDS_MAX))
        if _waiting(actor, one) <= in_pass:
            met.rows = in_pass
            return


@transactional
def _waiting(actor: Actor, one: Wrapped) -> int:
    """How many rows are under a key before the active one."""
    require(actor, Permission.KEYS_MANAGE)
    active = open_to_read().held(one.purpose).active
    found = vault_session.scalar(
        sa.select(sa.func.count()).select_from(
            one.rows().where(one.table.c.key_number < active).subquery()
        ),
        bind_arguments=_vault(),
    )
    return found or 0


@transactional
def _step(
    actor: Actor, one: Wrapped, after: int, met: Damage
) -> tuple[int | None, int, Sequence[str]]:
    """Wrap the next data keys again; the last row looked at, how many were changed, and
    the places of those that do not open.

    In turn with whoever retires a key: nothing is brought under one just given up.
    Rows that somebody is changing now are left to the next pass.
    """
    require(actor, Permission.KEYS_MANAGE)
    opened = open_to_write()
    keys = opened.held(one.purpose)
    columns = one.table.c
    rows = vault_session.execute(
        one.rows()
        .where(columns.key_number < keys.active, columns.id > after)
        .order_by(columns.id)
        .limit(limits.KEYS_REWRAPPED_AT_ONCE)
        .with_for_update(skip_locked=True, of=one.table),
        bind_arguments=_vault(),
    ).all()
    if not rows:
        return None, 0, ()
    moved, broken = _swap(one, opened, rows)
    damage.tell(actor, broken, met)
    if moved:
        counting.note_used(one.purpose, {keys.active, *(row.key_number for row in rows)})
        audit.record(
            actor,
            AuditTag.KEYS_REWRAPPED,
            f"key:{one.purpose}:{keys.active}",
            table=one.table.name,
            rows=moved,
        )
    return rows[-1].id, moved, broken


def _swap(one: Wrapped, opened: OpenVault, rows: Sequence[Any]) -> tuple[int, Sequence[str]]:
    """Put each key wrapped anew in the place of the one that was read, if it is still there.

    How many that were, and the places of those that do not open.
    """
    number = opened.held(one.purpose).active
    columns = one.table.c
    broken: list[str] = []
    changes: list[dict[str, Any]] = []
    for row in rows:
        try:
            anew = _wrapped_anew(one, opened, row)
        except SealBroken as error:
            broken.append(error.place)
        else:
            changes.append({"row": row.id, "read": row.wrapped_key, "anew": anew})
    if not changes:
        return 0, broken
    swapped = vault_session.connection(bind_arguments=_vault()).execute(
        sa.update(one.table)
        .where(columns.id == sa.bindparam("row"), columns.wrapped_key == sa.bindparam("read"))
        .values(wrapped_key=sa.bindparam("anew"), key_number=number),
        changes,
    )
    return swapped.rowcount, broken


def _wrapped_anew(one: Wrapped, opened: OpenVault, row: Any) -> bytes:
    wrapper, place = one.wrapper(opened), one.place(row)
    key = damage.unwrapped(wrapper, row.wrapped_key, row.key_number, place)
    return wrapper.wrap(key, place)


@transactional
def _finish(actor: Actor, one: Wrapped, met: Damage) -> None:
    """Remember since when the other numbers have no rows, and how many rows are damaged.

    In turn with writers: nothing comes under a number between the count and the note.
    """
    require(actor, Permission.KEYS_MANAGE)
    active = open_to_write().held(one.purpose).active
    emptied = counting.note_emptied(one.purpose, active, clock.now())
    if emptied:
        audit.record(actor, AuditTag.KEYS_EMPTIED, f"key:{one.purpose}", numbers=emptied)
    damage.note(actor, one.purpose, met)


def _vault() -> dict[str, sa.Engine]:
    return {"bind": db.engines["identity"]}
