"""The two databases, their base classes and the unit of work.

Always true here: the registry and the vault share no foreign key, join or
transaction; the vault commits first; nothing is committed outside a unit of
work, nor by one that was not asked for leave or left no audit entry.
"""

from registry.persistence.appendonly import append_only
from registry.persistence.base import RegistryModel, VaultModel
from registry.persistence.bulk import among, insert_pairs, insert_rows, reserved, rows_for, table_of
from registry.persistence.columns import Quantity, UtcDateTime, enum_column
from registry.persistence.database import db, registry_session, vault_session
from registry.persistence.unit_of_work import (
    GuardError,
    after_commit,
    if_undone,
    lock_row,
    transactional,
    unit_of_work,
)

__all__ = [
    "GuardError",
    "Quantity",
    "RegistryModel",
    "UtcDateTime",
    "VaultModel",
    "after_commit",
    "among",
    "append_only",
    "db",
    "enum_column",
    "if_undone",
    "insert_pairs",
    "insert_rows",
    "lock_row",
    "registry_session",
    "reserved",
    "rows_for",
    "table_of",
    "transactional",
    "unit_of_work",
    "vault_session",
]
