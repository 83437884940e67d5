"""Counting the statements that a database is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from registry.persistence import db

_COUNTED = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")


@contextmanager
def counted(database: str = "registry") -> Iterator[list[str]]:
    """The statements asked inside, in order; what opens and closes transactions left out."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().startswith(_COUNTED):
            seen.append(statement)

    engine = db.engines[database]
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
