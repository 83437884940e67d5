"""Opening the vault for one unit of work: never with keys other than its own."""

import weakref
from collections.abc import Callable

import sqlalchemy as sa

from registry.crypto.pseudonyms import ProjectPseudonyms
from registry.identity.keys import OpenVault, vault, wrong_keys
from registry.identity.models import KeyCheck, table_of
from registry.persistence import after_commit, vault_session
from registry.persistence.unit_of_work import UnitOfWork, advisory_lock, current


class _Checked:
    """Which keys of this process were compared with the vault's own answers, and when."""

    def __init__(self) -> None:
        self.keys: OpenVault | None = None
        self.within: weakref.ref[UnitOfWork] | None = None

    def covers(self, opened: OpenVault, work: UnitOfWork) -> bool:
        """Whether these keys need no other check in this unit of work."""
        return self.keys is opened or (self.within is not None and self.within() is work)


_checked = _Checked()
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
    opened = vault.opened()
    if not _checked.covers(opened, current()):
        _check(opened)
    _carry_out_erasures()
    return opened


def open_to_write() -> OpenVault:
    """The vault's keys, checked; the first time, what they answer is kept for later checks.

    :raises Unavailable: there are no keys, or others than the vault was sealed with.
    """
    opened = vault.opened()
    if not _checked.covers(opened, current()):
        unkept = _check(opened)
        if unkept:
            vault_session.execute(sa.insert(table_of(KeyCheck)), unkept)
    _carry_out_erasures()
    return opened


def _carry_out_erasures() -> None:
    for check in _before_reading:
        check()


def project_pseudonyms(application: str) -> ProjectPseudonyms:
    """The pseudonyms of one application's project, inside a unit of work.

    :raises Unavailable: there are no keys, or others than the vault was sealed with.
    """
    return open_to_read().pseudonyms(application)


def _check(opened: OpenVault) -> list[dict[str, object]]:
    """Compare what the keys answer with what is kept; the answers that are not kept yet."""
    rows = vault_session.execute(sa.select(KeyCheck.purpose, KeyCheck.number, KeyCheck.answer))
    kept = {(row.purpose, row.number): row.answer for row in rows}
    if any(kept.get(key, answer) != answer for key, answer in opened.answers.items()):
        raise wrong_keys()
    unkept: list[dict[str, object]] = [
        {"purpose": purpose, "number": number, "answer": answer}
        for (purpose, number), answer in opened.answers.items()
        if (purpose, number) not in kept
    ]
    if not unkept:
        _checked.within = weakref.ref(current())
        # Only committed answers spare the next unit of work its check.
        after_commit(lambda: setattr(_checked, "keys", opened))
    return unkept
