"""A fresh pair of databases for one test, on either engine.

    urls = fresh_databases("sqlite", tmp_path, migrate)
    …
    drop_databases(*urls)

``migrate(registry_url, identity_url)`` brings two empty databases to the
newest version.  It runs once per engine in each test process; every test then
gets a copy, which is far quicker than migrating again.  The migrations must
insert no rows: on PostgreSQL a copy is emptied and used again.
"""

import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Literal

from sqlalchemy.engine import make_url

from tests import postgres

Engine = Literal["sqlite", "postgresql"]
Migrate = Callable[[str, str], None]
Pair = tuple[str, str]

_NAMES = ("registry.sqlite", "identity.sqlite")


def fresh_databases(engine: Engine, tmp_path: Path, migrate: Migrate) -> Pair:
    """The URLs of a migrated, empty registry and its identity vault, this test's alone."""
    if engine == "postgresql":
        return postgres.server().migrated_pair(migrate)
    template = Path(_sqlite_template(migrate).name)
    for name in _NAMES:
        (tmp_path / name).write_bytes((template / name).read_bytes())
    return _sqlite_urls(tmp_path)


def empty_databases(engine: Engine, tmp_path: Path) -> Pair:
    """The URLs of two databases without a table, for tests of the migrations themselves."""
    return postgres.server().empty_pair() if engine == "postgresql" else _sqlite_urls(tmp_path)


def drop_databases(*urls: str) -> None:
    """Give back what `fresh_databases` made; pytest itself removes SQLite's files."""
    for url in map(make_url, urls):
        if url.get_backend_name() == "postgresql" and url.database:
            postgres.server().take_back(url.database)


@cache
def _sqlite_template(migrate: Migrate) -> "tempfile.TemporaryDirectory[str]":
    directory = tempfile.TemporaryDirectory(prefix="registry-template-")
    migrate(*_sqlite_urls(Path(directory.name)))
    for name in _NAMES:
        # What is still in the write-ahead log must be in the file that is copied.
        with closing(sqlite3.connect(Path(directory.name) / name)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return directory


def _sqlite_urls(directory: Path) -> Pair:
    registry, identity = (f"sqlite:///{directory / name}" for name in _NAMES)
    return registry, identity
