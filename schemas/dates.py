"""Days and moments as French hospitals write them."""

import re
from datetime import UTC, date, datetime, time
from typing import Any

from marshmallow.fields import Field

from registry.kernel.clock import PARIS
from registry.kernel.messages import T
from schemas.fields import refuse, text_of

_FRENCH = re.compile(r"([0-9]{2})[/.-]([0-9]{2})[/.-]([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}")
_SHORT_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_SERIAL = re.compile(r"[0-9]{5}(?:[.,][0-9]+)?")
_CLOCK = re.compile(r"([0-9]{1,2})[:hH]([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?")
_OFFSET = re.compile(r"(?:Z|[+-][0-9]{2}:?[0-9]{2})$")


class FrenchDate(Field[date]):
    """A day: dd/mm/yyyy, or yyyy-mm-dd as browsers and files send it.

    Two-digit years, one-digit days and months (which spreadsheets write in
    American order) and spreadsheet day numbers are refused.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> date:
        if isinstance(value, datetime):
            return value.date()
        return value if isinstance(value, date) else read_day(text_of(value))

    def _serialize(self, value: date | None, attr: str | None, obj: Any, **_: Any) -> Any:
        return None if value is None else value.isoformat()


class FrenchDateTime(Field[datetime]):
    """A moment: dd/mm/yyyy hh:mm on a Paris wall clock, or ISO 8601; loads aware, in UTC.

    An hour that the change to summer time skips never was, and one that the
    change to winter time repeats was twice: both are refused, the second unless
    the offset from UTC is given.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> datetime:
        if isinstance(value, datetime):
            return value.astimezone(UTC) if value.tzinfo else _from_wall_clock(value)
        text = text_of(value)
        if _OFFSET.search(text) and "T" in text:
            return _from_iso(text)
        day, _space, clock = text.replace("T", " ").partition(" ")
        if not clock.strip():
            refuse(T("Add the time, such as 12/03/2026 08:30."))
        return _from_wall_clock(datetime.combine(read_day(day), _read_time(clock.strip())))

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **_: Any) -> Any:
        return None if value is None else value.astimezone(UTC).isoformat()


def read_day(text: str) -> date:
    """The day that is written.

    :raises ValidationError: it could be another day, or there is no such day.
    """
    if found := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _FRENCH.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    elif _SHORT_YEAR.fullmatch(text):
        refuse(T("Write the year with four digits, such as 12/03/1985."))
    elif _SHORT_DAY.fullmatch(text):
        refuse(T("Write the day and the month with two digits each, such as 05/03/1985."))
    elif _SERIAL.fullmatch(text):
        refuse(T("This is a spreadsheet's day number. Format the column as a date."))
    else:
        refuse(T("Write the date as day/month/year, such as 12/03/1985."))
    if month > 12:
        refuse(T("There is no month {month}. Write day/month/year.", month=month))
    try:
        return date(year, month, day)
    except ValueError:
        refuse(T("There is no such day in the calendar."))


def _read_time(text: str) -> time:
    found = _CLOCK.fullmatch(text)
    if not found:
        refuse(T("Write the time as hours:minutes, such as 08:30."))
    hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return time(hour, minute, second)
    except ValueError:
        refuse(T("There is no such time of day."))


def _from_iso(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        refuse(T("Write the date and the time, such as 12/03/2026 08:30."))
    return moment.astimezone(UTC)


def _from_wall_clock(wall: datetime) -> datetime:
    earlier = wall.replace(tzinfo=PARIS, fold=0)
    later = wall.replace(tzinfo=PARIS, fold=1)
    if earlier.utcoffset() == later.utcoffset():
        return earlier.astimezone(UTC)
    if earlier.astimezone(UTC).astimezone(PARIS).replace(tzinfo=None) != wall:
        refuse(T("Clocks went forward over this hour: it did not exist that day."))
    refuse(
        T(
            "Clocks went back over this hour: it came twice. Give the offset, as in {example}.",
            example="2026-10-25T02:30+01:00",
        )
    )
