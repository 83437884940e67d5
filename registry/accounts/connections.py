"""Short connections of their own for sessions, sign-in attempts and signs of a worker's life.

They are no change to the registry that somebody was allowed to make: they
stay outside the unit of work, commit at once and keep no lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from registry.persistence import db
from registry.persistence.database import WRITES


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection for one read."""
    with db.engines["registry"].connect() as connection:
        yield connection


@contextmanager
def writing(*, patience_ms: int | None = None) -> Iterator[Connection]:
    """A connection that commits when the block ends.

    `patience_ms` bounds the wait for SQLite's one writer, for what may be left
    undone when a long import holds it.
    """
    with db.engines["registry"].connect() as connection:
        connection = connection.execution_options(**{WRITES: True})
        if patience_ms is None or connection.dialect.name != "sqlite":
            with connection.begin():
                yield connection
            return
        file: Any = connection.connection.dbapi_connection
        (usual,) = file.execute("PRAGMA busy_timeout").fetchone()
        file.execute(f"PRAGMA busy_timeout={int(patience_ms)}")
        try:
            with connection.begin():
                yield connection
        finally:
            file.execute(f"PRAGMA busy_timeout={usual}")
