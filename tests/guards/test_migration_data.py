"""Migrations with data in the tables: every step down and up again loses nothing it could keep."""

from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask

from registry import migrations
from registry.custody import service as custody
from registry.migrations import databases
from registry.persistence import database, db
from registry.vocab.custody import ActKind
from registry.vocab.people import Role
from tests.factories.accounts import People
from tests.factories.applications import make_application
from tests.factories.custody import (
    DIVIDED,
    check_out,
    divide,
    make_checked_out,
    make_received,
    make_stored,
)
from tests.factories.identity import make_person

Rows = dict[str, dict[str, list[tuple[Any, ...]]]]


def revisions() -> list[str]:
    """Every step of the history, the newest first."""
    script = ScriptDirectory(str(next(iter(migrations.__path__))))
    return [step.revision for step in script.walk_revisions()]


@pytest.fixture
def lived(app: Flask, actors: People) -> Flask:
    """A registry in which people, samples and a request have come about."""
    make_person(actors.nurse)
    make_stored(actors)
    make_checked_out(actors)
    make_application(actors)
    database.remove_sessions()
    return app


def tables() -> dict[str, sa.MetaData]:
    found = {}
    for name in databases.DATABASES:
        found[name] = sa.MetaData()
        found[name].reflect(db.engines[name])
    return found


def lost(older: dict[str, sa.MetaData]) -> bool:
    """Whether something of the older version is not there now."""
    newer = tables()
    return any(
        set(table.columns.keys()) - set(newer[name].tables[table.name].columns.keys())
        for name, shape in older.items()
        for table in shape.sorted_tables
    )


def rows(shapes: dict[str, sa.MetaData]) -> Rows:
    """What every table of `shapes` holds now, in the columns that it has there."""
    found: Rows = {}
    for name, shape in shapes.items():
        with db.engines[name].connect() as connection:
            for table in shape.sorted_tables:
                everything = connection.execute(sa.select(table)).all()
                found.setdefault(name, {})[table.name] = sorted(map(tuple, everything), key=repr)
    return found


@pytest.mark.parametrize("step", range(len(revisions()) - 1), ids=revisions()[:-1])
def test_a_step_down_and_up_again_keeps_every_row_that_both_versions_know(lived: Flask, step: int):
    history = revisions()
    databases.downgrade(history[step + 1])
    older = tables()
    below = rows(older)
    databases.upgrade(history[step])
    moved = {("identity", "alembic_version"), ("registry", "alembic_version")}
    if lost(older):
        # What the newer version has elsewhere is told by it in going back.
        databases.downgrade(history[step + 1])
        moved = set()

    again = rows(older)

    assert any(below["identity"].values())
    assert any(below["registry"].values())
    changed = {
        (name, table)
        for name in below
        for table in below[name]
        if again[name][table] != below[name][table]
    }
    assert changed == moved


def test_going_all_the_way_down_and_up_leaves_a_registry_that_works(lived: Flask, actors: People):
    databases.downgrade(revisions()[-1])
    databases.upgrade()

    assert make_person(actors.nurse, birth_name="Kerbrat", number="0042199").person_uid


def test_what_samples_went_through_is_told_again_from_their_acts(lived: Flask, actors: People):
    parent = make_received(actors)
    thaw = {"kind": ActKind.THAWED, "happened_at": DIVIDED}
    custody.process(actors.technician, [parent.code], **thaw)
    divide(actors, divide(actors, parent.code, "1")[0].code, "0.1")
    custody.process(actors.technician, [parent.code], **thaw)
    lent = make_checked_out(actors)
    custody.undo_latest(actors.technician)
    check_out(actors, lent.code)
    database.remove_sessions()
    before = rows(tables())["registry"]["holding"]
    assert len(before) > 5

    databases.downgrade("d7ef2204777c")
    databases.upgrade()

    assert rows(tables())["registry"]["holding"] == before


def test_an_older_version_gives_nobody_a_role_that_it_does_not_know(lived: Flask):
    databases.downgrade("6e3d6066edf5")

    roles = {grant[2] for grant in rows(tables())["registry"]["role_grant"]}

    assert Role.IDENTITY_OFFICER.value not in roles
    assert Role.NURSE.value in roles
    databases.upgrade()
