"""SQLite has one writer: the others wait for their turn, or leave be what may be left."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from registry.accounts import sessions
from registry.accounts.connections import writing
from registry.persistence import db
from tests.factories.accounts import People


@pytest.fixture
def token(app: Flask, actors: People) -> str:
    if db.engines["registry"].dialect.name != "sqlite":
        pytest.skip("PostgreSQL has many writers")
    return sessions.start(actors.nurse.id, {})


def test_whoever_waits_has_their_turn(app: Flask, application: Flask, token: str):
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


def test_what_may_be_left_is_left_and_others_wait_as_long_as_ever(
    app: Flask, application: Flask, token: str
):
    with writing(), pytest.raises(OperationalError), writing(patience_ms=0):
        pytest.fail("two wrote at once")

    with db.engines["registry"].connect() as connection:
        waits = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
        synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
    assert (waits, synchronous) == (30_000, 2)


def test_a_kept_session_leaves_the_connection_durable(token: str):
    sessions.save(token, {})

    with db.engines["registry"].connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
