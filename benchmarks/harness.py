"""How things are measured: warm up, repeat, take the median, compare with the floor.

The floor is what the machine and the library under our code can do in the same
run; a ratio to it means the same on a laptop and on a server.
"""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

WARM_UPS = 3
ROUNDS = 7


@dataclass(frozen=True)
class Goal:
    """What a result has to reach: on its own figure, or on its ratio to the floor."""

    of: Literal["figure", "ratio"]
    at_least: float | None = None
    at_most: float | None = None

    def is_met(self, value: float) -> bool:
        """Whether `value` lies within the goal."""
        return (self.at_least is None or value >= self.at_least) and (
            self.at_most is None or value <= self.at_most
        )

    def __str__(self) -> str:
        bounds = [f"≥ {self.at_least:g}"] if self.at_least is not None else []
        bounds += [f"≤ {self.at_most:g}"] if self.at_most is not None else []
        return f"{self.of} {' and '.join(bounds)}"


@dataclass(frozen=True)
class Result:
    """One measured figure.

    `floor` is the same work without our code, in the same unit; `spread` the
    standard deviation over the rounds.
    """

    name: str
    figure: float
    unit: str
    floor: float | None = None
    goal: Goal | None = None
    spread: float | None = None

    @property
    def ratio(self) -> float | None:
        """The figure in parts of the floor."""
        return self.figure / self.floor if self.floor else None

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None when none was set or its floor is missing."""
        if self.goal is None:
            return None
        value = self.figure if self.goal.of == "figure" else self.ratio
        return None if value is None else self.goal.is_met(value)

    def as_json(self) -> dict[str, Any]:
        """The record kept in ``benchmarks/results``."""
        return {
            "name": self.name,
            "figure": round(self.figure, 6),
            "unit": self.unit,
            "floor": None if self.floor is None else round(self.floor, 6),
            "ratio": None if self.ratio is None else round(self.ratio, 4),
            "goal": None if self.goal is None else str(self.goal),
            "met": self.met,
            "spread": None if self.spread is None else round(self.spread, 6),
        }


def seconds(work: Callable[[], Any]) -> tuple[float, float]:
    """The median time that `work` takes and its standard deviation, after warming up."""
    for _ in range(WARM_UPS):
        work()
    times = [_time(work) for _ in range(ROUNDS)]
    return statistics.median(times), statistics.stdev(times)


def rate(work: Callable[[], Any], count: int) -> tuple[float, float]:
    """How many a second, when one call of `work` does `count` of them; and its deviation."""
    middle, spread = seconds(work)
    return count / middle, count * spread / middle**2


def _time(work: Callable[[], Any]) -> float:
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start
    finally:
        gc.enable()
