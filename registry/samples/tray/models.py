"""Tubes in the tray, and how each left it."""

from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import Site, User
from registry.participants.terms.kinds import KindTerms
from registry.persistence import Quantity, RegistryModel, UtcDateTime, enum_column
from registry.persistence.base import BigId
from registry.vocab import limits
from registry.vocab.samples import ContainerType, SampleCondition, SampleType, Unit
from registry.vocab.sprec import Ambient
from registry.vocab.tray import TrayOutcome


class TrayTube(KindTerms, RegistryModel):
    """A tube without a known participant, as it arrived."""

    __tablename__ = "tray_tube"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), index=True)
    #: Where it waits, and the hospital that sent it: the staff of both see it.
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    sender_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    #: The tray or shelf, as it is called there.
    place: Mapped[str] = mapped_column(sa.String(limits.NAME_MAX))
    sample_type: Mapped[SampleType] = enum_column(SampleType)
    container_type: Mapped[ContainerType] = enum_column(ContainerType)
    volume: Mapped[Decimal] = mapped_column(Quantity)
    unit: Mapped[Unit] = enum_column(Unit)
    condition: Mapped[SampleCondition] = enum_column(SampleCondition)
    ambient: Mapped[Ambient | None] = enum_column(Ambient)
    comment: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The account, or None for the command line.
    received_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    #: None while it waits.
    outcome: Mapped[TrayOutcome | None] = enum_column(TrayOutcome)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    #: Why it was sent back or thrown away.
    reason: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))
    version: Mapped[int] = mapped_column()

    site: Mapped[Site] = relationship(foreign_keys=[site_id], lazy="joined", innerjoin=True)
    sender: Mapped[Site] = relationship(foreign_keys=[sender_id], lazy="joined", innerjoin=True)
    received_by: Mapped[User | None] = relationship(foreign_keys=[received_by_id], lazy="joined")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("volume > 0", name="volume"),
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended_is_whole"),
        sa.CheckConstraint(
            "outcome IS NULL OR (outcome = 'attached') = (reason IS NULL)", name="rejected_says_why"
        ),
        sa.CheckConstraint("received_at <= recorded_at", name="not_in_the_future"),
        sa.Index(
            "uq_tray_tube_waiting",
            "code",
            unique=True,
            sqlite_where=sa.column("ended_at").is_(None),
            postgresql_where=sa.column("ended_at").is_(None),
        ),
    )

    @property
    def audit_ref(self) -> str:
        return f"tray_tube:{self.code}"
