"""The two databases as the migrations see them, and the commands on them."""

import logging
from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData
from sqlalchemy.exc import OperationalError

from registry.persistence import Quantity, RegistryModel, UtcDateTime, VaultModel, db

log = logging.getLogger("registry.migrations")

#: In the order in which they are migrated.
DATABASES: dict[str, MetaData] = {
    "identity": VaultModel.metadata,
    "registry": RegistryModel.metadata,
}


def engine_of(name: str) -> Engine:
    """The engine of one database of the application under way."""
    return db.engines[name]


def comparable(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """What autogeneration compares: everything but Alembic's own table."""
    return not (kind == "table" and name == "alembic_version")


def rendered(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """How a migration writes our own column types: as what the database holds.

    A migration stays true when the code it was made from has changed, so it
    names nothing of the registry.
    """
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Quantity):
        return "sa.BigInteger()"
    return False


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.set_main_option(
        "file_template", "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s"
    )
    return config


def behind() -> bool:
    """Whether a database waits for an upgrade to this version.

    A newer one does not, and one that does not answer may be well.
    """
    script = ScriptDirectory.from_config(_config())
    newest, known = set(script.get_heads()), {one.revision for one in script.walk_revisions()}
    for name in DATABASES:
        try:
            with engine_of(name).connect() as connection:
                found = set(MigrationContext.configure(connection).get_current_heads())
        except OperationalError as error:
            log.warning("the %s database does not answer: %s", name, type(error.orig).__name__)
            continue
        if found <= known and found != newest:
            return True
    return False


def upgrade(revision: str = "head") -> None:
    """Bring both databases to `revision`, inside an application context."""
    command.upgrade(_config(), revision)


def downgrade(revision: str) -> None:
    """Take both databases back to `revision` (``base`` empties them)."""
    command.downgrade(_config(), revision)


def write_revision(message: str) -> Path:
    """Write a new revision from the difference between the models and the databases."""
    script: Any = command.revision(_config(), message=message, autogenerate=True)
    return Path(script.path)
