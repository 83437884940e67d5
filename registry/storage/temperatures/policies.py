"""Which places probes watch, and within which limits."""

from datetime import timedelta
from decimal import Decimal

from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.storage.models import StorageUnit
from registry.storage.temperatures.models import Probe
from registry.vocab.storage import ALARMS, Alarm, StorageClass, UnitKind

#: The kinds of places that are kept at a temperature.
WATCHED = frozenset({UnitKind.ROOM, UnitKind.FREEZER, UnitKind.TANK})


def check_watched(unit: StorageUnit) -> None:
    """Refuse a probe for what only shares the temperature of the place that it is in.

    :raises InvalidInput: see `WATCHED`.
    """
    if unit.kind not in WATCHED:
        raise InvalidInput(
            T("A probe watches a room, a freezer or a tank: {name} is none.", name=unit.name),
            field="unit",
        )


def alarm_for(
    storage_class: StorageClass | None,
    lowest: Decimal | None,
    highest: Decimal | None,
    delay_minutes: int | None,
) -> Alarm:
    """The limits of a probe: those that were given, else those of the place's class.

    :raises InvalidInput: there is neither, or the lowest is not below the highest.
    """
    usual = ALARMS.get(storage_class) if storage_class else None
    if lowest is None and highest is None:
        if usual is None:
            raise InvalidInput(
                T("The place has no temperature class: write its limits."), field="highest"
            )
        lowest, highest = usual.lowest, usual.highest
    if lowest is not None and highest is not None and lowest >= highest:
        raise InvalidInput(T("The lowest is below the highest."), field="highest")
    delay = usual.smallest if usual else timedelta(0)
    if delay_minutes is not None:
        delay = timedelta(minutes=delay_minutes)
    return Alarm(lowest, highest, delay)


def check_in_use(probe: Probe) -> None:
    """Refuse to take in what a probe out of use has read, or to retire it twice.

    :raises RuleBroken: see above.
    """
    if probe.retired_at is not None:
        raise RuleBroken(T("The probe {code} is out of use.", code=probe.code))
