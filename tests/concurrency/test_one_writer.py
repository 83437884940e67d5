"""SQLite has one writer: the others wait for their turn, or leave be what may be left."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from registry.accounts import sessions
from registry.accounts.connections import writing
from registry.persistence import db
from tests.factories.accounts import People


@pytest.fixture
def token(application: Flask, actors: People) -> str:
    if db.engines["registry"].dialect.name != "sqlite":
        pytest.skip("PostgreSQL has many writers")
    return sessions.start(actors.nurse.id, {})


def test_whoever_waits_has_their_turn(application: Flask, token: str):
    held, release = Event(), Event()

    def hold() -> None:
        with application.app_context(), writing():
            held.set()
            release.wait()

    def save() -> None:
        with application.app_context():
            sessions.save(token, {"saved": True})

    with ThreadPoolExecutor(2) as people:
        holding = people.submit(hold)
        held.wait()
        waiting = people.submit(save)
        release.set()
        holding.result()
        waiting.result()

    found = sessions.find(token)
    assert found is not None
    assert found.data == {"saved": True}


def test_what_may_be_left_is_left_and_others_wait_as_long_as_ever(application: Flask, token: str):
    with writing():
        with pytest.raises(OperationalError), writing(patience_ms=0):
            pytest.fail("two wrote at once")

    with db.engines["registry"].connect() as connection:
        waits = connection.execute(sa.text("PRAGMA busy_timeout")).scalar_one()
        synchronous = connection.execute(sa.text("PRAGMA synchronous")).scalar_one()
    assert (waits, synchronous) == (30_000, 2)


def test_a_kept_session_leaves_the_connection_durable(token: str):
    sessions.save(token, {})

    with db.engines["registry"].connect() as connection:
        assert connection.execute(sa.text("PRAGMA synchronous")).scalar_one() == 2
