"""A moment is written and read alike, whichever way it reaches the database."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given, strategies as st
from sqlalchemy import DateTime
from sqlalchemy.dialects import sqlite

from registry.persistence import UtcDateTime

SQLITE = sqlite.dialect()
PARIS_IN_SUMMER = timezone(timedelta(hours=2))


def written(moment: datetime | None) -> str | None:
    """The text that reaches SQLite."""
    processor = UtcDateTime().bind_processor(SQLITE)
    assert processor is not None
    text: str | None = processor(moment)
    return text


@given(st.datetimes())
def test_sqlite_is_given_the_text_that_sqlalchemy_writes_and_reads(naive: datetime) -> None:
    kind = DateTime().dialect_impl(SQLITE)
    as_sqlalchemy, read = kind.bind_processor(SQLITE), kind.result_processor(SQLITE, None)
    assert as_sqlalchemy is not None
    assert read is not None
    text = written(naive.replace(tzinfo=UTC))
    assert text == as_sqlalchemy(naive)
    assert read(text) == naive


def test_another_zone_is_written_in_utc() -> None:
    assert written(datetime(2026, 7, 1, 1, 30, tzinfo=PARIS_IN_SUMMER)) == (
        "2026-06-30 23:30:00.000000"
    )


def test_no_moment_stays_none() -> None:
    assert written(None) is None
