"""What a line of every list of duties is made of, whichever engine finds it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from registry.consents.duties.people import Condition, Person
from registry.consents.signing.models import Consent
from registry.consents.templates.models import ConsentTemplate
from registry.kernel import clock

#: Whom a line is about.
WHO = (Person.id.label("person_id"), Person.code.label("code"), Person.site_id.label("site_id"))
#: The form that a line is about.
FORM = (
    Consent.id.label("consent_id"),
    ConsentTemplate.code.label("form"),
    ConsentTemplate.number.label("number"),
)
#: For what is about no form.
NO_FORM = (
    sa.null().label("consent_id"),
    sa.null().label("form"),
    sa.null().label("number"),
)


def day_itself(row: Any) -> date | None:
    """The day on record is the day that counts."""
    day: date | None = row.since
    return day


def paris_day(row: Any) -> date | None:
    """The day of the moment on record, in Paris."""
    return clock.to_paris(row.since).date()


def no_day(row: Any) -> date | None:
    """Nothing says by when."""
    return None


@dataclass(frozen=True)
class Kind:
    """How the duties of one kind are found, and by which day one of them is due.

    `statement` takes today, the day until which it looks ahead and, where there
    are `spans`, those; it selects what `line` gives and reads nothing itself.
    """

    statement: Callable[..., sa.Select[Any]]
    due_on: Callable[[Any], date | None] = day_itself
    #: Reads the lengths of time that forms set, where the days are counted from one.
    spans: Callable[[], frozenset[int]] | None = None

    @property
    def has_deadline(self) -> bool:
        """Whether a day is set at all: what has none is never overdue."""
        return self.due_on is not no_day


def line(
    since: Any, place: Any, row: Any, *, span: Any = None, form: Iterable[Any] = FORM
) -> tuple[Any, ...]:
    """The columns of a line.

    The day is made of `since` and `span`; `place` grows with it, and `row` is
    like no other of the list.
    """
    return (
        *WHO,
        *form,
        since.label("since"),
        (sa.null() if span is None else span).label("span"),
        place.label("place"),
        row.label("row"),
    )


def seconds(moment: Any) -> sa.ColumnElement[int]:
    """A number that grows with the moment, by one each second."""
    return sa.cast(sa.extract("epoch", moment), sa.BigInteger)


def days(day: Any) -> sa.ColumnElement[int]:
    """A number that grows with the day, by `MONTH` each month."""
    year, month = sa.extract("year", day), sa.extract("month", day)
    return sa.cast((year * 12 + month) * MONTH + sa.extract("day", day), sa.BigInteger)


DAY_SECONDS = 86_400
MONTH = 31


def end_of(day: date) -> datetime:
    """The moment at which the day is over in Paris."""
    return datetime.combine(day + timedelta(days=1), time(), clock.PARIS)


def any_of(conditions: Iterable[Condition]) -> Condition:
    """Whether one of them holds; none of none."""
    return sa.or_(sa.false(), *conditions)
