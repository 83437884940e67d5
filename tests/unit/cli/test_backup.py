"""Backups: whole, checked, without keys; restored, they bring nobody back."""

import hashlib
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from registry.app import create_app
from registry.cli import main
from registry.documents import store as documents
from registry.identity import service
from registry.identity.models import Person
from registry.kernel.errors import RuleBroken
from registry.participants.models import Participant
from registry.persistence import database, registry_session, vault_session
from registry.vocab.identity import Standing
from tests import postgres
from tests.factories.identity import erase_person, make_person
from tests.factories.participants import make_participant


@pytest.fixture
def run(settings, monkeypatch, engine):
    """Run one command on the application's own data directory and databases."""
    if engine == "postgresql":
        monkeypatch.setenv("PATH", f"{postgres.BINARIES}{os.pathsep}{os.environ['PATH']}")

    def run(*arguments: str):
        return CliRunner().invoke(
            main,
            ["--data-dir", str(settings.data_dir), *arguments],
            obj=create_app,
            env={
                "REGISTRY_DATABASE_URL": settings.registry_url,
                "REGISTRY_IDENTITY_URL": settings.identity_url,
                "REGISTRY_KEYS_DIR": str(settings.keys_dir),
                "REGISTRY_LOCALE": "en",
            },
            catch_exceptions=False,
        )

    return run


@pytest.fixture
def backed_up(app, actors, settings, run, tmp_path) -> SimpleNamespace:
    """A registry with a person and a document, its backup, and an erasure since."""
    uid = make_person(actors.nurse).person_uid
    make_participant(actors, person_uid=uid)
    kept = documents.put(b"a signed form")
    target = tmp_path / "backup"
    database.disconnect()
    done = run("backup", str(target))
    assert done.exit_code == 0, done.output
    with create_app(settings).app_context():
        erased = erase_person(actors, uid)
        database.disconnect()
    return SimpleNamespace(target=target, uid=uid, ref=kept.ref, erased=erased, said=done.output)


def test_a_backup_names_every_file_and_holds_no_key(backed_up, keys_dir):
    files = [path for path in backed_up.target.rglob("*") if path.is_file()]
    manifest = json.loads((backed_up.target / "manifest.json").read_text())

    assert {"registry", "identity"} <= {path.stem for path in files}
    assert len(manifest["files"]) == len(files) - 1
    assert "keys are not in it" in backed_up.said
    secrets = [
        secret.encode()
        for name in ("registry.json", "identity.json")
        for held in json.loads((keys_dir / name).read_text()).values()
        if isinstance(held, dict)
        for secret in held["keys"].values()
    ]
    assert secrets
    assert not [path for path in files if any(one in path.read_bytes() for one in secrets)]


def test_a_restore_brings_everything_back_but_the_erased(backed_up, run, settings, actors):
    assert run("restore", str(backed_up.target)).exit_code == 1
    done = run("restore", str(backed_up.target), "--overwrite")

    assert done.exit_code == 0, done.output
    assert "carried out again: 1." in done.output
    with create_app(settings).app_context():
        assert vault_session.scalars(sa.select(Person.standing)).one() is Standing.ERASED
        with pytest.raises(RuleBroken):
            service.reveal(actors.nurse, backed_up.uid, reason="appel du patient")
        assert documents.get(backed_up.ref) == b"a signed form"
        database.disconnect()
    assert run("audit", "verify").exit_code == 0


@pytest.mark.parametrize("harm", ["changed", "lost", "added", "no_manifest"])
def test_a_harmed_backup_is_refused_before_anything_is_replaced(harm, backed_up, run):
    (document,) = [path for path in (backed_up.target / "documents").rglob("*") if path.is_file()]
    if harm == "changed":
        document.write_bytes(document.read_bytes()[:-1] + b"\0")
    elif harm == "lost":
        document.unlink()
    elif harm == "added":
        (backed_up.target / "more").write_text("x")
    else:
        (backed_up.target / "manifest.json").unlink()

    done = run("restore", str(backed_up.target), "--overwrite")

    assert done.exit_code == 1
    assert "Error" in done.output
    assert run("vault", "replay").output.strip().endswith("again: 0.")


@pytest.mark.parametrize("name", ["registry", "identity"])
@pytest.mark.parametrize("harm", ["cut", "lost"])
def test_a_copy_that_cannot_be_read_is_refused_before_anything_is_replaced(
    harm, name, backed_up, run, settings
):
    (copy,) = [path for path in backed_up.target.iterdir() if path.stem == name]
    manifest = json.loads((backed_up.target / "manifest.json").read_text())
    if harm == "cut":
        copy.write_bytes(copy.read_bytes()[:-4096])
        digest = hashlib.sha256(copy.read_bytes()).hexdigest()
        manifest["files"][copy.name] = {"sha256": digest, "size": copy.stat().st_size}
    else:
        copy.unlink()
        del manifest["files"][copy.name]
    (backed_up.target / "manifest.json").write_text(json.dumps(manifest))

    assert run("restore", str(backed_up.target), "--overwrite").exit_code == 1

    with create_app(settings).app_context():
        assert vault_session.scalars(sa.select(Person.standing)).one() is Standing.ERASED
        assert registry_session.scalar(sa.select(sa.func.count()).select_from(Participant)) == 1
        database.disconnect()


def test_nothing_of_a_newer_schema_is_left_beside_what_is_restored(backed_up, run, settings):
    urls = {"participant": settings.registry_url, "person": settings.identity_url}
    for name, url in urls.items():
        newer = sa.MetaData()
        table = sa.Table(name, newer, sa.Column("id", sa.BigInteger, primary_key=True))
        known = sa.Table("newer", newer, sa.Column("id", sa.ForeignKey(table.c.id)))
        database_there = sa.create_engine(url)
        known.create(database_there)
        database_there.dispose()

    done = run("restore", str(backed_up.target), "--overwrite")

    assert done.exit_code == 0, done.output
    for url in urls.values():
        database_there = sa.create_engine(url)
        assert "newer" not in sa.inspect(database_there).get_table_names()
        database_there.dispose()


def test_nothing_is_restored_under_somebody_who_works(backed_up, run, application):
    with application.app_context():
        vault_session.scalars(sa.select(Person.id)).all()
        done = run("restore", str(backed_up.target), "--overwrite")
        assert "Stop the registry first" in done.output
        assert done.exit_code == 1
        database.disconnect()


def test_a_backup_never_goes_over_another(backed_up, run):
    assert "is not empty" in run("backup", str(backed_up.target)).output


def test_what_a_crash_left_beside_the_file_is_not_taken_for_the_restored_one(
    backed_up, run, settings, engine
):
    if engine == "postgresql":
        pytest.skip("PostgreSQL keeps its own log")
    path = Path(settings.identity_url.removeprefix("sqlite:///"))
    wal = path.with_name(f"{path.name}-wal")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    wal.write_bytes(b"stale" * 100)

    assert run("restore", str(backed_up.target), "--overwrite").exit_code == 0
    assert not wal.exists() or not wal.read_bytes().startswith(b"stale")


def test_without_postgresqls_tools_it_says_what_to_do(app, run, engine, monkeypatch, tmp_path):
    if engine == "sqlite":
        pytest.skip("SQLite copies itself")
    monkeypatch.setenv("PATH", str(tmp_path))

    done = run("backup", str(tmp_path / "backup"))

    assert done.exit_code == 1
    assert "pg_dump was not found" in done.output


def test_the_vault_is_cleaned_by_hand(backed_up, run):
    done = run("vault", "clean")

    assert done.exit_code == 0
    assert "clean" in done.output
