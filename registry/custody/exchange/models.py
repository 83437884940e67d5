"""The verification keys of partners' installations."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import Site
from registry.custody.exchange import fingerprints
from registry.custody.shipments.models import Partner
from registry.persistence import RegistryModel, UtcDateTime, append_only
from registry.vocab import limits
from registry.vocab.exchange import KeyState

_COUNTING = sa.and_(sa.column("compared_at").is_not(None), sa.column("retired_at").is_(None))


class PartnerKey(RegistryModel):
    """What checks the signatures of a partner's installation."""

    __tablename__ = "partner_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(sa.ForeignKey("partner.id"), index=True)
    #: As the partner's installation calls itself.
    installation: Mapped[str] = mapped_column(sa.String(limits.NAME_MAX))
    #: Ed25519, in base 64; one key is one partner's, for ever.
    public_key: Mapped[str] = mapped_column(sa.String(limits.PUBLIC_KEY_LENGTH), unique=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    #: When a second person found the fingerprint to be what the partner read out.
    compared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    compared_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retired_for: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))
    version: Mapped[int] = mapped_column()

    partner: Mapped[Partner] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("compared_by_id <> recorded_by_id", name="compared_by_another"),
        sa.CheckConstraint(
            "(compared_at IS NULL) = (compared_by_id IS NULL)", name="compared_by_somebody"
        ),
        sa.CheckConstraint("(retired_at IS NULL) = (retired_for IS NULL)", name="retired_for"),
        # At most one key of a partner counts at a time.
        sa.Index(
            "uq_partner_key_counting",
            "partner_id",
            unique=True,
            sqlite_where=_COUNTING,
            postgresql_where=_COUNTING,
        ),
    )

    @property
    def audit_ref(self) -> str:
        return f"partner_key:{self.id}"

    @property
    def fingerprint(self) -> str:
        """What the partner reads out."""
        return fingerprints.of(self.public_key)

    @property
    def state(self) -> KeyState:
        """Whether it counts."""
        if self.retired_at is not None:
            return KeyState.RETIRED
        return KeyState.RECORDED if self.compared_at is None else KeyState.COUNTS


class ForeignShipment(RegistryModel):
    """A partner's shipment that was taken in here, and the receipt that was signed for it.

    Its tubes are the partner's: they are no samples of this installation, and no act uses them.
    """

    __tablename__ = "foreign_shipment"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_id: Mapped[int] = mapped_column(sa.ForeignKey("partner_key.id"), index=True)
    partner_id: Mapped[int] = mapped_column(sa.ForeignKey("partner.id"), index=True)
    #: Its number at the partner's.
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX))
    #: Where it was taken in.
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    #: What the partner said, word for word as it was signed.
    manifest: Mapped[str] = mapped_column(sa.Text)
    #: What was found, word for word as it was signed here; and the signature.
    receipt: Mapped[str] = mapped_column(sa.Text)
    signature: Mapped[str] = mapped_column(sa.String(limits.REASON_MAX))
    taken_in_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The account, or None for the command line.
    taken_in_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    partner: Mapped[Partner] = relationship(lazy="joined", innerjoin=True)
    site: Mapped[Site] = relationship(lazy="joined", innerjoin=True)

    # A shipment is taken in once.
    __table_args__ = (sa.UniqueConstraint("partner_id", "code"),)

    @property
    def audit_ref(self) -> str:
        return f"foreign_shipment:{self.id}"


append_only(ForeignShipment.__table__)  # type: ignore[arg-type]
