"""Pick lists and their tubes."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import Site, User
from registry.custody.shipments.models import Shipment
from registry.persistence import RegistryModel, UtcDateTime, enum_column
from registry.persistence.base import BigId
from registry.samples.models import Sample
from registry.vocab import limits
from registry.vocab.custody import CheckoutReason
from registry.vocab.picking import PickStatus


class PickList(RegistryModel):
    """Tubes of one site that are fetched for a person, or to be packed into a shipment."""

    __tablename__ = "pick_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What its printed list says, to be scanned.
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), unique=True)
    title: Mapped[str] = mapped_column(sa.String(limits.NAME_MAX))
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    for_user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    #: What the person takes them for.
    reason: Mapped[CheckoutReason | None] = enum_column(CheckoutReason, nullable=True)
    shipment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("shipment.id"), index=True)
    #: Until when nobody else may use what was not fetched yet.
    reserved_until: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The account, or None for the command line.
    opened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    version: Mapped[int] = mapped_column()

    site: Mapped[Site] = relationship(lazy="joined", innerjoin=True)
    for_user: Mapped[User | None] = relationship(foreign_keys=[for_user_id], lazy="joined")
    opened_by: Mapped[User | None] = relationship(foreign_keys=[opened_by_id], lazy="joined")
    shipment: Mapped[Shipment | None] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint(
            "(for_user_id IS NULL) <> (shipment_id IS NULL)", name="one_destination"
        ),
        sa.CheckConstraint("(for_user_id IS NULL) = (reason IS NULL)", name="person_has_reason"),
    )

    @property
    def audit_ref(self) -> str:
        return f"pick_list:{self.code}"

    @property
    def destination(self) -> str:
        """Whom or what the tubes are for, in words."""
        if self.shipment is not None:
            return self.shipment.code
        return self.for_user.name if self.for_user is not None else ""


class PickLine(RegistryModel):
    """One tube of a pick list."""

    __tablename__ = "pick_line"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    list_id: Mapped[int] = mapped_column(sa.ForeignKey("pick_list.id"), index=True)
    sample_id: Mapped[int] = mapped_column(sa.ForeignKey("sample.id"), index=True)
    status: Mapped[PickStatus] = enum_column(PickStatus)
    #: Why it was left out, or what stopped it, such as ``withdrawal:12``.
    note: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    pick_list: Mapped[PickList] = relationship()
    sample: Mapped[Sample] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (
        sa.CheckConstraint("(status = 'waiting') = (closed_at IS NULL)", name="waits_or_ended"),
        sa.Index(
            "uq_pick_line_waiting",
            "sample_id",
            unique=True,
            sqlite_where=sa.column("closed_at").is_(None),
            postgresql_where=sa.column("closed_at").is_(None),
        ),
    )
