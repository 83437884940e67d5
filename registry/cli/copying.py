"""Copying one database into a file and back, while others go on using it.

SQLite copies itself (``VACUUM INTO``); for PostgreSQL its own tools do it.  A
password reaches those tools by the environment, never by their arguments.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryFile

from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import URL, make_url

from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T

_BESIDE = ("-wal", "-shm", "-journal")


def suffix(url: str) -> str:
    """How a copy of this database's kind is named."""
    return ".db" if _is_sqlite(url) else ".dump"


def copy_out(url: str, target: Path) -> None:
    """A consistent copy of the database at `url` in the new file `target`.

    :raises RuleBroken: PostgreSQL's tools are missing or fail.
    """
    if _is_sqlite(url):
        source = f"{_file(url).resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(source, uri=True, timeout=30)) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
    else:
        _run("pg_dump", url, "--format=custom", f"--file={target}")
    target.chmod(0o600)


def check(url: str, source: Path) -> None:
    """Read the copy `source` through, as it would be put in the place of the one at `url`.

    :raises RuleBroken: it is of another kind of database, or cannot be read to its end.
    """
    if not source.exists():
        raise RuleBroken(
            T(
                "The backup holds no {name}: it was made from another kind of database.",
                name=source.name,
            )
        )
    if not _is_sqlite(url):
        _run("pg_restore", None, f"--file={os.devnull}", str(source))
        return
    found = None
    with (
        closing(
            sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as copy,
        suppress(sqlite3.DatabaseError),
    ):
        found = copy.execute("PRAGMA quick_check(1)").fetchone()
    if found != ("ok",):
        raise RuleBroken(T("{name} cannot be read. Take another backup.", name=source.name))


def copy_in(url: str, source: Path) -> None:
    """Put the copy `source` in the place of the database at `url`, which nobody uses.

    Nothing of what was there stays, were it a table that the copy knows nothing of.
    """
    if _is_sqlite(url):
        path = _file(url)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for beside in _BESIDE:
            # Left behind, they would be taken for the restored file's own.
            path.with_name(path.name + beside).unlink(missing_ok=True)
        part = path.with_name(f".{path.name}.part")
        shutil.copyfile(source, part)
        part.chmod(0o600)
        part.replace(path)
    else:
        _empty(url)
        _run(
            "pg_restore",
            url,
            *("--no-owner", "--no-privileges"),
            *("--exit-on-error", "--single-transaction", str(source)),
        )


#: The schema itself stays, with what others may do in it; and what extensions brought.
_EMPTY = """
DO $$ DECLARE found record; BEGIN
    FOR found IN
        SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
            WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, quote_ident(relname) AS name
        FROM pg_class AS one WHERE relnamespace = current_schema()::regnamespace
        AND relkind IN ('r', 'p', 'v', 'm', 'S') AND NOT EXISTS (
            SELECT FROM pg_depend WHERE objid = one.oid AND deptype = 'e')
        UNION ALL
        SELECT 'ROUTINE', oid::regprocedure::text FROM pg_proc AS one
        WHERE pronamespace = current_schema()::regnamespace AND NOT EXISTS (
            SELECT FROM pg_depend WHERE objid = one.oid AND deptype = 'e')
        UNION ALL
        SELECT 'TYPE', quote_ident(typname) FROM pg_type AS one
        WHERE typnamespace = current_schema()::regnamespace AND typtype IN ('e', 'd')
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = one.oid AND deptype = 'e')
    LOOP EXECUTE 'DROP ' || found.kind || ' IF EXISTS ' || found.name || ' CASCADE'; END LOOP;
END $$
"""


def _empty(url: str) -> None:
    """Drop every table, view, sequence, function and type, all or none."""
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(_EMPTY)
    finally:
        engine.dispose()


def holds_something(url: str) -> bool:
    """Whether a restore would replace anything."""
    if _is_sqlite(url) and not _file(url).exists():
        return False
    engine = create_engine(url)
    try:
        return bool(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def is_in_use(url: str) -> bool:
    """Whether the registry itself, anywhere, is connected to the database."""
    if not _is_sqlite(url):
        engine = create_engine(url)
        try:
            with engine.connect() as connection:
                return bool(connection.exec_driver_sql(_OTHERS).scalar_one())
        finally:
            engine.dispose()
    if not _file(url).exists():
        return False
    with closing(sqlite3.connect(_file(url), timeout=0, isolation_level=None)) as connection:
        try:
            # Leaving the write-ahead log needs the file for oneself.
            connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError:
            return True
        return False


_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
)


def _is_sqlite(url: str) -> bool:
    return url.startswith("sqlite")


def _file(url: str) -> Path:
    return Path(str(make_url(url).database))


def _run(tool: str, url: str | None, *arguments: str) -> None:
    program = shutil.which(tool)
    if program is None:
        raise RuleBroken(
            T(
                "{tool} was not found. Install PostgreSQL’s client tools of the server’s version, "
                "or copy the two databases with the tools of your hospital: the registry first, "
                "then the vault.",
                tool=tool,
            )
        )
    secret: dict[str, str] = {}
    if url is not None:
        given = make_url(url)
        plain: URL = given.set(drivername="postgresql", password=None)
        secret = {"PGPASSWORD": str(given.password)} if given.password else {}
        arguments = (f"--dbname={plain.render_as_string()}", *arguments)
    with TemporaryFile() as complaints:
        ended = subprocess.run(  # noqa: S603 - two programs by name, no shell
            [program, *arguments],
            env={**os.environ, **secret},
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            check=False,
        )
        if ended.returncode:
            complaints.seek(0)
            # A row that does not fit is quoted by the tool; only its first line is repeated.
            lines = complaints.read(400).decode(errors="replace").splitlines() or [""]
            raise RuleBroken(T("{tool} failed: {why}", tool=tool, why=lines[0]))
