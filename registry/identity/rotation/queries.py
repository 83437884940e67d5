"""Where a change of keys stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

import sqlalchemy as sa

from registry.access import Permission, require
from registry.crypto.keyring import VaultKeys
from registry.identity.keys import ROTATED, OpenVault
from registry.identity.models import KeyCheck
from registry.identity.rotation import counting, damage
from registry.kernel.actor import Actor
from registry.persistence import vault_session


class Next(Enum):
    """What there is to do about the keys of one purpose."""

    NOTHING = "nothing"
    PROMOTE = "promote"
    REWRAP = "rewrap"
    REINDEX = "reindex"
    RETIRE = "retire"
    RESTORE = "restore"
    REPAIR = "repair"


@dataclass(frozen=True)
class KeyState:
    """One key number."""

    number: int
    rows: int
    is_held: bool
    is_active: bool
    emptied_at: datetime | None
    retired_at: datetime | None
    #: What bears this number in the key source is not the key the vault knows under it.
    is_another: bool = False


@dataclass(frozen=True)
class PurposeState:
    """The keys of one purpose, oldest first, and what to do next."""

    purpose: str
    keys: Sequence[KeyState]
    next: Next
    #: Rows that cannot be brought under another index key.
    lost: int = 0
    #: Rows waiting for another key that the last whole run could not open.
    damaged: int = 0


def status(actor: Actor, keys: VaultKeys | None) -> Sequence[PurposeState]:
    """How many rows are under each key, and what comes next; also without any keys."""
    require(actor, Permission.KEYS_MANAGE)
    return [_state(purpose, keys) for purpose in VaultKeys.PURPOSES]


def _state(purpose: str, keys: VaultKeys | None) -> PurposeState:
    held = keys.of(purpose) if keys else None
    answers = OpenVault(keys).answers if keys else {}
    rows_under = counting.under(purpose) if purpose in ROTATED else None
    checks = {
        check.number: check
        for check in vault_session.scalars(sa.select(KeyCheck).where(KeyCheck.purpose == purpose))
    }
    others = {
        number
        for number, check in checks.items()
        if answers.get((purpose, number), check.answer) != check.answer
    }
    genuine = set(held.keys) - others if held else set()
    numbers = sorted({*checks, *(held.keys if held else ()), *(rows_under or ())})
    states = [
        KeyState(
            number=number,
            rows=rows_under[number] if rows_under else 0,
            is_held=number in genuine,
            is_active=held is not None and number == held.active and number in genuine,
            emptied_at=checks[number].emptied_at if number in checks else None,
            retired_at=checks[number].retired_at if number in checks else None,
            is_another=number in others,
        )
        for number in numbers
    ]
    lost = sum(counting.lost(one.number) for one in states) if purpose == counting.INDEX else 0
    waiting = _waiting(purpose, states)
    damaged = min(damage.noted(purpose), waiting)
    return PurposeState(purpose, states, _next(purpose, states, waiting, damaged), lost, damaged)


def _waiting(purpose: str, states: Sequence[KeyState]) -> int:
    """How many rows the key in use does not serve yet."""
    rows = sum(one.rows for one in states if not one.is_active)
    active = _active(states)
    if purpose == counting.INDEX and active is not None:
        return max(rows, counting.to_reindex(active))
    return rows


def _active(states: Sequence[KeyState]) -> int | None:
    return next((one.number for one in states if one.is_active), None)


def _next(purpose: str, states: Sequence[KeyState], waiting: int, damaged: int) -> Next:
    active = _active(states)
    if active is None or any(one.rows and not one.is_held for one in states):
        return Next.RESTORE
    if any(one.is_held and one.number > active for one in states):
        return Next.PROMOTE
    if waiting and waiting == damaged:
        return Next.REPAIR
    if waiting:
        return Next.REINDEX if purpose == counting.INDEX else Next.REWRAP
    if purpose in ROTATED and any(one.is_held for one in states if one.number < active):
        return Next.RETIRE
    return Next.NOTHING
