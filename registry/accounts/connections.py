"""Short connections of their own for sessions, sign-in attempts and signs of a worker's life.

They are no change to the registry that somebody was allowed to make: they
stay outside the unit of work, commit at once and keep no lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from registry.persistence import db
from registry.persistence.database import PATIENCE_MS, WRITES


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection for one read."""
    with db.engines["registry"].connect() as connection:
        yield connection


@contextmanager
def writing(*, patience_ms: int | None = None, durable: bool = True) -> Iterator[Connection]:
    """A connection that commits when the block ends.

    `patience_ms` bounds the wait for SQLite's one writer, for what may be left
    undone when a long import holds it.  What is not `durable` may be lost when the
    power fails within moments; the databases stay whole.
    """
    options = {WRITES: True} | ({} if patience_ms is None else {PATIENCE_MS: patience_ms})
    with db.engines["registry"].connect() as connection:
        connection = connection.execution_options(**options)
        with connection.begin() if durable else _unhurried(connection):
            yield connection


@contextmanager
def _unhurried(connection: Connection) -> Iterator[None]:
    """A transaction whose commit does not wait for the disk."""
    if connection.dialect.name != "sqlite":
        with connection.begin():
            connection.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")
            yield
        return
    file: Any = connection.connection.dbapi_connection
    file.execute("PRAGMA synchronous=NORMAL")
    try:
        with connection.begin():
            yield
    finally:
        file.execute("PRAGMA synchronous=FULL")
