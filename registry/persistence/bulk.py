"""Many rows at once: numbers before they are written, and questions about thousands of values."""

from collections.abc import Collection, Iterator
from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import DeclarativeBase, scoped_session

from registry.persistence.database import db

#: SQLite takes 32,766 values in one statement; beyond some thousands nothing is gained.
_VALUES_AT_ONCE = 4_000


def table_of(model: type[DeclarativeBase]) -> sa.Table:
    """The model's table: rows written through it skip the session's bookkeeping, which in
    an import of thousands costs more than writing them.
    """
    table = model.__table__
    if not isinstance(table, sa.Table):
        raise TypeError(f"{model.__name__} is no single table")
    return table


def rows_for(
    session: scoped_session[Session],
    query: sa.Select[*tuple[Any, ...]],
    values: Collection[Any],
    **parameters: Any,
) -> Iterator[Any]:
    """What `query` finds for its expanding parameter ``values``, however many they are."""
    in_order = sorted(values)
    for begin in range(0, len(in_order), _VALUES_AT_ONCE):
        part = in_order[begin : begin + _VALUES_AT_ONCE]
        yield from session.execute(query, {"values": part, **parameters})


def reserved(session: scoped_session[Session], table: sa.Table, at_once: int) -> Iterator[int]:
    """Numbers that no row of `table` bears or will be given by anybody else, `at_once` a query.

    A batch that knows the numbers of its rows beforehand writes each table with
    one statement and needs no answer from the database.  On PostgreSQL they are
    drawn from the table's sequence; on SQLite they follow the greatest one,
    because the unit of work holds the one write lock: write the rows within it.
    """
    engine = db.engines[table.metadata.info["bind_key"]]
    connection = session.connection(bind_arguments={"bind": engine})
    key = next(iter(table.primary_key))
    if engine.dialect.name == "postgresql":
        sequence = sa.func.pg_get_serial_sequence(table.name, key.name)
        drawn = sa.select(sa.func.nextval(sequence)).select_from(
            sa.func.generate_series(1, at_once)
        )
        while True:
            yield from connection.scalars(drawn).all()
    last: int = connection.scalar(sa.select(sa.func.max(key))) or 0
    while True:
        last += 1
        yield last
