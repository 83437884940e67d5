"""Yesterday's backup: the databases as they were, with the files beside them as they are."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from secrets import token_hex

from sqlalchemy.engine import make_url

from config import Settings
from registry.app import create_app
from registry.persistence import database
from tests import postgres

Copy = dict[str, str]


def copied(settings: Settings) -> Copy:
    """The addresses of copies of both databases as they are now."""
    database.remove_sessions()
    return {name: _copied(getattr(settings, name)) for name in ("registry_url", "identity_url")}


def _copied(url: str) -> str:
    found = make_url(url)
    if found.get_backend_name() == "postgresql":
        return postgres.server().copied(url)
    target = f"{found.database}.{token_hex(4)}"
    with closing(sqlite3.connect(str(found.database))) as source:
        Path(target).write_bytes(source.serialize())
    return f"sqlite:///{target}"


@contextmanager
def restored(copy: Copy, settings: Settings, *, only: str | None = None) -> Iterator[Settings]:
    """An application on the copies, or on the copy of one of the two and the other as it is."""
    database.disconnect()
    wanted = {name: url for name, url in copy.items() if only is None or name == f"{only}_url"}
    settings = replace(settings, **wanted)
    app = create_app(settings)
    with app.app_context():
        yield settings
        database.disconnect()
