"""Letting a column hold more values than before, on tables of any size.

PostgreSQL replaces the CHECK.  SQLite has no such statement and would copy
the table, with the loss of its triggers; the text of its definition is
changed instead, as its authors describe for changes that invalidate no row
(https://www.sqlite.org/lang_altertable.html, section 7).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

Values = Sequence[str]


def restrict(table: str, column: str, before: Values, after: Values, *, name: str = "") -> None:
    """Make `column` hold the values `after` where it held `before`.

    `name` is the constraint's, if it is not called after the column.

    :raises RuntimeError: the table is not defined as expected.
    """
    lengths = _longest(before), _longest(after)
    with _replacing(table, name or column, _one_of(column, before), _one_of(column, after)):
        if lengths[0] != lengths[1]:
            _resize(table, column, *lengths)


def replace_check(table: str, name: str, before: str, after: str) -> None:
    """Put the condition `after` in the place of `before`, in the CHECK called `name`.

    :raises RuntimeError: the table is not defined as expected.
    """
    with _replacing(table, name, before, after):
        pass


def allow_nothing(table: str, column: str, kind: str) -> None:
    """Let the column of this type be empty.

    :raises RuntimeError: the table is not defined as expected.
    """
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(table, column, nullable=True)
    else:
        _redefine(table, f"{column} {kind} NOT NULL", f"{column} {kind}")


def require_something(table: str, column: str, kind: str) -> None:
    """Let the column of this type be empty no more; one that is somewhere is refused.

    :raises RuntimeError: the table is not defined as expected, or the column is empty somewhere.
    """
    empty = sa.text(f"SELECT count(*) FROM {table} WHERE {column} IS NULL")
    if op.get_bind().execute(empty).scalar_one():
        raise RuntimeError(f"{table}.{column} is empty where the older version needs something")
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(table, column, nullable=False)
    else:
        _redefine(table, f"{column} {kind},", f"{column} {kind} NOT NULL,")


def constrain(table: str, name: str, rule: str) -> None:
    """Add a constraint that every row fulfils already, such as one on a column just added.

    `rule` is a CHECK or a FOREIGN KEY as its table would be created with it.

    :raises RuntimeError: the table is not defined as expected.
    """
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}"))
    else:
        _redefine(table, None, _added(name, rule))


def release(table: str, name: str, rule: str) -> None:
    """Take away a constraint that `constrain` added.

    :raises RuntimeError: the table is not defined as expected.
    """
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    else:
        _redefine(table, _added(name, rule), "")


def _added(name: str, rule: str) -> str:
    return f", \n\tCONSTRAINT {name} {rule}"


@contextmanager
def _replacing(table: str, name: str, before: str, after: str) -> Iterator[None]:
    """Between the two, no such CHECK stands in the way of what else changes."""
    constraint = f"ck_{table}_{name}"
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(constraint), table, type_="check")
        yield
        op.create_check_constraint(op.f(constraint), table, sa.text(after))
    else:
        yield
        _redefine(table, f"{constraint} CHECK ({before})", f"{constraint} CHECK ({after})")


def _resize(table: str, column: str, before: int, after: int) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(table, column, type_=sa.String(after), existing_type=sa.String(before))
    else:
        _redefine(table, f"{column} VARCHAR({before})", f"{column} VARCHAR({after})")


def _redefine(table: str, before: str | None, after: str) -> None:
    """Put `after` in the place of `before` or, without one, at the end of the definition."""
    connection = op.get_bind()
    named = {"table": table}
    read = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table")
    definition = connection.execute(read, named).scalar_one()
    if before is None:
        definition, before = definition.rstrip().removesuffix(")").rstrip() + "\0)", "\0"
    if definition.count(before) != 1:
        raise RuntimeError(f"{table} is not defined with “{before}” once")
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :table"),
        {"sql": definition.replace(before, after), **named},
    )
    connection.exec_driver_sql("PRAGMA writable_schema=RESET")


def _one_of(column: str, values: Values) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _longest(values: Values) -> int:
    return max(map(len, values))
