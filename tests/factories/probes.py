"""Probes that watch a freezer, and the files of their loggers."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from registry.custody.exposures import service
from registry.custody.exposures.service import Recorded
from registry.storage.models import StorageUnit
from registry.storage.temperatures import service as temperatures
from registry.storage.temperatures.models import Probe
from registry.vocab.storage import LoggerClock
from tests.factories.accounts import People
from tests.factories.storage import make_freezer

#: When the files of these tests begin: tubes of the factories were collected long before.
BEGUN = datetime(2026, 6, 1, 8, tzinfo=UTC)
STEP = timedelta(minutes=10)

_numbers = count(1)


def make_probe(actors: People, unit: StorageUnit | None = None, **facts: Any) -> Probe:
    """A probe with a clock in UTC, in the freezer of the biobank unless another is given."""
    facts.setdefault("code", f"PROBE-{next(_numbers)}")
    facts.setdefault("clock_zone", LoggerClock.UTC)
    place = unit or make_freezer(actors)
    return temperatures.set_up(
        actors.technician, unit=place.code, name=f"Probe of {place.name}", **facts
    )


def after(steps: float) -> datetime:
    """So many steps of the logger after the beginning."""
    return BEGUN + steps * STEP


def logger_file(start: datetime, celsius: Iterable[object]) -> bytes:
    """What the logger writes when it reads these, one after another."""
    lines = [f"{start + nth * STEP:%Y-%m-%d %H:%M:%S};{one}" for nth, one in enumerate(celsius)]
    return "\n".join(["Date;°C", *lines, ""]).encode()


def take(actors: People, probe: Probe, *celsius: object, start: datetime = BEGUN) -> Recorded:
    """Record a file of the probe."""
    return service.record(actors.technician, probe.id, logger_file(start, celsius))
