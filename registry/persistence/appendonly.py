"""Tables that only ever grow: the database itself refuses to change or delete their rows."""

from sqlalchemy import DDL, Table, event

#: Every append-only table, for the migrations and the guard tests.
TABLES: list[Table] = []

_SQLITE = (
    "CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table} "
    "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
)
_POSTGRESQL_FUNCTION = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
)
_POSTGRESQL = (
    "CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
)
_POSTGRESQL_TRUNCATE = (
    "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
)


def trigger_statements(table: str, dialect: str) -> list[str]:
    """The statements that make `table` append-only on `dialect`, for metadata and migrations."""
    verbs = ("update", "delete")
    if dialect == "sqlite":
        return [_SQLITE.format(table=table, verb=verb, VERB=verb.upper()) for verb in verbs]
    return [
        _POSTGRESQL_FUNCTION,
        *(_POSTGRESQL.format(table=table, verb=verb, VERB=verb.upper()) for verb in verbs),
        _POSTGRESQL_TRUNCATE.format(table=table),
    ]


def append_only(table: Table) -> None:
    """Make every creation of `table` come with its refusals."""
    TABLES.append(table)
    for dialect in ("sqlite", "postgresql"):
        for statement in trigger_statements(table.name, dialect):
            ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", ddl.execute_if(dialect=dialect))
