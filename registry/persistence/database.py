"""The engines and the two sessions.

SQLite runs in WAL with ``synchronous=FULL`` and takes its write lock at the
start of a writing unit of work (``BEGIN IMMEDIATE``): a reader that upgrades
later could act on what another writer has changed in between.
"""

import sqlite3
import time
from typing import Any, cast

from flask import Flask
from flask.globals import app_ctx
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import scoped_session, sessionmaker
from werkzeug.local import LocalProxy

db = SQLAlchemy()

#: The execution option by which a unit of work announces that it will write.
WRITES = "registry_writes"
#: How many milliseconds such a unit of work waits for SQLite's one writer, when not as usual.
PATIENCE_MS = "registry_patience_ms"

_USUAL_PATIENCE_MS = 30_000
#: SQLite's own waiting grows to a tenth of a second: whoever waits long waits ever longer.
_TRY_AGAIN_SECONDS = 0.002


def _context_id() -> int:
    return id(cast(LocalProxy[Any], app_ctx)._get_current_object())


def _scoped() -> scoped_session[Session]:
    factory: sessionmaker[Session] = sessionmaker(class_=Session, db=db, autoflush=True)
    return scoped_session(factory, scopefunc=_context_id)


#: Everything pseudonymous.  Never used for a table of the vault.
registry_session = _scoped()

#: The identity vault alone; a second session because it commits on its own, first.
vault_session = _scoped()


def remove_sessions(_exception: BaseException | None = None) -> None:
    """Give both sessions' connections back at the end of an application context."""
    registry_session.remove()
    vault_session.remove()


def connect(app: Flask, *, registry_url: str, identity_url: str) -> None:
    """Give `app` its two databases."""
    app.config["SQLALCHEMY_BINDS"] = {
        "registry": _engine_options(registry_url),
        "identity": _engine_options(identity_url),
    }
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            _prepare(engine)
    app.teardown_appcontext(remove_sessions)


def disconnect() -> None:
    """Close the connections of the application under way, at the end of its life."""
    remove_sessions()
    for engine in db.engines.values():
        engine.dispose()


def _engine_options(url: str) -> dict[str, Any]:
    """What every engine for `url` is made with."""
    options: dict[str, Any] = {"url": url}
    if url.startswith("sqlite"):
        options["connect_args"] = {"timeout": 30}
    else:
        options["pool_pre_ping"] = True
    return options


def _on_connect(dbapi_connection: Any, _record: Any) -> None:
    # Transactions are opened by _on_begin; the driver must not open its own.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={_USUAL_PATIENCE_MS}",
        "secure_delete=ON",
        # An import changes thousands of places of an index in each part: they are kept in
        # memory until its commit, and written into the file once for several parts.
        "cache_size=-65536",
        "wal_autocheckpoint=10000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get(WRITES, False):
        connection.exec_driver_sql("BEGIN")
        return
    patience = options.get(PATIENCE_MS, _USUAL_PATIENCE_MS) / 1000
    file: Any = connection.connection.dbapi_connection
    file.execute("PRAGMA busy_timeout=0")
    try:
        if not _begins_to_write(file, until=time.monotonic() + patience):
            # Through the engine: its callers know what it raises.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        file.execute(f"PRAGMA busy_timeout={_USUAL_PATIENCE_MS}")


def _begins_to_write(file: sqlite3.Connection, *, until: float) -> bool:
    """Whether this connection became the one that writes before its time was over."""
    while True:
        try:
            file.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() >= until:
                return False
            time.sleep(_TRY_AGAIN_SECONDS)
        else:
            return True


def _prepare(engine: Engine) -> None:
    """Give an SQLite engine its pragmas and its transaction statements."""
    if engine.dialect.name == "sqlite" and not event.contains(engine, "connect", _on_connect):
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
