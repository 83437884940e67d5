"""Setting up probes, and recording what they read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.persistence import insert_rows, lock_row, registry_session, table_of, transactional
from registry.storage import queries as storage
from registry.storage.temperatures import policies, queries
from registry.storage.temperatures.excursions import Excursion, Gap, Reading, excursions, gaps
from registry.storage.temperatures.joining import joined
from registry.storage.temperatures.models import KnownExcursion, Probe, ProbeReading
from registry.storage.temperatures.reading import Clock, read_lines
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.storage import LoggerClock

_CONTRADICTIONS_NAMED = 20


@dataclass(frozen=True)
class Taken:
    """What a file holds, beside what is recorded of its probe already."""

    #: The readings that are not recorded yet, earliest first.
    new: Sequence[Reading]
    #: How many of the file are.
    known: int
    first: datetime
    last: datetime
    gaps: Sequence[Gap]
    #: Those that the file touches, as they are with it.
    excursions: Sequence[Excursion]


@transactional
def set_up(  # noqa: PLR0913 - each is one fact about the probe
    actor: Actor,
    *,
    unit: str,
    code: str,
    name: str,
    serial: str | None = None,
    clock_zone: LoggerClock = LoggerClock.PARIS,
    lowest: Decimal | None = None,
    highest: Decimal | None = None,
    delay_minutes: int | None = None,
    step_minutes: int = limits.PROBE_STEP_MINUTES,
) -> Probe:
    """Have a probe watch a place, within the limits of its class unless others are given.

    :raises NotFound: no place at the actor's sites bears the code `unit`.
    :raises InvalidInput: the code is taken, such a place is not watched, or
        the limits are none.
    """
    place = storage.unit_by_code(actor, unit, field="unit")
    require(actor, Permission.STORAGE_MANAGE, place)
    policies.check_watched(place)
    if registry_session.scalar(sa.select(Probe.id).where(Probe.code == code)):
        raise InvalidInput(T("There is a probe with this code already."), field="code")
    rules = storage.rules(storage.way_to(place.id))
    alarm = policies.alarm_for(rules.storage_class, lowest, highest, delay_minutes)
    probe = Probe(
        code=code,
        name=name,
        serial=serial,
        unit=place,
        clock=clock_zone,
        lowest=alarm.lowest,
        highest=alarm.highest,
        delay_minutes=int(alarm.smallest.total_seconds()) // 60,
        step_minutes=step_minutes,
    )
    registry_session.add(probe)
    registry_session.flush()
    audit.record(actor, AuditTag.PROBE_CREATED, probe, place=place.code)
    return probe


@transactional
def retire(actor: Actor, probe_id: int) -> Probe:
    """Take a probe out of use; what it has read stays.

    :raises RuleBroken: it is out of use already.
    """
    probe = lock_row(Probe, probe_id)
    require(actor, Permission.STORAGE_MANAGE, probe)
    policies.check_in_use(probe)
    probe.retired_at = clock.now()
    audit.record(actor, AuditTag.PROBE_RETIRED, probe)
    return probe


def look(actor: Actor, probe: Probe, content: bytes, *, day_first: bool | None = None) -> Taken:
    """What recording the file would add; nothing is changed.

    :raises RuleBroken: the probe is out of use.
    :raises InvalidInput: some lines cannot be read, or contradict what is
        recorded; each is named under ``file``.
    """
    require(actor, Permission.PROBE_READ, probe)
    policies.check_in_use(probe)
    how = Clock(ZoneInfo(probe.clock.value), day_first)
    lines = read_lines(content, how)
    moments = [one.at for one in lines]
    first, last = moments[0], moments[-1]
    known = {one.at: one.celsius for one in queries.readings(probe.id, first, last)}
    _check_agrees(lines, known)
    together = {*lines, *queries.around(probe, first, last)}
    touched = [
        one for one in excursions(together, probe.bounds) if one.start <= last and one.end >= first
    ]
    return Taken(
        new=[one for one in lines if one.at not in known],
        known=len(known.keys() & set(moments)),
        first=first,
        last=last,
        gaps=gaps(lines, probe.bounds.longest_step),
        excursions=touched,
    )


def _check_agrees(lines: Mapping[Reading, int], known: Mapping[datetime, Decimal]) -> None:
    wrong = [
        T(
            "Line {line}: at this time {known} °C is recorded, not {read} °C.",
            line=line,
            known=known[one.at],
            read=one.celsius,
        )
        for one, line in lines.items()
        if known.get(one.at, one.celsius) != one.celsius
    ]
    if wrong:
        raise InvalidInput(
            T("Nothing was recorded: the file contradicts an earlier one, or is of another probe."),
            field="file",
            errors={"file": wrong[:_CONTRADICTIONS_NAMED]},
        )


@transactional
def record(
    actor: Actor, probe_id: int, content: bytes, *, day_first: bool | None = None
) -> tuple[Taken, Sequence[KnownExcursion]]:
    """Record what a file adds; gives the excursions that are new or not what they were.

    What this means for samples, custody knows: it alone calls this.  The same
    file again changes nothing.  Raises as `look` does.
    """
    probe = lock_row(Probe, probe_id)
    taken = look(actor, probe, content, day_first=day_first)
    if not taken.new:
        return taken, []
    insert_rows(
        registry_session,
        table_of(ProbeReading),
        [{"probe_id": probe_id, "at": one.at, "celsius": one.celsius} for one in taken.new],
    )
    changed = _find_again(probe, taken.first, taken.last)
    audit.record(
        actor,
        AuditTag.PROBE_READ,
        probe,
        readings=len(taken.new),
        first=taken.first.isoformat(),
        last=taken.last.isoformat(),
        excursions=[one.id for one in changed],
    )
    return taken, changed


def _find_again(probe: Probe, first: datetime, last: datetime) -> Sequence[KnownExcursion]:
    """Bring the excursions around this time in line with the readings; those that changed."""
    readings = queries.around(probe, first, last)
    begin, end = readings[0].at, readings[-1].at
    known = registry_session.scalars(
        sa.select(KnownExcursion).where(
            KnownExcursion.probe_id == probe.id,
            KnownExcursion.dropped_at.is_(None),
            KnownExcursion.start.between(begin, end),
        )
    ).all()
    pairs, left = joined(known, excursions(readings, probe.bounds))
    for one in left:
        one.dropped_at = clock.now()
    changed = list(left)
    for old, found in pairs:
        row = old or KnownExcursion(probe=probe)
        if _enter(row, found):
            registry_session.add(row)
            changed.append(row)
    registry_session.flush()
    return changed


def _enter(row: KnownExcursion, found: Excursion) -> bool:
    """Have the row say what was found; whether that is news."""
    facts = {
        "start": found.start,
        "end": found.end,
        "peak": found.peak,
        "seen_seconds": int(found.seen.total_seconds()),
        "unseen_seconds": int(found.unseen.total_seconds()),
        "is_open": found.is_open,
    }
    news = {name: value for name, value in facts.items() if getattr(row, name) != value}
    for name, value in news.items():
        setattr(row, name, value)
    return bool(news)
