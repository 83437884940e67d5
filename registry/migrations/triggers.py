"""Taking triggers away before the tables that they read: theirs may outlive those."""

import re
from collections.abc import Iterable

from alembic import op

_TRIGGER = re.compile(r"CREATE TRIGGER (\w+) .*?\bON (\w+)")


def drop(statements: Iterable[str]) -> None:
    """Drop the triggers that these statements made."""
    of_table = " ON {table}" if op.get_bind().dialect.name == "postgresql" else ""
    for match in filter(None, (_TRIGGER.match(statement) for statement in statements)):
        op.execute(f"DROP TRIGGER IF EXISTS {match[1]}" + of_table.format(table=match[2]))
