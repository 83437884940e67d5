"""Many rows at once: numbers before they are written, and questions about thousands of values."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy.session import Session
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase, scoped_session

from registry.persistence.database import db
from registry.persistence.unit_of_work import note_change

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


def among(column: sa.SQLColumnExpression[int], ids: Collection[int]) -> sa.ColumnElement[bool]:
    """Whether a column of the registry is one of `ids`: one bound value however many there are."""
    if db.engines["registry"].dialect.name == "sqlite":
        each = sa.func.json_each(json.dumps(sorted(ids))).table_valued("value")
        return column.in_(sa.select(each.c.value))
    return column == sa.any_(sa.literal(sorted(ids), postgresql.ARRAY(sa.BigInteger)))


def insert_rows(
    session: scoped_session[Session], table: sa.Table, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Write rows that all have the same columns, as the driver takes them.

    Composing and checking each row's parameters anew would cost as much as
    sealing what is in it.
    """
    if not rows:
        return
    note_change()
    connection = _connection(session, table)
    statement, columns = _insert(table, connection.dialect, tuple(rows[0]))
    if connection.dialect.positional:
        values: Any = [
            tuple([row[name] if bound is None else bound(row[name]) for name, bound in columns])
            for row in rows
        ]
    else:
        values = [
            {name: row[name] if bound is None else bound(row[name]) for name, bound in columns}
            for row in rows
        ]
    connection.exec_driver_sql(statement, values)


#: A column, and what turns a value of it into what the driver takes.
_Column = tuple[str, Callable[[Any], Any] | None]


@lru_cache(maxsize=128)
def _insert(
    table: sa.Table, dialect: sa.Dialect, names: tuple[str, ...]
) -> tuple[str, Sequence[_Column]]:
    """The statement that writes these columns, and its values in their order."""
    compiled = sa.insert(table).compile(dialect=dialect, column_keys=list(names))
    columns = [(name, _processor(table.columns[name].type, dialect)) for name in compiled.params]
    return str(compiled), columns


def _processor(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Callable[[Any], Any] | None:
    """What turns a value into what the driver takes; both drivers take bytes as they are."""
    if isinstance(kind, sa.LargeBinary):
        return None
    return kind.dialect_impl(dialect).bind_processor(dialect)


def insert_pairs(
    session: scoped_session[Session], table: sa.Table, pairs: Sequence[tuple[int, int]]
) -> None:
    """Write rows of two whole numbers, of which there are a dozen for each other row."""
    note_change()
    connection = _connection(session, table)
    if connection.dialect.name == "postgresql":
        arrays = [list(column) for column in zip(*pairs, strict=True)]
        several = sa.select(*(sa.func.unnest(_numbers(array)) for array in arrays))
        connection.execute(sa.insert(table).from_select(table.columns.keys(), several))
    else:
        statement = str(sa.insert(table).compile(dialect=connection.dialect))
        # In the order of the index, so that neighbours are written together.
        connection.exec_driver_sql(statement, sorted(pairs))


def _connection(session: scoped_session[Session], table: sa.Table) -> sa.Connection:
    engine = db.engines[table.metadata.info["bind_key"]]
    return session.connection(bind_arguments={"bind": engine})


def _numbers(array: list[int]) -> sa.BindParameter[Any]:
    return sa.bindparam(None, array, type_=sa.ARRAY(sa.BigInteger))


def reserved(session: scoped_session[Session], table: sa.Table, at_once: int) -> Iterator[int]:
    """Numbers that no row of `table` bears or will be given by anybody else, `at_once` a query.

    A batch that knows the numbers of its rows beforehand writes each table with
    one statement and needs no answer from the database.  On PostgreSQL they are
    drawn from the table's sequence; on SQLite they follow the greatest one,
    because the unit of work holds the one write lock: write the rows within it.
    """
    connection = _connection(session, table)
    key = next(iter(table.primary_key))
    if connection.dialect.name == "postgresql":
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
