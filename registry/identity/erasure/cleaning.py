"""Cleaning the database's files of what was erased.

Deleting rows is not enough.  SQLite zeroes what it frees, but a tree that is
rebalanced leaves copies of index entries behind, and the write-ahead log keeps
pages as they were: the file is written anew and the log emptied.  PostgreSQL
keeps dead rows in their pages: the tables are written anew.  Either waits for
those who still read what was there before; when they do not finish in time,
the cleaning is left to a later one, and the certificate says so.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import Engine

from registry import audit
from registry.access import Permission, require
from registry.identity.erasure.models import Erasure
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.persistence import VaultModel, after_commit, db, transactional, vault_session
from registry.tasks import service as tasks
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.tasks import TaskKind

_ACTOR = Actor.system("cleaning")


def clean_after_commit() -> None:
    """Clean as soon as the unit of work has committed; what would take long is left to a task."""
    after_commit(_clean_soon)


def _clean_soon() -> None:
    if _size(db.engines["identity"]) <= limits.VAULT_CLEANED_AT_ONCE_BYTES_MAX:
        with suppress(RuleBroken):
            clean(_ACTOR)
            return
    with suppress(RuleBroken):
        tasks.request(_ACTOR, TaskKind.CLEAN_ERASED)


def clean(actor: Actor) -> int:
    """Clean the vault's files of every erasure committed so far; how many wait no more.

    Repeating it has no effect but its duration.

    :raises NotPermitted: the actor may not.
    :raises RuleBroken: the files cannot be written anew now; nothing is lost by retrying.
    """
    require(actor, Permission.IDENTITY_CLEAN)
    waiting = _waiting()
    vault_session.rollback()
    engine = db.engines["identity"]
    if not (_rewrite_sqlite(engine) if _is_sqlite(engine) else _rewrite_postgresql(engine)):
        raise RuleBroken(
            T(
                "The vault’s files could not be written anew: somebody is reading them and does "
                "not finish, or the disk is full. Try again in a few minutes: what was erased is "
                "unreadable already."
            )
        )
    return _note_cleaned(actor, waiting) if waiting else 0


def _waiting() -> Sequence[int]:
    return vault_session.scalars(
        sa.select(Erasure.id).where(Erasure.cleaned_at.is_(None)).order_by(Erasure.id)
    ).all()


@transactional
def _note_cleaned(actor: Actor, erasures: Sequence[int]) -> int:
    require(actor, Permission.IDENTITY_CLEAN)
    rows = vault_session.scalars(
        sa.select(Erasure).where(Erasure.id.in_(erasures), Erasure.cleaned_at.is_(None))
    ).all()
    for row in rows:
        row.cleaned_at = clock.now()
        audit.record(actor, AuditTag.ERASURE_CLEANED, row)
    return len(rows)


def _is_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


def _size(engine: Engine) -> int:
    """The bytes that a cleaning would write anew."""
    with engine.connect() as connection:
        if _is_sqlite(engine):
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            return int(pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one())
        query = sa.select(sa.func.pg_database_size(sa.func.current_database()))
        return int(connection.scalar(query) or 0)


def _rewrite_sqlite(engine: Engine) -> bool:
    """Write the file anew and empty its log; False when somebody was in the way."""
    with closing(engine.raw_connection()) as connection:
        run = connection.cursor().execute
        waits = run("PRAGMA busy_timeout").fetchone()[0]
        try:
            run(f"PRAGMA busy_timeout={limits.CLEANING_WAIT_SECONDS * 1000}")
            run("VACUUM")
            # A row of three numbers; the first says whether a reader or writer was in the way.
            return bool(run("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
        except sqlite3.OperationalError:
            return False
        finally:
            run(f"PRAGMA busy_timeout={waits}")


def _rewrite_postgresql(engine: Engine) -> bool:
    """Write every table anew, and the planner's samples of it; False when one was not.

    Somebody was in the way, or the role does not own the vault's database: only
    its owner may write ``pg_statistic`` anew too.
    """
    kept: list[Any] = []

    def note(message: Any) -> None:
        # A table is skipped with no more than a warning: “permission denied to vacuum …”.
        if message.severity_nonlocalized == "WARNING":
            kept.append(message)
        # “… dead row versions cannot be removed yet”: an older reader still sees them.
        counted = (message.message_detail or "").split(" ", 1)[0]
        if counted.isdigit() and int(counted):
            kept.append(message)

    with closing(engine.raw_connection()) as connection:
        driver: Any = connection.driver_connection
        driver.autocommit = True
        driver.add_notice_handler(note)
        try:
            driver.execute(f"SET lock_timeout = '{limits.CLEANING_WAIT_SECONDS}s'")
            for table in VaultModel.metadata.sorted_tables:
                driver.execute(f"VACUUM (FULL, VERBOSE, ANALYZE) {table.name}")
            driver.execute("VACUUM (FULL) pg_catalog.pg_statistic")
        except psycopg.OperationalError:
            return False
        finally:
            driver.remove_notice_handler(note)
            if not driver.closed:
                driver.execute("RESET lock_timeout")
                driver.autocommit = False
    return not kept
