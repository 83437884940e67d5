"""Shapes of temperature probes: setting one up, its files, what is decided of samples."""

from decimal import Decimal

from registry.vocab import limits
from registry.vocab.storage import DayOrder, ExposureDecision, LoggerClock
from schemas.base import Shape
from schemas.fields import (
    Choice,
    Flag,
    FrenchDecimal,
    ScanCode,
    ScanCodes,
    TrimmedText,
    Verbatim,
    WholeNumber,
)

_COLDEST, _HOTTEST = Decimal("-273.15"), Decimal(200)


def _celsius() -> FrenchDecimal:
    return FrenchDecimal(minimum=_COLDEST, maximum=_HOTTEST, places=2)


class ProbeIn(Shape):
    """A probe, the place that it watches and, where they are not the usual ones, its limits."""

    unit = ScanCode(required=True)
    code = ScanCode(required=True)
    name = TrimmedText(required=True, longest=limits.NAME_MAX)
    serial = TrimmedText(longest=limits.NAME_MAX)
    clock_zone = Choice(LoggerClock, required=True)
    lowest = _celsius()
    highest = _celsius()
    delay_minutes = WholeNumber(minimum=0, maximum=limits.PROBE_DELAY_MINUTES_MAX)
    step_minutes = WholeNumber(required=True, minimum=1, maximum=limits.PROBE_STEP_MINUTES_MAX)


class ReadingsIn(Shape):
    """How a logger's file is read; the file comes beside, or as text once it was seen."""

    readings = Verbatim(longest=limits.PROBE_FILE_BYTES_MAX)
    days = Choice(DayOrder)
    accept = Flag()


class ExposureIn(Shape):
    """What is decided of samples that an excursion exposed."""

    codes = ScanCodes()
    everything = Flag()
    decision = Choice(ExposureDecision, required=True)
    remark = TrimmedText(
        required=True, shortest=limits.REASON_MIN, longest=limits.REASON_MAX, lines=True
    )
    with_children = Flag()
