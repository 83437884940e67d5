"""Sessions: nothing to steal from the table, and an end to each."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from registry.accounts import sessions
from registry.accounts.connections import writing
from registry.accounts.models import SignInSession
from registry.kernel import clock
from registry.persistence import registry_session
from tests.factories.accounts import People

NOON = datetime(2026, 3, 12, 11, tzinfo=UTC)


@pytest.fixture
def token(app: Flask, actors: People) -> str:
    with clock.frozen(NOON):
        return sessions.start(actors.nurse.id, {"language": "fr"})


def found(token: str, after: timedelta) -> sessions.Remembered | None:
    with clock.frozen(NOON + after):
        return sessions.find(token)


def rows() -> int:
    return registry_session.scalar(sa.select(sa.func.count()).select_from(SignInSession)) or 0


def test_what_was_kept_is_found_again(token: str, actors: People):
    session = found(token, timedelta(minutes=5))

    assert session is not None
    assert (session.user_id, session.data) == (actors.nurse.id, {"language": "fr"})


def test_a_token_has_256_bits_and_is_not_in_the_table(token: str):
    row = registry_session.scalars(sa.select(SignInSession)).one()

    assert len(token) == 43
    assert token not in repr(vars(row))
    assert sessions.find(row.token_digest) is None


def test_it_ends_when_it_was_idle_for_half_an_hour(token: str):
    assert found(token, timedelta(minutes=29, seconds=59)) is not None
    assert found(token, timedelta(minutes=30)) is None


def test_it_ends_after_twelve_hours_however_busy(token: str):
    for minutes in range(20, 12 * 60, 20):
        with clock.frozen(NOON + timedelta(minutes=minutes)):
            assert sessions.find(token) is not None
            assert sessions.seen(token)

    assert found(token, timedelta(hours=12)) is None


def test_saving_keeps_it_alive(token: str):
    with clock.frozen(NOON + timedelta(minutes=20)):
        sessions.save(token, {"language": "en"})

    session = found(token, timedelta(minutes=45))
    assert session is not None
    assert session.data == {"language": "en"}


def test_a_renewed_one_answers_to_its_new_token_alone(token: str):
    with clock.frozen(NOON + timedelta(minutes=1)):
        fresh = sessions.renew(token, {})
        assert fresh is not None
        assert sessions.find(token) is None
        assert sessions.find(fresh) is not None
        assert sessions.renew(token, {}) is None


def test_an_ended_one_is_gone(token: str):
    sessions.end(token)

    assert rows() == 0


def test_one_without_a_person_lasts_an_hour(app: Flask):
    with clock.frozen(NOON):
        token = sessions.start(None, {})
    for minutes in (20, 40, 59):
        with clock.frozen(NOON + timedelta(minutes=minutes)):
            assert sessions.find(token) is not None
            sessions.seen(token)

    assert found(token, timedelta(minutes=60)) is None


def test_old_ones_are_swept_when_a_new_one_begins(token: str):
    with clock.frozen(NOON + timedelta(days=1)):
        sessions.start(None, {})

    assert rows() == 1


def test_a_busy_database_leaves_the_note_of_being_there_for_later(token: str):
    with writing() as connection:
        connection.execute(sa.update(SignInSession).values(data={}))
        if connection.dialect.name != "sqlite":
            pytest.skip("only SQLite has one writer at a time")
        assert sessions.seen(token) is False

    assert sessions.seen(token) is True
