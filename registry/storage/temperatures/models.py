"""Probes, what they read, and when their places left the limits."""

from datetime import datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.persistence import (
    Quantity,
    RegistryModel,
    UtcDateTime,
    append_only,
    enum_column,
)
from registry.persistence.base import BigId
from registry.storage.models import StorageUnit
from registry.storage.temperatures.excursions import Bounds
from registry.vocab import limits
from registry.vocab.storage import LoggerClock

_MINUTE = timedelta(minutes=1)


class Probe(RegistryModel):
    """A logger that watches a place.  Its limits are those of its set-up, and stay."""

    __tablename__ = "probe"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What its label says, unique in the registry.
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), unique=True)
    name: Mapped[str] = mapped_column(sa.String(limits.NAME_MAX))
    serial: Mapped[str | None] = mapped_column(sa.String(limits.NAME_MAX))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("storage_unit.id"), index=True)
    clock: Mapped[LoggerClock] = enum_column(LoggerClock)
    lowest: Mapped[Decimal | None] = mapped_column(Quantity)
    highest: Mapped[Decimal | None] = mapped_column(Quantity)
    #: Out of the limits for fewer minutes does not count.
    delay_minutes: Mapped[int]
    #: Readings further apart leave a gap.
    step_minutes: Mapped[int]
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    unit: Mapped[StorageUnit] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("lowest < highest", name="lowest_below_highest"),
        sa.CheckConstraint("lowest IS NOT NULL OR highest IS NOT NULL", name="has_a_limit"),
        sa.CheckConstraint("delay_minutes >= 0 AND step_minutes > 0", name="minutes"),
    )

    @property
    def audit_ref(self) -> str:
        return f"probe:{self.code}"

    @property
    def site_id(self) -> int:
        """The site of the place that it watches."""
        return self.unit.site_id

    @property
    def bounds(self) -> Bounds:
        """What its place must keep to."""
        return Bounds(
            self.lowest, self.highest, self.delay_minutes * _MINUTE, self.step_minutes * _MINUTE
        )


class ProbeReading(RegistryModel):
    """What a probe read at a moment."""

    __tablename__ = "probe_reading"

    probe_id: Mapped[int] = mapped_column(sa.ForeignKey("probe.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    celsius: Mapped[Decimal] = mapped_column(Quantity)


class KnownExcursion(RegistryModel):
    """One stretch of time out of the limits, as far as the readings show it by now."""

    __tablename__ = "excursion"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    probe_id: Mapped[int] = mapped_column(sa.ForeignKey("probe.id"), index=True)
    #: These are what `excursions.Excursion` says of them.
    start: Mapped[datetime] = mapped_column("started_at", UtcDateTime)
    end: Mapped[datetime] = mapped_column("ended_at", UtcDateTime)
    peak: Mapped[Decimal] = mapped_column(Quantity)
    seen_seconds: Mapped[int]
    unseen_seconds: Mapped[int]
    is_open: Mapped[bool]
    #: When later readings joined it to another one, or showed that it was none.
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    probe: Mapped[Probe] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("started_at <= ended_at", name="starts_first"),
        sa.CheckConstraint("seen_seconds >= 0 AND unseen_seconds >= 0", name="seconds"),
    )

    @property
    def audit_ref(self) -> str:
        return f"excursion:{self.id}"

    @property
    def site_id(self) -> int:
        """The site of the place that left its limits."""
        return self.probe.site_id

    @property
    def seen(self) -> timedelta:
        """How long readings show it."""
        return timedelta(seconds=self.seen_seconds)

    @property
    def unseen(self) -> timedelta:
        """How long of it nobody saw."""
        return timedelta(seconds=self.unseen_seconds)


append_only(ProbeReading.__table__)  # type: ignore[arg-type]
