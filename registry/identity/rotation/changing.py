"""Adding a key, making new things with it, and taking an old one away."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.crypto.keyring import VaultKeys
from registry.crypto.keyset import KEY_BYTES, KeySet
from registry.crypto.sources import KeySource
from registry.identity.keys import ROTATED, OpenVault
from registry.identity.models import IndexEntry, KeyCheck
from registry.identity.opening import open_to_write
from registry.identity.rotation import counting, damage
from registry.identity.rotation.tables import INDEXED
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.persistence import db, transactional, vault_session
from registry.vocab import limits
from registry.vocab.audit import AuditTag


@dataclass(frozen=True)
class Where:
    """Where the keys are read, and where they are written: elsewhere when done by hand."""

    read: KeySource
    write: KeySource

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody has to carry the changed keys to the running processes."""
        return self.read is not self.write


@transactional
def rotate(actor: Actor, where: Where, purpose: str, *, staged: bool = False) -> int:
    """Add a key; new things are made with it at once, or when `staged` once it is promoted.

    :raises RuleBroken: an earlier one waits to be promoted.
    :raises KeysReadOnly: the keys come from where nothing can be written.
    """
    require(actor, Permission.KEYS_MANAGE)
    _check_purpose(purpose)
    open_to_write()
    keys = VaultKeys.read(where.read)
    held = keys.of(purpose)
    if max(held.keys) > held.active:
        raise RuleBroken(
            T(
                "Key number {number} was added before and is not in use yet. Promote it first.",
                number=max(held.keys),
            )
        )
    number = max(*held.keys, *_known(purpose), 0) + 1
    changed = held.added(number, secrets.token_bytes(KEY_BYTES))
    if not staged:
        changed = changed.promoted(number)
    _write(where, keys.changed(purpose, changed))
    vault_session.add(
        KeyCheck(
            purpose=purpose,
            number=number,
            answer=OpenVault(keys.changed(purpose, changed)).answers[purpose, number],
        )
    )
    audit.record(
        actor, AuditTag.KEYS_ROTATED, f"key:{purpose}:{number}", staged=staged, before=held.active
    )
    return number


@transactional
def promote(actor: Actor, where: Where, purpose: str) -> int:
    """Make new things with the newest key, which every process holds by now.

    :raises RuleBroken: the newest one is in use already.
    """
    require(actor, Permission.KEYS_MANAGE)
    _check_purpose(purpose)
    open_to_write()
    keys = VaultKeys.read(where.read)
    held = keys.of(purpose)
    newest = max(held.keys)
    if newest == held.active:
        raise RuleBroken(T("The newest key, number {number}, is in use already.", number=newest))
    _write(where, keys.changed(purpose, held.promoted(newest)))
    audit.record(actor, AuditTag.KEYS_PROMOTED, f"key:{purpose}:{newest}", before=held.active)
    return newest


_CEREMONIES = {
    "split": AuditTag.KEYS_SPLIT,
    "joined": AuditTag.KEYS_JOINED,
    "sealed": AuditTag.KEYS_SEALED,
}


@transactional
def note_ceremony(
    actor: Actor, what: str, *, shares: int | None = None, needed: int | None = None
) -> None:
    """Record that officers split, joined or sealed the vault's keys."""
    require(actor, Permission.KEYS_MANAGE)
    audit.record(actor, _CEREMONIES[what], "key:vault", shares=shares, needed=needed)


def retire(actor: Actor, where: Where, purpose: str, number: int, *, oldest_backup: date) -> None:
    """Give an old key up: nobody writes under it any more, and it leaves the key source.

    `oldest_backup` is the day of the oldest backup that is still kept.  What
    was begun and not ended is gone on with.

    :raises RuleBroken: it is in use, something is under it, or a backup needs it.
    """
    _note_empty(actor, purpose, number)
    _give_up(actor, purpose, number, oldest_backup)
    if purpose == counting.INDEX:
        while _drop_entries(actor, number):
            continue
    _take_out(actor, where, purpose, number)


@transactional
def _note_empty(actor: Actor, purpose: str, number: int) -> None:
    """Remember a number without rows before it is given up, which may then be refused for it."""
    require(actor, Permission.KEYS_MANAGE)
    _check_purpose(purpose)
    held = open_to_write().held(purpose)
    check = vault_session.get(KeyCheck, (purpose, number))
    if check is None or check.emptied_at or number == held.active:
        return
    if not _left(purpose, number, held):
        check.emptied_at = clock.now()
        audit.record(actor, AuditTag.KEYS_EMPTIED, f"key:{purpose}", numbers=[number])


@transactional
def _give_up(actor: Actor, purpose: str, number: int, oldest_backup: date) -> None:
    require(actor, Permission.KEYS_MANAGE)
    _check_purpose(purpose)
    held = open_to_write().held(purpose)
    check = vault_session.get(KeyCheck, (purpose, number))
    if check is None:
        raise RuleBroken(T("The vault knows no key number {number} of this kind.", number=number))
    if check.retired_at:
        return
    if number == held.active:
        raise RuleBroken(T("Key number {number} is in use. Add another one first.", number=number))
    _check_nothing_under(purpose, number, held)
    if purpose == counting.INDEX:
        _check_oldest_left(number, held)
    now = clock.now()
    _check_backups(check.emptied_at or now, oldest_backup)
    check.retired_at = now
    audit.record(
        actor,
        AuditTag.KEYS_RETIRED,
        f"key:{purpose}:{number}",
        oldest_backup=oldest_backup,
        rows_given_up=_forget_unreadable(number) if purpose == counting.INDEX else 0,
    )


def _check_nothing_under(purpose: str, number: int, held: KeySet) -> None:
    count = _left(purpose, number, held)
    damaged = min(damage.noted(purpose), count)
    if damaged:
        raise RuleBroken(
            T(
                "{count} rows are still under key number {number}, and {damaged} do not open: the "
                "journal names them (vault:tampered). Take them from a backup or erase these "
                "persons, then bring the rest under the key in use.",
                count=count,
                number=number,
                damaged=damaged,
            )
        )
    if count:
        raise RuleBroken(
            T(
                "{count} rows are still under key number {number}. Bring them under the key in "
                "use first.",
                count=count,
                number=number,
            )
        )


def _left(purpose: str, number: int, held: KeySet) -> int:
    """How many rows keep a number from being given up."""
    count = counting.under(purpose)[number]
    if purpose == counting.INDEX and number < held.active:
        count = max(count, counting.to_reindex(held.active))
    return count


def _check_oldest_left(number: int, held: KeySet) -> None:
    """Whoever lacks the oldest index key in use finds the vault closed: not us, by this."""
    oldest = vault_session.scalar(
        sa.select(sa.func.min(KeyCheck.number)).where(
            KeyCheck.purpose == counting.INDEX,
            KeyCheck.number != number,
            KeyCheck.retired_at.is_(None),
        )
    )
    if oldest is not None and oldest not in held.keys:
        raise RuleBroken(T("Key number {number} is not held here. Retire it first.", number=oldest))


def _check_backups(emptied_at: datetime, oldest_backup: date) -> None:
    if datetime.combine(oldest_backup, time(), tzinfo=clock.PARIS) <= emptied_at:
        raise RuleBroken(
            T(
                "A backup of {day} may need this key: the last row left it on {emptied}. Retire "
                "it once every backup kept is younger than that.",
                day=oldest_backup.isoformat(),
                emptied=clock.to_paris(emptied_at).date().isoformat(),
            )
        )


def _forget_unreadable(number: int) -> int:
    """Remove rows whose plaintext nobody kept: read again at their source, they come back."""
    gone = 0
    for one in INDEXED:
        result = vault_session.execute(
            sa.delete(one.table).where(one.table.c.index_number == number, sa.not_(one.readable)),
            bind_arguments={"bind": db.engines["identity"]},
        )
        gone += result.rowcount if isinstance(result, sa.CursorResult) else 0
    return gone


@transactional
def _drop_entries(actor: Actor, number: int) -> bool:
    """Remove some of the entries under a retired index key; whether there were any."""
    require(actor, Permission.KEYS_MANAGE)
    open_to_write()
    some: Sequence[int] = vault_session.scalars(
        sa.select(IndexEntry.token)
        .where(counting.entries(number))
        .order_by(IndexEntry.token)
        .limit(limits.KEY_ENTRIES_DROPPED_AT_ONCE)
    ).all()
    if not some:
        return False
    dropped = vault_session.execute(
        sa.delete(IndexEntry)
        .where(IndexEntry.token.between(some[0], some[-1]))
        .execution_options(synchronize_session=False)
    )
    rows = dropped.rowcount if isinstance(dropped, sa.CursorResult) else 0
    audit.record(actor, AuditTag.KEYS_REINDEXED, f"key:index:{number}", dropped=rows)
    return True


@transactional
def _take_out(actor: Actor, where: Where, purpose: str, number: int) -> None:
    require(actor, Permission.KEYS_MANAGE)
    open_to_write()
    keys = VaultKeys.read(where.read)
    held = keys.of(purpose)
    if number in held.keys:
        _write(where, keys.changed(purpose, held.without(number)))


def _check_purpose(purpose: str) -> None:
    if purpose not in ROTATED:
        raise InvalidInput(
            T(
                "These keys are never changed: a project's pseudonyms are made with the first "
                "key, so that a renewed extract can be joined to the first."
            ),
            field="purpose",
        )


def _known(purpose: str) -> Sequence[int]:
    return vault_session.scalars(
        sa.select(KeyCheck.number).where(KeyCheck.purpose == purpose)
    ).all()


def _write(where: Where, keys: VaultKeys) -> None:
    """Put the keys in place: the last thing before the commit, so that a refusal leaves none."""
    vault_session.flush()
    where.write.write(keys.encoded())
