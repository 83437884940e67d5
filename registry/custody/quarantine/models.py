"""The quarantine of samples, one open for a sample at most, which the database enforces."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.custody.models import CustodyAct, Holding, Loan
from registry.custody.quarantine import barriers
from registry.persistence import RegistryModel, UtcDateTime
from registry.persistence.base import BigId
from registry.samples.models import QuantityEntry, Sample
from registry.vocab import limits


class Quarantine(RegistryModel):
    """The time during which a sample must not be used; open until an act ends it."""

    __tablename__ = "quarantine"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    sample_id: Mapped[int] = mapped_column(sa.ForeignKey("sample.id"), index=True)
    #: What it was opened for, such as ``withdrawal:12``.
    cause: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), index=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by_act_id: Mapped[int] = mapped_column(sa.ForeignKey("custody_act.id"), unique=True)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: A release, or the destruction of the sample.
    closed_by_act_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("custody_act.id"), unique=True
    )
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by_act_id IS NULL)", name="closed_is_whole"
        ),
        sa.CheckConstraint("closed_at >= opened_at", name="closed_after_opened"),
        sa.Index(
            "uq_quarantine_open",
            "sample_id",
            unique=True,
            sqlite_where=sa.column("closed_at").is_(None),
            postgresql_where=sa.column("closed_at").is_(None),
        ),
    )


for _model in (CustodyAct, Holding, Loan, QuantityEntry, Sample):
    barriers.enforce(_model.__table__)  # type: ignore[arg-type]
