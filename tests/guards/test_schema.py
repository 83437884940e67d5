"""The databases: what the migrations make is what the models say, both ways, on this engine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask

from registry import migrations
from registry.migrations import databases
from registry.persistence import database
from tests.conftest import migrate
from tests.databases import Engine, drop_databases, empty_databases, fresh_databases

Shape = dict[str, Any]

_TRIGGERS = {
    "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal",
}


@pytest.fixture
def connected(engine: Engine, tmp_path: Path) -> Iterator[dict[str, sa.Engine]]:
    """Two databases without a table, in the context of an application that knows them."""
    urls = empty_databases(engine, tmp_path)
    app = Flask("schema")
    database.connect(app, registry_url=urls[0], identity_url=urls[1])
    with app.app_context():
        yield dict(database.db.engines)
        for one in database.db.engines.values():
            one.dispose()
    drop_databases(*urls)


def shape(engine: sa.Engine) -> Shape:
    """Every table with its columns, constraints, indexes and triggers, ready to compare."""
    inspector = sa.inspect(engine)
    tables = sorted(set(inspector.get_table_names()) - {"alembic_version"})
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(_TRIGGERS[engine.dialect.name]).all()
    return {
        table: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column["default"])
                for column in inspector.get_columns(table)
            },
            "primary key": inspector.get_pk_constraint(table),
            "foreign keys": by_name(inspector.get_foreign_keys(table)),
            "unique": by_name(inspector.get_unique_constraints(table)),
            "checks": by_name(inspector.get_check_constraints(table)),
            "indexes": by_name(inspector.get_indexes(table)),
            "triggers": sorted(name for owner, name in rows if owner == table),
        }
        for table in tables
    }


def by_name(found: list[Any]) -> Shape:
    return {one["name"]: as_text(one) for one in found}


def as_text(value: Any) -> Any:
    """The same value made of what can be compared: conditions of indexes are objects."""
    if isinstance(value, dict):
        return {key: as_text(inner) for key, inner in value.items()}
    return [as_text(inner) for inner in value] if isinstance(value, list) else str(value)


@pytest.mark.parametrize("name", databases.DATABASES)
def test_migrations_make_what_the_models_say(
    name: str, connected: dict[str, sa.Engine], engine: Engine, tmp_path: Path
):
    databases.DATABASES[name].create_all(connected[name])
    (tmp_path / "migrated").mkdir()
    urls = fresh_databases(engine, tmp_path / "migrated", migrate)
    migrated = sa.create_engine(dict(zip(("registry", "identity"), urls, strict=True))[name])

    expected, made = shape(connected[name]), shape(migrated)
    migrated.dispose()
    drop_databases(*urls)

    assert made.keys() == expected.keys()
    for table, parts in expected.items():
        assert made[table] == parts, f"Write a migration for {table}."


def test_migrations_run_both_ways(connected: dict[str, sa.Engine]):
    databases.upgrade()
    there = {name: shape(engine) for name, engine in connected.items()}

    databases.downgrade("base")
    empty = {name: shape(engine) for name, engine in connected.items()}
    databases.upgrade()
    again = {name: shape(engine) for name, engine in connected.items()}

    assert empty == {name: {} for name in connected}
    for name in connected:
        for table, parts in there[name].items():
            assert again[name][table] == parts, table


def test_there_is_one_line_of_history():
    script = ScriptDirectory(str(Path(migrations.__file__).parent))

    assert len(script.get_heads()) == 1


def test_the_databases_share_no_table():
    tables = [set(metadata.tables) for metadata in databases.DATABASES.values()]

    assert not set.intersection(*tables)


def test_every_constraint_has_a_name():
    nameless = [
        f"{table.name}: {constraint!r}"
        for metadata in databases.DATABASES.values()
        for table in metadata.tables.values()
        for constraint in table.constraints
        if constraint.name is None
    ]

    assert not nameless
