"""Counting failed sign-ins, in the database so that all processes count together.

An attempt is written and committed before the password is looked at, and
taken away when it succeeds: however many arrive at once, no more than the
limit are ever tried.  Nobody is locked out for good: an attempt counts for as
long as the window, and one that the limit stopped does not count at all.
"""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from registry.accounts.connections import reading, writing
from registry.accounts.digests import keyed
from registry.accounts.models import SignInAttempt
from registry.kernel import clock
from registry.vocab import limits

WINDOW = timedelta(seconds=limits.SIGN_IN_WINDOW_SECONDS)


@dataclass(frozen=True)
class Attempt:
    """One attempt, and whether the limit stops it."""

    id: int
    address_digest: str
    too_many: bool = False
    #: Nobody was stopped here before within the window: this one is worth recording.
    first_stopped: bool = False


def begin(login: str, address: str) -> Attempt:
    """Count this attempt with those on the same account and those from the same address.

    When the result says `too_many`, the password must not be looked at.
    """
    by_login, by_address = keyed("sign-in name", login), keyed("address", address)
    now = clock.now()
    with writing() as connection:
        connection.execute(
            sa.delete(SignInAttempt).where(SignInAttempt.attempted_at <= now - WINDOW)
        )
        row = connection.execute(
            sa.insert(SignInAttempt)
            .values(
                login_digest=by_login, address_digest=by_address, attempted_at=now, stopped=False
            )
            .returning(SignInAttempt.id)
        ).scalar_one()
    # Counted after the commit above: of two attempts at once, each sees the other.
    same_login = SignInAttempt.login_digest == by_login
    same_address = SignInAttempt.address_digest == by_address
    most = max(_count(same_login, stopped=False), _count(same_address, stopped=False))
    if most <= limits.SIGN_IN_FAILURES_MAX:
        return Attempt(row, by_address)
    first = _count(sa.or_(same_login, same_address), stopped=True) == 0
    _stop(row, keep=first)
    return Attempt(row, by_address, too_many=True, first_stopped=first)


def succeeded(attempt: Attempt) -> None:
    """The attempt was no failure: it no longer counts."""
    with writing() as connection:
        connection.execute(sa.delete(SignInAttempt).where(SignInAttempt.id == attempt.id))


def _count(condition: ColumnElement[bool], *, stopped: bool) -> int:
    query = (
        sa.select(sa.func.count())
        .select_from(SignInAttempt)
        .where(condition, SignInAttempt.stopped == stopped)
    )
    with reading() as connection:
        return connection.execute(query).scalar_one()


def _stop(row: int, *, keep: bool) -> None:
    statement = (
        sa.update(SignInAttempt).where(SignInAttempt.id == row).values(stopped=True)
        if keep
        else sa.delete(SignInAttempt).where(SignInAttempt.id == row)
    )
    with writing() as connection:
        connection.execute(statement)
