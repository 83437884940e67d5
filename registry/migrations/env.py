"""Runs a migration on each database in its own transaction, the vault first."""

from alembic import context
from sqlalchemy import Connection

from registry.migrations.databases import DATABASES, comparable, engine_of, rendered


def run() -> None:
    for name, metadata in DATABASES.items():
        with engine_of(name).connect() as connection:
            context.configure(
                connection=connection,
                upgrade_token=f"{name}_upgrades",
                downgrade_token=f"{name}_downgrades",
                target_metadata=metadata,
                include_object=comparable,
                render_item=rendered,
            )
            _check_references(connection, "OFF")
            with context.begin_transaction():
                context.run_migrations(database=name)
                _refuse_dangling(connection)
            _check_references(connection, "ON")


def _check_references(connection: Connection, state: str) -> None:
    """Let SQLite make a table anew, its only way to change one, while others refer to it."""
    if connection.dialect.name == "sqlite":
        cursor = connection.connection.cursor()
        cursor.execute(f"PRAGMA foreign_keys={state}")
        cursor.close()


def _refuse_dangling(connection: Connection) -> None:
    """Undo a migration that has lost a row to which another one refers."""
    if connection.dialect.name == "sqlite":
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if dangling is not None:
            raise RuntimeError(f"the migration would lose what {dangling[0]} refers to")


run()
