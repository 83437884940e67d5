"""Setting up a data directory, opening accounts and verifying the journal."""

import stat
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from config import Settings
from registry.accounts import signing_in
from registry.accounts.models import Site
from registry.audit.models import AuditEntry
from registry.persistence import db, registry_session
from registry.vocab.people import Role


def test_init_makes_keys_that_only_their_owner_can_read(command, settings: Settings):
    result = command("init", "--site", "chu:Hôpital", "--cohort", "LUP:Lupus")

    assert result.exit_code == 0
    files = list((settings.data_dir / "data" / "keys").iterdir())
    assert {file.name for file in files} == {"identity.json", "registry.json"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_init_twice_leaves_keys_and_sites_as_they_are(run, settings, app):
    keys = (settings.data_dir / "data" / "keys" / "identity.json").read_bytes()

    result = run("init", "--site", "OTHER:Other")

    assert "up to date" in result.stdout
    assert (settings.data_dir / "data" / "keys" / "identity.json").read_bytes() == keys
    assert list(registry_session.scalars(sa.select(Site.code))) == ["CHU"]


def test_a_directory_that_was_never_set_up_is_refused_with_the_next_command(command):
    result = command("audit", "verify")

    assert result.exit_code == 1
    assert "init" in result.stderr
    assert "Traceback" not in result.output


@pytest.fixture
def set_back(run, app) -> Iterator[None]:
    """A registry whose database says that it was last upgraded to the first version."""
    versions = sa.table("alembic_version", sa.column("version_num", sa.String))
    with db.engines["registry"].begin() as connection:
        now = connection.execute(sa.select(versions.c.version_num)).scalar_one()
        connection.execute(sa.update(versions).values(version_num="6e3d6066edf5"))
    yield
    with db.engines["registry"].begin() as connection:
        connection.execute(sa.update(versions).values(version_num=now))


@pytest.mark.parametrize("what", ["serve", "worker"])
def test_databases_of_an_earlier_version_are_not_served(run, set_back, what: str):
    refused = run(what)

    assert refused.exit_code == 1
    assert "earlier version" in refused.stderr
    assert "init" in refused.stderr


def test_a_malformed_site_is_refused_before_anything_is_made(command, settings):
    assert command("init", "--site", "no colon").exit_code == 2
    assert not (settings.data_dir / "data").exists()


def test_user_add_opens_an_account_that_can_sign_in(run, app):
    result = run(
        "user", "add", "m.dupont", "--name", "Marie Dupont", "--role", "nurse", "--site", "chu",
        "--password-stdin", typed="quatre mots sans lien\n",
    )  # fmt: skip

    assert result.exit_code == 0, result.output
    assert "quatre mots" not in result.output
    # The command ran with keys of its own; the counter of attempts takes any.
    actor = signing_in.sign_in(
        login="m.dupont", password="quatre mots sans lien", address="127.0.0.1"
    )
    assert actor.roles == {Role.NURSE}


def test_user_add_invents_a_first_password_and_prints_it_once(run):
    result = run("user", "add", "a.b", "--name", "A B", "--role", "admin")

    assert result.exit_code == 0
    assert result.stdout.count("First password") == 1


def test_user_add_refuses_an_unknown_site_and_opens_nothing(run):
    arguments = ("user", "add", "x", "--name", "X", "--role", "nurse")
    result = run(*arguments, "--site", "NOWHERE")

    assert result.exit_code == 1
    assert "no site" in result.stderr
    assert run(*arguments).exit_code == 0


def test_audit_verify_says_that_the_journal_holds(run):
    result = run("audit", "verify")

    assert result.exit_code == 0
    assert "holds" in result.stdout


def test_audit_verify_finds_what_a_database_administrator_changed(run, app):
    engine = db.engines["registry"]
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER audit_entry_no_update")
        else:
            connection.exec_driver_sql("ALTER TABLE audit_entry DISABLE TRIGGER ALL")
        connection.execute(
            sa.update(AuditEntry).where(AuditEntry.seq == 2).values(actor_login="somebody")
        )

    result = run("audit", "verify")

    assert result.exit_code == 1
    assert "entry 2" in result.stdout
