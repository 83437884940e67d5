"""Runs a migration on each database in its own transaction, the vault first."""

from alembic import context

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
            with context.begin_transaction():
                context.run_migrations(database=name)


run()
