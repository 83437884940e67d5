"""Working days, moments on a Paris wall clock, and the things to be done at them."""

import heapq
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import count

from registry.kernel import clock
from registry.persistence import unit_of_work

#: Day and month of the holidays that fall on the same day each year.
_HOLIDAYS = {(1, 1), (1, 5), (8, 5), (14, 7), (15, 8), (1, 11), (11, 11), (25, 12)}
_SATURDAY = 5
#: How much of the past is written at once: each commit waits for the disk.
_AT_ONCE = timedelta(days=14)

Act = Callable[[], None]


def is_working(day: date) -> bool:
    """Whether people work on that day."""
    return day.weekday() < _SATURDAY and (day.day, day.month) not in _HOLIDAYS


def working(day: date) -> date:
    """The day itself, or the next one on which people work."""
    while not is_working(day):
        day += timedelta(days=1)
    return day


def working_days_back(day: date, days: int) -> date:
    """The working day that lies `days` working days before `day`."""
    for _ in range(days):
        day -= timedelta(days=1)
        while not is_working(day):
            day -= timedelta(days=1)
    return day


def working_day_after(day: date) -> date:
    """The next day on which people work."""
    return working(day + timedelta(days=1))


def working_day_before(day: date) -> date:
    """The last day before on which people worked."""
    return working_days_back(day, 1)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a day on a Paris wall clock."""
    return datetime.combine(day, time(hour, minute), tzinfo=clock.PARIS)


class Agenda:
    """Acts at moments to come, done in the order of time; doing one may add others."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        self._acts: list[tuple[datetime, int, Act]] = []
        self._order = count()

    def add(self, moment: datetime, act: Act) -> None:
        """Foresee `act`; one that lies after the end is never done."""
        heapq.heappush(self._acts, (moment, next(self._order), act))

    def live(self, on_time: Callable[[datetime], None]) -> None:
        """Do everything until the end, each thing with the clock at its moment.

        `on_time` hears of each moment that is reached.
        """
        while self._acts and self._acts[0][0] <= self.until:
            self._live_until(min(self._acts[0][0] + _AT_ONCE, self.until), on_time)

    def _live_until(self, end: datetime, on_time: Callable[[datetime], None]) -> None:
        with unit_of_work():
            while self._acts and self._acts[0][0] <= end:
                moment, _, act = heapq.heappop(self._acts)
                with clock.frozen(moment):
                    act()
                on_time(moment)
