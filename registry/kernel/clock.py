"""The one source of the present moment.

Times are aware and UTC in the code and in the databases, Europe/Paris on the
screen.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The calendar day in Paris: consent and birth dates are compared with this one."""
    return to_paris(now()).date()


def to_paris(moment: datetime) -> datetime:
    """The same moment on a Paris wall clock."""
    return moment.astimezone(PARIS)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment` (aware): for tests and for replaying a demo's past."""
    if moment.tzinfo is None:
        raise ValueError("a frozen moment needs a time zone")
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
