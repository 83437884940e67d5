"""Partners, shipments with their tubes, and what was not as the manifest says."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.links import LinkColumns, column_rules
from registry.accounts.models import Site
from registry.documents.models import Document
from registry.persistence import RegistryModel, UtcDateTime, append_only, enum_column
from registry.persistence.base import BigId
from registry.samples.models import Sample
from registry.vocab import limits
from registry.vocab.research import RecipientKind
from registry.vocab.shipping import DifferenceKind, LineStatus, Packing, ShipmentState


class Partner(RegistryModel):
    """An organisation outside the registry to which tubes are sent."""

    __tablename__ = "partner"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(limits.NAME_MAX), unique=True)
    kind: Mapped[RecipientKind] = enum_column(RecipientKind)
    #: ISO 3166-1 alpha-2.
    country: Mapped[str] = mapped_column(sa.String(2))
    #: The organisation's own address, not a person's.
    email: Mapped[str] = mapped_column(sa.String(limits.EMAIL_MAX))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Nothing is sent there from then on; what was stays readable.
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    @property
    def audit_ref(self) -> str:
        return f"partner:{self.id}"


class Shipment(RegistryModel):
    """Tubes that travel in one bag."""

    __tablename__ = "shipment"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What the bag's label says.
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), unique=True)
    state: Mapped[ShipmentState] = enum_column(ShipmentState, index=True)
    #: Where it leaves from.
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    to_site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"), index=True)
    partner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("partner.id"), index=True)
    #: The number of the approved request under which it goes to a partner.
    request: Mapped[str | None] = mapped_column(sa.String(limits.CODE_MAX), index=True)
    packing: Mapped[Packing] = enum_column(Packing)
    courier: Mapped[str | None] = mapped_column(sa.String(limits.NAME_MAX))
    tracking: Mapped[str | None] = mapped_column(sa.String(limits.NAME_MAX))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The account, or None for the command line.
    opened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    sealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: What was sent, word for word as it was signed on sending; and the signature.
    manifest: Mapped[str | None] = mapped_column(sa.Text)
    signature: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))
    #: What the temperature logger that travelled along recorded.
    logger_id: Mapped[int | None] = mapped_column(sa.ForeignKey("document.id"))
    version: Mapped[int] = mapped_column()

    site: Mapped[Site] = relationship(foreign_keys=[site_id], lazy="joined", innerjoin=True)
    to_site: Mapped[Site | None] = relationship(foreign_keys=[to_site_id], lazy="joined")
    partner: Mapped[Partner | None] = relationship(lazy="joined")
    logger: Mapped[Document | None] = relationship()
    differences: Mapped[list["ShipmentDifference"]] = relationship(order_by="ShipmentDifference.id")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("(to_site_id IS NULL) <> (partner_id IS NULL)", name="one_destination"),
        sa.CheckConstraint("to_site_id <> site_id", name="goes_elsewhere"),
        sa.CheckConstraint("(partner_id IS NULL) = (request IS NULL)", name="partner_has_request"),
        sa.CheckConstraint("(manifest IS NULL) = (sent_at IS NULL)", name="sent_has_manifest"),
        sa.CheckConstraint("(manifest IS NULL) = (signature IS NULL)", name="manifest_is_signed"),
        sa.CheckConstraint(
            "sent_at IS NOT NULL OR state IN ('draft', 'sealed', 'cancelled')", name="sent_has_time"
        ),
    )

    @property
    def audit_ref(self) -> str:
        return f"shipment:{self.code}"

    @property
    def destination(self) -> str:
        """Where it goes, in words."""
        if self.partner is not None:
            return self.partner.name
        return self.to_site.name if self.to_site is not None else ""


class ShipmentLine(RegistryModel):
    """One tube of a shipment; a tube is in one shipment at a time."""

    __tablename__ = "shipment_line"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shipment_id: Mapped[int] = mapped_column(sa.ForeignKey("shipment.id"), index=True)
    sample_id: Mapped[int] = mapped_column(sa.ForeignKey("sample.id"), index=True)
    status: Mapped[LineStatus] = enum_column(LineStatus)
    #: Where it was when it was scanned, in words.
    taken_from: Mapped[str] = mapped_column(sa.String(400))
    packed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: What stopped it, such as ``withdrawal:12``.
    stopped_for: Mapped[str | None] = mapped_column(sa.String(limits.CODE_MAX))
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When the shipment had nothing more to do with it.
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    shipment: Mapped[Shipment] = relationship()
    sample: Mapped[Sample] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (
        sa.CheckConstraint(
            "closed_at IS NOT NULL OR status NOT IN ('taken_out', 'returned')", name="end_has_time"
        ),
        sa.CheckConstraint(
            "closed_at IS NULL OR status IN ('taken_out', 'returned', 'arrived')", name="ended"
        ),
        sa.Index(
            "uq_shipment_line_open",
            "sample_id",
            unique=True,
            sqlite_where=sa.column("closed_at").is_(None),
            postgresql_where=sa.column("closed_at").is_(None),
        ),
    )


class ShipmentDifference(RegistryModel):
    """Something that was not as the manifest says, as whoever received it recorded it."""

    __tablename__ = "shipment_difference"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shipment_id: Mapped[int] = mapped_column(sa.ForeignKey("shipment.id"), index=True)
    kind: Mapped[DifferenceKind] = enum_column(DifferenceKind)
    #: The tube, also one that is not on the manifest; None for the whole bag.
    code: Mapped[str | None] = mapped_column(sa.String(limits.CODE_MAX))
    note: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Who recorded it: a login, or the link of a partner.
    recorded_by: Mapped[str] = mapped_column(sa.String(limits.LOGIN_MAX))


class ReceiptLink(LinkColumns, RegistryModel):
    """An address and a code by which a partner records what arrived of one shipment."""

    __tablename__ = "receipt_link"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shipment_id: Mapped[int] = mapped_column(sa.ForeignKey("shipment.id"), index=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = column_rules()

    @property
    def audit_ref(self) -> str:
        return f"receipt_link:{self.id}"


append_only(ShipmentDifference.__table__)  # type: ignore[arg-type]
