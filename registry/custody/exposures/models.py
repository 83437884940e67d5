"""How long a sample was exposed to an excursion, and what was decided of it."""

from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.custody.incidents.models import Incident
from registry.persistence import Quantity, RegistryModel, UtcDateTime, enum_column
from registry.persistence.base import BigId
from registry.samples.models import Sample
from registry.storage.temperatures.models import KnownExcursion
from registry.vocab import limits
from registry.vocab.storage import ExposureDecision


class Exposure(RegistryModel):
    """A time that a sample spent in the place of an excursion."""

    __tablename__ = "exposure"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    excursion_id: Mapped[int] = mapped_column(sa.ForeignKey("excursion.id"), index=True)
    sample_id: Mapped[int] = mapped_column(sa.ForeignKey("sample.id"), index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    #: None: it waits.
    decision: Mapped[ExposureDecision | None] = enum_column(ExposureDecision)
    remark: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))
    #: The worst temperature of the excursion as it was known at the decision.
    peak: Mapped[Decimal | None] = mapped_column(Quantity)
    incident_id: Mapped[int | None] = mapped_column(sa.ForeignKey("incident.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The account, or None for the command line.
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    excursion: Mapped[KnownExcursion] = relationship()
    sample: Mapped[Sample] = relationship(lazy="joined", innerjoin=True)
    incident: Mapped[Incident | None] = relationship()
    decided_by: Mapped[User | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint("since <= until", name="begins_first"),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (remark IS NULL)"
            " AND (decision IS NULL) = (peak IS NULL)",
            name="decided_is_whole",
        ),
        sa.CheckConstraint(
            "(decision = 'incident' AND decision IS NOT NULL) = (incident_id IS NOT NULL)",
            name="incident_is_named",
        ),
        sa.Index(
            "uq_exposure_waiting",
            "excursion_id",
            "sample_id",
            "since",
            unique=True,
            sqlite_where=sa.column("decision").is_(None),
            postgresql_where=sa.column("decision").is_(None),
        ),
    )
