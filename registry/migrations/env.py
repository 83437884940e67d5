"""Runs a migration on each database in its own transaction, the vault first."""

from typing import Any

from alembic import context

from registry.migrations.databases import DATABASES, comparable, engine_of


def _drop_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    script = directives[0]
    if all(operations.is_empty() for operations in script.upgrade_ops_list):
        directives[:] = []


def run() -> None:
    for name, metadata in DATABASES.items():
        with engine_of(name).connect() as connection:
            context.configure(
                connection=connection,
                upgrade_token=f"{name}_upgrades",
                downgrade_token=f"{name}_downgrades",
                target_metadata=metadata,
                process_revision_directives=_drop_empty,
                include_object=comparable,
                render_as_batch=False,
            )
            with context.begin_transaction():
                context.run_migrations(database=name)


run()
