"""What was erased is in no file of the databases: neither the key nor an index entry.

Security requirement 13, on the raw files.
"""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from registry.identity import service
from registry.identity.arrivals import Arrival
from registry.identity.erasure import cleaning
from registry.identity.erasure.models import Erasure
from registry.identity.models import HospitalIdentifier, IdentityRecord, IndexEntry, Person
from registry.identity.opening import open_to_read
from registry.identity.records import place_of_key
from registry.identity.traits import HospitalId
from registry.kernel.actor import Actor
from registry.kernel.errors import NotPermitted, RuleBroken
from registry.persistence import db, registry_session, unit_of_work, vault_session
from registry.tasks.models import Task
from registry.vocab import limits
from registry.vocab.tasks import TaskKind
from tests import postgres
from tests.factories.identity import erase_person, make_person, make_traits

OPERATOR = Actor.system("test")
PEOPLE = 400
_DATABASE = "SELECT oid FROM pg_database WHERE datname = current_database()"
NAMES = ("Adélaïde", "Bérénice", "Clotilde", "Dieudonné", "Evariste", "Fulgence")


@pytest.fixture
def people(app, actors):
    """Enough persons that the trees of the indexes have many pages and are rebalanced."""
    return [
        one.person_uid
        for one in service.enrol_many(
            actors.nurse,
            [
                Arrival(
                    traits=make_traits(
                        birth_name=f"{NAMES[n % 6]}{chr(97 + n // 26)}{chr(97 + n % 26)}rac",
                        given_names=f"{NAMES[n // 100]}{chr(97 + n % 23)}",
                        birth_date=date(1920 + n % 70, 1 + n % 12, 1 + n % 28),
                    ),
                    hospital_identifier=HospitalId("PAR", f"77{n:05}"),
                )
                for n in range(PEOPLE)
            ],
        )
    ]


def byte_order() -> str:
    """How the engine writes a number."""
    return "big" if db.engines["identity"].dialect.name == "sqlite" else "little"


def traces(uid: str) -> dict[str, list[bytes]]:
    """The bytes by which the person could be found again in a file."""
    with unit_of_work():
        opened = open_to_read()
        person = vault_session.scalars(sa.select(Person).where(Person.uid == uid)).one()
        key = opened.wrapper.unwrap(person.wrapped_key, place_of_key(uid))
        record = vault_session.scalars(
            sa.select(IdentityRecord).where(IdentityRecord.person_id == person.id)
        ).one()
        # A key that somebody else has too stays in the index, for that person.
        others = sa.select(IndexEntry.token).where(IndexEntry.record_id != record.id)
        tokens = vault_session.scalars(
            sa.select(IndexEntry.token).where(
                IndexEntry.record_id == record.id, IndexEntry.token.not_in(others)
            )
        ).all()
        assert tokens
        number = vault_session.scalars(
            sa.select(HospitalIdentifier).where(HospitalIdentifier.person_id == person.id)
        ).one()
        return {
            "wrapped key": [person.wrapped_key],
            "data key": [key._secret],
            "identity": [record.birth_name, record.likeness, record.content_digest],
            "hospital number": [number.value, number.value_index],
            "index": [token.to_bytes(8, order) for token in tokens for order in ("big", "little")],
        }


def files(settings) -> list[Path]:
    """The files in which the engine keeps the vault's rows, as they are on disk now."""
    url = make_url(settings.identity_url)
    if url.get_backend_name() == "sqlite":
        base = Path(str(url.database))
        return [path for path in base.parent.glob(f"{base.name}*") if path.is_file()]
    with db.engines["identity"].connect() as connection:
        oid = connection.exec_driver_sql(_DATABASE).scalar_one()
    return [path for path in postgres.server().files() if path.parent.name == str(oid)]


def kinds_found(settings, *, of: dict[str, list[bytes]]) -> set[str]:
    content = b"".join(path.read_bytes() for path in files(settings))
    return {kind for kind, shapes in of.items() if any(shape in content for shape in shapes)}


def test_the_search_finds_what_is_there(people, settings):
    wanted = traces(people[7])
    db.engines["identity"].dispose()

    assert kinds_found(settings, of=wanted) == set(wanted) - {"data key"}


def test_an_erasure_leaves_no_byte_in_any_file(people, actors, settings):
    wanted = traces(people[7])
    erase_person(actors, people[7])

    assert kinds_found(settings, of=wanted) == set()
    assert vault_session.scalars(sa.select(Erasure.cleaned_at)).one() is not None


def test_many_erasures_leave_no_copy_where_trees_were_rebalanced(
    people, actors, settings, monkeypatch, engine
):
    """SQLite zeroes what it frees, but one erasure in a hundred left an index entry behind."""
    monkeypatch.setattr(limits, "VAULT_CLEANED_AT_ONCE_BYTES_MAX", 0)
    chosen = people[5 : PEOPLE : 4 if engine == "sqlite" else 40]
    wanted = {}
    for uid in chosen:
        wanted[uid] = traces(uid)["index"]
        erase_person(actors, uid)

    assert cleaning.clean(OPERATOR) == len(chosen)
    assert kinds_found(settings, of=wanted) == set()


@pytest.fixture
def reader(settings):
    """Somebody who began to read before the erasure and does not finish."""
    url = make_url(settings.identity_url)
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(url.database), isolation_level=None)) as connection:
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM person").fetchone()
            yield connection
    else:
        conninfo = settings.identity_url.replace("+psycopg", "")
        with psycopg.connect(conninfo) as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            connection.execute("SELECT count(*) FROM key_check").fetchone()
            yield connection


def test_a_reader_is_not_disturbed_and_the_cleaning_waits(
    people, actors, settings, reader, monkeypatch
):
    monkeypatch.setattr(limits, "CLEANING_WAIT_SECONDS", 1)
    wanted = traces(people[3])
    erase_person(actors, people[3])

    assert reader.execute("SELECT count(*) FROM person").fetchone()[0] >= PEOPLE - 1
    assert vault_session.scalars(sa.select(Erasure.cleaned_at)).one() is None
    assert kinds_found(settings, of=wanted)
    (task,) = [*_tasks()]
    assert task is TaskKind.CLEAN_ERASED
    with pytest.raises(RuleBroken):
        cleaning.clean(OPERATOR)

    reader.rollback() if hasattr(reader, "pgconn") else reader.execute("ROLLBACK")
    assert cleaning.clean(OPERATOR) == 1
    assert cleaning.clean(OPERATOR) == 0
    assert kinds_found(settings, of=wanted) == set()


def _tasks():
    return registry_session.scalars(sa.select(Task.kind))


def test_a_large_vault_is_left_to_the_task(app, actors, monkeypatch):
    monkeypatch.setattr(limits, "VAULT_CLEANED_AT_ONCE_BYTES_MAX", 1)
    erase_person(actors, make_person(actors.nurse).person_uid)

    assert list(_tasks()) == [TaskKind.CLEAN_ERASED]
    assert cleaning.clean(OPERATOR) == 1


def test_not_everybody_may_have_the_files_written_anew(app, actors):
    with pytest.raises(NotPermitted):
        cleaning.clean(actors.nurse)


def test_a_table_skipped_for_lack_of_permission_is_not_cleaned(app, actors, monkeypatch):
    if db.engines["identity"].dialect.name == "sqlite":
        pytest.skip("SQLite has no roles")
    erase_person(actors, make_person(actors.nurse).person_uid)
    # A table of the whole server, which no owner of one database may write anew.
    tables = SimpleNamespace(sorted_tables=[SimpleNamespace(name="pg_catalog.pg_authid")])
    monkeypatch.setattr(cleaning, "VaultModel", SimpleNamespace(metadata=tables))

    with pytest.raises(RuleBroken):
        cleaning.clean(OPERATOR)
