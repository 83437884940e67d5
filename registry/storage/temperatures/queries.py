"""Reading probes, their readings and excursions, within the actor's sites."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.persistence import registry_session
from registry.storage import queries as storage
from registry.storage.models import StorageUnit
from registry.storage.temperatures.excursions import Reading
from registry.storage.temperatures.models import KnownExcursion, Probe, ProbeReading


def probe(actor: Actor, code: str) -> Probe:
    """The probe with this code.

    :raises NotFound: there is none at the actor's sites.
    """
    query = sa.select(Probe).join(Probe.unit)
    found = registry_session.scalar(
        query.where(Probe.code == code.strip(), storage.in_scope(actor))
    )
    if found is None:
        raise NotFound(T("There is no temperature probe {code} at your sites.", code=code),
                       field="probe")  # fmt: skip
    return found


def probes(actor: Actor) -> Sequence[Probe]:
    """Every probe of the actor's sites, those in use first, by code."""
    found = registry_session.scalars(
        sa.select(Probe).join(Probe.unit).where(storage.in_scope(actor))
    )
    return sorted(found, key=lambda one: (one.retired_at is not None, storage.natural(one.code)))


def watching(unit_ids: Collection[int]) -> Sequence[Probe]:
    """The probes in use that watch one of these places, by code."""
    return registry_session.scalars(
        sa.select(Probe)
        .where(Probe.unit_id.in_(unit_ids), Probe.retired_at.is_(None))
        .order_by(Probe.code)
    ).all()


def excursion(actor: Actor, excursion_id: int) -> KnownExcursion:
    """One excursion.

    :raises NotFound: there is none, or it is at a site that is not the actor's.
    """
    found = registry_session.scalar(
        excursions_visible(actor).where(KnownExcursion.id == excursion_id)
    )
    if found is None:
        raise NotFound(T("There is no such excursion at your sites."))
    return found


def excursions_visible(actor: Actor) -> sa.Select[KnownExcursion]:
    """The excursions at the actor's sites."""
    return (
        sa.select(KnownExcursion)
        .join(KnownExcursion.probe)
        .join(StorageUnit, StorageUnit.id == Probe.unit_id)
        .where(storage.in_scope(actor))
    )


def excursions_of(probe_id: int, most: int) -> Sequence[KnownExcursion]:
    """The last excursions of a probe that still hold, the newest first."""
    return registry_session.scalars(
        sa.select(KnownExcursion)
        .where(KnownExcursion.probe_id == probe_id, KnownExcursion.dropped_at.is_(None))
        .order_by(KnownExcursion.start.desc(), KnownExcursion.id.desc())
        .limit(most)
    ).all()


def span(probe_id: int) -> tuple[datetime | None, datetime | None, int]:
    """The first and the last moment that a probe has read, and how often it has."""
    row = registry_session.execute(
        sa.select(sa.func.min(ProbeReading.at), sa.func.max(ProbeReading.at), sa.func.count())
        .where(ProbeReading.probe_id == probe_id)
    ).one()  # fmt: skip
    return row[0], row[1], row[2]


def last_read(probe_ids: Collection[int]) -> dict[int, Reading]:
    """The last reading of each of these probes."""
    latest = (
        sa.select(ProbeReading.probe_id, sa.func.max(ProbeReading.at).label("at"))
        .where(ProbeReading.probe_id.in_(probe_ids))
        .group_by(ProbeReading.probe_id)
        .subquery()
    )
    rows = registry_session.execute(
        sa.select(ProbeReading.probe_id, ProbeReading.at, ProbeReading.celsius).join(
            latest,
            (latest.c.probe_id == ProbeReading.probe_id) & (latest.c.at == ProbeReading.at),
        )
    )
    return {one: Reading(at, celsius) for one, at, celsius in rows}


def readings(probe_id: int, start: datetime, end: datetime) -> Sequence[Reading]:
    """What a probe read from `start` to `end`, both included, earliest first."""
    rows = registry_session.execute(
        sa.select(ProbeReading.at, ProbeReading.celsius)
        .where(ProbeReading.probe_id == probe_id, ProbeReading.at.between(start, end))
        .order_by(ProbeReading.at)
    )
    return [Reading(at, celsius) for at, celsius in rows]


def around(one: Probe, start: datetime, end: datetime) -> Sequence[Reading]:
    """The readings from the last within the limits before `start` to the first after `end`.

    No excursion that touches the time between reaches beyond them.
    """
    within = sa.and_(
        ProbeReading.probe_id == one.id,
        *([] if one.lowest is None else [ProbeReading.celsius >= one.lowest]),
        *([] if one.highest is None else [ProbeReading.celsius <= one.highest]),
    )
    before = registry_session.scalar(
        sa.select(sa.func.max(ProbeReading.at)).where(within, ProbeReading.at < start)
    )
    after = registry_session.scalar(
        sa.select(sa.func.min(ProbeReading.at)).where(within, ProbeReading.at > end)
    )
    first, last, _count = span(one.id)
    if first is None or last is None:
        return []
    return readings(one.id, before or min(first, start), after or max(last, end))


def shown(one: Probe, end: datetime, days: int) -> Sequence[Reading]:
    """The readings of the last days up to `end`, for drawing them."""
    return readings(one.id, end - timedelta(days=days), end)
