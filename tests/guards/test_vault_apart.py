"""The registry cannot read the vault: neither its role, nor any code but the vault's own.

Security requirement 7.
"""

import ast
import contextlib
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from config import Settings
from registry.persistence import RegistryModel, VaultModel, db
from tests.databases import Engine
from tests.factories.accounts import People
from tests.factories.identity import make_person
from tests.guards.test_layers import ROOT, imported

#: Who may name the vault's session: it, and what commits, migrates and opens both databases.
VAULT_SESSION = ("registry/identity/", "registry/persistence/")
VAULT_BIND = (*VAULT_SESSION, "registry/migrations/")


def sources() -> dict[str, Path]:
    return {
        str(path.relative_to(ROOT)): path
        for folder in ("registry", "schemas")
        for path in (ROOT / folder).rglob("*.py")
        if "versions" not in path.parts
    }


def test_only_the_vault_imports_its_tables_and_its_session():
    wrong = {
        name: sorted(found)
        for name, path in sources().items()
        if not name.startswith(VAULT_SESSION)
        and (
            found := {
                one
                for one in imported(path)
                if one.endswith(".vault_session")
                or (one.endswith(".VaultModel") and not name.startswith(VAULT_BIND))
                or (one.startswith("registry.identity") and ".models." in f"{one}.")
            }
        )
    }

    assert not wrong, f"Ask the vault's services instead: {wrong}"


def test_only_the_vault_reaches_for_its_engine():
    def names_it(path: Path) -> bool:
        return any(
            isinstance(node, ast.Subscript)
            and isinstance(node.value, ast.Attribute)
            and node.value.attr == "engines"
            and isinstance(node.slice, ast.Constant)
            and node.slice.value == "identity"
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )

    wrong = [
        name
        for name, path in sources().items()
        if not name.startswith(VAULT_BIND) and names_it(path)
    ]

    assert not wrong, f"Ask the vault's services instead: {wrong}"


def test_no_key_or_relationship_crosses_between_the_databases():
    for here, there in ((RegistryModel, VaultModel), (VaultModel, RegistryModel)):
        own = set(here.metadata.tables)
        crossing = {
            f"{table.name}.{key.parent.name}"
            for table in here.metadata.tables.values()
            for key in table.foreign_keys
            if key.target_fullname.split(".")[0] not in own
        }
        assert not crossing
        assert not own & set(there.metadata.tables)


def test_the_registrys_session_finds_no_table_of_the_vault(app, actors: People):
    make_person(actors.nurse)

    with db.engines["registry"].connect() as connection:
        tables = sa.inspect(connection).get_table_names()

    assert tables
    assert not set(tables) & set(VaultModel.metadata.tables)


def test_the_registrys_role_may_neither_connect_to_the_vault_nor_read_it(
    app, actors: People, settings: Settings, engine: Engine
):
    if engine == "sqlite":
        pytest.skip("SQLite has files instead of roles")
    make_person(actors.nurse)
    vault, registry = make_url(settings.identity_url), make_url(settings.registry_url)
    as_registry = vault.set(username=registry.username).render_as_string(False)
    as_vault = registry.set(username=vault.username).render_as_string(False)

    for address in (as_registry, as_vault):
        with (
            pytest.raises(psycopg.OperationalError, match="permission denied for database"),
            contextlib.closing(psycopg.connect(address.replace("+psycopg", ""))),
        ):
            pytest.fail("the other's database let it in")
    with db.engines["identity"].connect() as connection, connection.begin() as transaction:
        connection.exec_driver_sql("GRANT USAGE ON SCHEMA public TO registry")
        granted = connection.exec_driver_sql(
            "SELECT has_table_privilege('registry', 'person', 'SELECT')"
        ).scalar_one()
        transaction.rollback()
    assert not granted
