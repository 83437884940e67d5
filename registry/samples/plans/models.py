"""Planned derivatives and aliquots, what was made by them, and what was not."""

from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.participants.models import KitTube
from registry.participants.terms.kinds import KindTerms
from registry.persistence import Quantity, RegistryModel, UtcDateTime, append_only, enum_column
from registry.vocab import limits
from registry.vocab.plans import Shortfall
from registry.vocab.printing import LabelPurpose
from registry.vocab.samples import ContainerType, SampleType
from registry.vocab.storage import StorageClass


class PlannedSample(KindTerms, RegistryModel):
    """So many containers alike that are to be made of a tube, or of what was made of it."""

    __tablename__ = "planned_sample"

    id: Mapped[int] = mapped_column(primary_key=True)
    kit_tube_id: Mapped[int] = mapped_column(sa.ForeignKey("kit_tube.id"), index=True)
    #: What it is made of; None: of the tube itself.
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("planned_sample.id"), index=True)
    sample_type: Mapped[SampleType] = enum_column(SampleType)
    container_type: Mapped[ContainerType] = enum_column(ContainerType)
    #: Of each, in the unit of the tube.
    volume: Mapped[Decimal] = mapped_column(Quantity)
    count: Mapped[int]
    #: 1 is made first, and goes without last.
    priority: Mapped[int]
    label_purpose: Mapped[LabelPurpose] = enum_column(LabelPurpose)
    storage_class: Mapped[StorageClass | None] = enum_column(StorageClass)
    #: How long after the collection it has to be made.
    within_minutes: Mapped[int | None]
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    kit_tube: Mapped[KitTube] = relationship()

    __table_args__ = (
        sa.CheckConstraint("volume > 0", name="volume"),
        sa.CheckConstraint(f"count BETWEEN 1 AND {limits.ALIQUOTS_AT_ONCE_MAX}", name="count"),
        sa.CheckConstraint(
            f"priority BETWEEN 1 AND {limits.PLANNED_PRIORITY_MAX}", name="priority"
        ),
        sa.CheckConstraint("within_minutes > 0", name="within_minutes"),
    )


class PlannedChild(RegistryModel):
    """A sample that was made by a line of a plan."""

    __tablename__ = "planned_child"

    sample_id: Mapped[int] = mapped_column(
        sa.ForeignKey("sample.id"), primary_key=True, autoincrement=False
    )
    planned_id: Mapped[int] = mapped_column(sa.ForeignKey("planned_sample.id"), index=True)


class PlanShortfall(RegistryModel):
    """Why not everything that a line plans was made of a sample, as it was last said."""

    __tablename__ = "plan_shortfall"

    parent_id: Mapped[int] = mapped_column(
        sa.ForeignKey("sample.id"), primary_key=True, autoincrement=False
    )
    planned_id: Mapped[int] = mapped_column(
        sa.ForeignKey("planned_sample.id"), primary_key=True, autoincrement=False, index=True
    )
    reason: Mapped[Shortfall] = enum_column(Shortfall)
    #: The term of the place that was chosen, and its names of that day.
    term: Mapped[dict[str, str] | None] = mapped_column(sa.JSON(none_as_null=True))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


append_only(PlannedChild.__table__)  # type: ignore[arg-type]
