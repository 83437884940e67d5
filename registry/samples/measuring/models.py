"""Measurements of the content of tubes, append-only."""

from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.persistence import Quantity, RegistryModel, UtcDateTime, append_only, enum_column
from registry.persistence.base import BigId
from registry.vocab import limits
from registry.vocab.measuring import Measure, MeasureUnit, Method


class Measurement(RegistryModel):
    """One value that was measured of a sample."""

    __tablename__ = "measurement"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    sample_id: Mapped[int] = mapped_column(sa.ForeignKey("sample.id"), index=True)
    measure: Mapped[Measure] = enum_column(Measure)
    value: Mapped[Decimal] = mapped_column(Quantity)
    unit: Mapped[MeasureUnit] = enum_column(MeasureUnit)
    method: Mapped[Method] = enum_column(Method)
    comment: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))
    measured_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The account, or None for the command line.
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    #: The one in whose place it counts.
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey("measurement.id"), unique=True)

    recorded_by: Mapped[User | None] = relationship(lazy="joined")

    __table_args__ = (
        sa.CheckConstraint("value >= 0", name="value_not_negative"),
        sa.CheckConstraint("measured_at <= recorded_at", name="not_in_the_future"),
        sa.CheckConstraint("method <> 'other' OR comment IS NOT NULL", name="other_says_what"),
    )


append_only(Measurement.__table__)  # type: ignore[arg-type]
