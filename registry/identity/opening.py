"""Opening the vault for one unit of work: never with keys other than its own."""

import weakref
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from registry.identity import tampering
from registry.identity.door import vault
from registry.identity.keys import ROTATED, OpenVault, wrong_keys
from registry.identity.models import KeyCheck, table_of
from registry.kernel.errors import Unavailable
from registry.kernel.messages import T
from registry.persistence import db, vault_session
from registry.persistence.unit_of_work import UnitOfWork, advisory_lock, current


@dataclass(frozen=True)
class _Checked:
    """The keys that one unit of work was found to have; it has no others until its end."""

    within: weakref.ref[UnitOfWork]
    opened: OpenVault
    #: What they answer and the vault does not keep yet.
    unkept: list[dict[str, object]]
    #: They were looked at while nobody else could write identities.
    in_turn: bool
    #: How many savepoints had been undone: with one more, what was kept and the turn are lost.
    undone: int


_checked: ContextVar[_Checked | None] = ContextVar("checked_keys", default=None)
_before_reading: list[Callable[[], None]] = []


def before_reading(check: Callable[[], None]) -> None:
    """Have `check` run at each opening, before anything is read (the erasures)."""
    _before_reading[:] = [check]


def wait_for_turn() -> None:
    """Let one unit of work at a time write identities.

    Of two requests with the same person, the second then sees the first.
    """
    advisory_lock("identity")


def open_to_read() -> OpenVault:
    """The vault's keys, checked, inside a unit of work.

    :raises Unavailable: there are no keys, or others than the vault was sealed with.
    """
    checked = _check(in_turn=False)
    _carry_out_erasures()
    return checked.opened


def open_to_write() -> OpenVault:
    """The vault's keys, checked; the first time, what they answer is kept for later checks.

    Nobody else writes identities until the commit: whoever retires a key sees
    everything that was written under it.

    :raises Unavailable: there are no keys, or others than the vault was sealed with.
    """
    wait_for_turn()
    checked = _check(in_turn=True)
    if checked.unkept:
        # No change that somebody was allowed to make: work that finds nothing to do stays one.
        vault_session.connection(bind_arguments={"bind": db.engines["identity"]}).execute(
            sa.insert(table_of(KeyCheck)), checked.unkept
        )
        checked.unkept.clear()
    _carry_out_erasures()
    return checked.opened


def _carry_out_erasures() -> None:
    for check in _before_reading:
        check()


def _check(*, in_turn: bool) -> _Checked:
    """The keys, compared with what the vault keeps of each: once in a unit of work."""
    known = _checked.get()
    work = current()
    is_known = known is not None and known.within() is work
    if known and is_known and known.undone == work.undone and known.in_turn >= in_turn:
        return known
    opened = vault.opened()
    rows = vault_session.execute(_KEPT).all()
    kept = {(row.purpose, row.number): row.answer for row in rows}
    if any(kept.get(key, answer) != answer for key, answer in opened.answers.items()):
        raise wrong_keys()
    opened = _up_to_date(opened, rows)
    unkept: list[dict[str, object]] = [
        {"purpose": purpose, "number": number, "answer": answer}
        for (purpose, number), answer in opened.answers.items()
        if (purpose, number) not in kept
    ]
    if not is_known:
        tampering.watch(work)
    checked = _Checked(weakref.ref(work), opened, unkept, in_turn, work.undone)
    _checked.set(checked)
    return checked


_KEPT = sa.select(KeyCheck.purpose, KeyCheck.number, KeyCheck.answer, KeyCheck.retired_at)


def _up_to_date(opened: OpenVault, kept: Sequence[Any]) -> OpenVault:
    """The keys without the index keys that were retired, if they still suffice.

    Whoever holds the oldest index key in use finds everybody and is found by
    everybody; whoever would wrap under a retired key would write what nobody
    else can read.
    """
    retired = {(row.purpose, row.number) for row in kept if row.retired_at}
    in_use = {row.number for row in kept if row.purpose == "index" and not row.retired_at}
    behind = any((purpose, opened.held(purpose).active) in retired for purpose in ROTATED)
    if behind or (in_use and min(in_use) not in opened.held("index").keys):
        raise Unavailable(
            T(
                "The identity vault is closed here: this machine's key file is older than the "
                "last change of keys. Samples, storage and requests still work. Tell the "
                "administrator."
            )
        )
    return opened.without({number for purpose, number in retired if purpose == "index"})
