"""What may never change or disappear: the database itself refuses, whoever asks."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from registry.persistence import appendonly, database

VALUES: dict[type, Any] = {
    bool: True,
    bytes: b"\x00",
    date: date(2026, 1, 1),
    datetime: datetime(2026, 1, 1, tzinfo=UTC),
    dict: {},
    int: 1,
    object: {},  # what SQLAlchemy says of JSON
    str: "x",
}


@pytest.fixture
def connection(app: Flask, table: sa.Table) -> Iterator[sa.Connection]:
    """A connection of its own, whose changes are all taken back."""
    engine = sa.create_engine(database.db.engines[table.metadata.info["bind_key"]].url)
    with engine.connect() as connected:
        yield connected
        connected.rollback()
    engine.dispose()


def lift_other_rules(connection: sa.Connection, table: sa.Table) -> None:
    """Let any row in, so that the refusal is tried alone and on every table alike.

    SQLite checks foreign keys only when asked to, as the application's connections do.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        return
    inspector = sa.inspect(connection)
    rules = inspector.get_check_constraints(table.name) + inspector.get_foreign_keys(table.name)
    for rule in rules:
        connection.exec_driver_sql(f'ALTER TABLE {table.name} DROP CONSTRAINT "{rule["name"]}"')


def insert_any_row(connection: sa.Connection, table: sa.Table) -> None:
    """A row with something in each column, in the types that the database itself knows."""
    stored = sa.Table(table.name, sa.MetaData(), autoload_with=connection)
    values = {column.name: VALUES[column.type.python_type] for column in stored.columns}
    connection.execute(stored.insert().values(values))


def outcome(connection: sa.Connection, statement: Any) -> str:
    """What the database says to the statement; empty when it carries it out."""
    try:
        with connection.begin_nested():
            connection.execute(statement)
    except sa.exc.DBAPIError as refusal:
        return str(refusal.orig)
    return ""


@pytest.mark.parametrize("table", appendonly.TABLES, ids=lambda table: table.name)
def test_it_refuses_update_and_delete(connection: sa.Connection, table: sa.Table):
    lift_other_rules(connection, table)
    insert_any_row(connection, table)
    first = next(iter(table.columns))

    answers = [
        outcome(connection, sa.update(table).values({first: first})),
        outcome(connection, sa.delete(table)),
    ]

    assert ["append-only" in answer for answer in answers] == [True, True], answers


def test_the_records_that_matter_are_append_only():
    assert {table.name for table in appendonly.TABLES} >= {
        "application_step",
        "audit_entry",
        "consent",
        "consent_answer",
        "custody_act",
        "participant_history",
        "quantity_entry",
        "withdrawal",
    }
