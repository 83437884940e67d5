"""The one way to change the databases.

A unit of work commits the vault, then the registry, once, at the outermost
call.  It refuses to commit changed rows when leave was not asked or when
nothing was recorded: a service that forgets either fails its first test
instead of leaving a silent hole.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session
from sqlalchemy.orm.exc import StaleDataError

from registry.kernel.errors import NotFound, RuleBroken, Stale
from registry.kernel.messages import T
from registry.persistence.database import WRITES, db, registry_session, vault_session

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=DeclarativeBase)


#: Fits the largest whole number that both databases keep.
_NUMBER_BITS = 62


class GuardError(RuntimeError):
    """A defect of the program: rows changed without leave, without a record or outside."""


@dataclass
class UnitOfWork:
    """What has happened since the outermost call began."""

    #: What is done together bears it, so that it can be undone together.
    number: int = field(default_factory=lambda: secrets.randbits(_NUMBER_BITS))
    leave_asked: bool = False
    #: Who asked for leave last: on whose behalf it is done.
    asked_by: Any = None
    changed: bool = False
    audit_entries: list[Any] = field(default_factory=list)
    followers: list[Callable[[], None]] = field(default_factory=list)
    regrets: list[Callable[[], None]] = field(default_factory=list)
    #: How many savepoints were undone: what was written or locked before may be so no more.
    undone: int = 0


_current: ContextVar[UnitOfWork | None] = ContextVar("unit_of_work", default=None)
_sealers: list[Callable[[list[Any]], None]] = []


def current() -> UnitOfWork:
    """The unit of work under way.

    :raises GuardError: there is none.
    """
    work = _current.get()
    if work is None:
        raise GuardError("this changes or records something outside a unit of work")
    return work


def note_leave(asked_by: Any) -> None:
    """Remember that leave was asked; outside a unit of work (a read) nothing is needed."""
    work = _current.get()
    if work is not None:
        work.leave_asked = True
        work.asked_by = asked_by


def note_change() -> None:
    """Remember that rows are written past the sessions."""
    current().changed = True


def seal_entries_with(sealer: Callable[[list[Any]], None]) -> None:
    """Have `sealer` write the recorded entries just before each commit (the audit package)."""
    _sealers[:] = [sealer]


def after_commit(follower: Callable[[], None]) -> None:
    """Run `follower` once the outermost unit of work has committed; never if it fails."""
    current().followers.append(follower)


def if_undone(regret: Callable[[], None]) -> None:
    """Run `regret` once the outermost unit of work has been undone; never if it commits.

    For recording that somebody was refused: the refusal itself leaves nothing behind.
    """
    current().regrets.append(regret)


def _begin() -> None:
    for session in (registry_session, vault_session):
        if session.new or session.dirty or session.deleted:
            raise GuardError("rows were changed before the unit of work began")
        # A read snapshot older than the write lock could hide another writer's change.
        session.rollback()
    registry_session.connection(
        bind_arguments={"bind": db.engines["registry"]}, execution_options={WRITES: True}
    )


def _finish(work: UnitOfWork) -> None:
    _flush()
    _check_leave(work)
    if work.changed and not work.audit_entries:
        raise GuardError("rows changed, but nothing was recorded (audit.record)")
    for sealer in _sealers:
        sealer(work.audit_entries)
    vault_session.commit()
    registry_session.commit()


def _flush() -> None:
    registry_session.flush()
    vault_session.flush()


def _check_leave(work: UnitOfWork) -> None:
    if work.changed and not work.leave_asked:
        raise GuardError("rows changed, but no permission was asked for (access.require)")


@contextmanager
def unit_of_work() -> Iterator[UnitOfWork]:
    """Open a unit of work, or join the one under way.

    :raises Stale: a row was changed by somebody else since it was read.
    :raises RuleBroken: the database refused what another request did first.
    :raises GuardError: the work changed rows without leave or without a record.
    """
    joined = _current.get()
    if joined is not None:
        yield joined
        return
    work = UnitOfWork()
    token = _current.set(work)
    is_undone = True
    try:
        _begin()
        yield work
        _finish(work)
        is_undone = False
    except StaleDataError as error:
        _undo()
        raise Stale(
            T("Somebody else changed this in the meantime. Look at it again, then retry.")
        ) from error
    except IntegrityError as error:
        _undo()
        raise RuleBroken(
            T(
                "Something else recorded in the meantime does not allow this. "
                "Look at it again, then retry."
            )
        ) from error
    except BaseException:
        _undo()
        raise
    finally:
        _current.reset(token)
        if is_undone:
            for regret in work.regrets:
                regret()
    for follower in work.followers:
        follower()


def _undo() -> None:
    vault_session.rollback()
    registry_session.rollback()


@contextmanager
def savepoint() -> Iterator[None]:
    """Within a unit of work: what is done inside is undone alone when it raises.

    For imports, where one refused row must not undo the others.
    """
    work = current()
    entries, followers = len(work.audit_entries), len(work.followers)
    changed = work.changed
    try:
        with registry_session.begin_nested(), vault_session.begin_nested():
            # What was pending is written by now, and is not undone.
            changed = work.changed
            yield
    except BaseException:
        work.changed = changed
        del work.audit_entries[entries:]
        del work.followers[followers:]
        work.undone += 1
        raise


@contextmanager
def apart() -> Iterator[None]:
    """Do something of the program's own within somebody's unit of work.

    What the somebody asked leave for, and changed, is theirs alone before and after.

    :raises GuardError: rows were changed inside without leave asked inside.
    """
    work = current()
    _flush()
    theirs = work.leave_asked, work.asked_by, work.changed
    work.leave_asked = work.changed = False
    try:
        yield
        _flush()
        _check_leave(work)
    finally:
        work.leave_asked, work.asked_by, work.changed = theirs


def transactional(function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` in a unit of work: the outermost call commits, nested calls join."""

    @wraps(function)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        with unit_of_work():
            return function(*args, **kwargs)

    return inside


def lock_row(model: type[M], key: Any) -> M:
    """Read the row afresh and keep other writers from it until the commit.

    :raises NotFound: there is no such row.
    """
    session = vault_session if model.metadata.info["bind_key"] == "identity" else registry_session
    # Only this row: PostgreSQL cannot lock what an eager outer join might not find.
    row = session.get(model, key, populate_existing=True, with_for_update={"of": model})
    if row is None:
        raise NotFound(T("This no longer exists."))
    return row


def _note_flush(session: Session, _context: Any, _instances: Any) -> None:
    touched = bool(session.new or session.deleted) or any(
        session.is_modified(row) for row in session.dirty
    )
    if touched:
        current().changed = True


def _note_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        current().changed = True


for _session in (registry_session, vault_session):
    event.listen(_session.session_factory, "before_flush", _note_flush)
    event.listen(_session.session_factory, "do_orm_execute", _note_statement)


def advisory_lock(name: str, *, shared: bool = False) -> None:
    """Hold the registry's named lock until the commit; who shares it waits only for who does not.

    On SQLite the unit of work already holds the one write lock.
    """
    connection = registry_session.connection(bind_arguments={"bind": db.engines["registry"]})
    if connection.dialect.name == "postgresql":
        hold = sa.func.pg_advisory_xact_lock_shared if shared else sa.func.pg_advisory_xact_lock
        registry_session.execute(
            sa.select(hold(sa.func.hashtext(name))),
            bind_arguments={"bind": db.engines["registry"]},
        )
