"""Reckoning with calendar days."""

import calendar
from datetime import date, timedelta


def months_later(day: date, months: int) -> date:
    """The same day so many months later (earlier when negative), or the month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def last_day_before(until: date, months: int) -> date:
    """The last day from which so many months lead to `until` or to a day before it."""
    day = months_later(until, -months)
    while months_later(day + timedelta(days=1), months) <= until:
        day += timedelta(days=1)
    return day
