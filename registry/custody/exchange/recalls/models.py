"""Recalls that were signed here with the answers to them, and recalls that partners signed."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.consents.withdrawals.followup.models import RecallNotice
from registry.custody.exchange.models import PartnerKey
from registry.custody.shipments.models import Partner
from registry.persistence import RegistryModel, UtcDateTime, append_only, enum_column
from registry.persistence.base import BigId
from registry.vocab import limits
from registry.vocab.exchange import RECALL_ENDS, RecallAsked, RecalledState


class SignedRecall(RegistryModel):
    """A recall notice as the file that a partner's installation takes in."""

    __tablename__ = "signed_recall"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("recall_notice.id"), index=True)
    #: Whose installation alone takes it in.
    key_id: Mapped[int] = mapped_column(sa.ForeignKey("partner_key.id"))
    asked: Mapped[RecallAsked] = enum_column(RecallAsked)
    until: Mapped[date]
    #: What is said, word for word as it was signed; its SHA-256; and the signature.
    text: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(sa.String(limits.DIGEST_LENGTH), unique=True)
    signature: Mapped[str] = mapped_column(sa.String(limits.REASON_MAX))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The account, or None for the command line.
    signed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    notice: Mapped[RecallNotice] = relationship(lazy="joined", innerjoin=True)
    key: Mapped[PartnerKey] = relationship(lazy="joined", innerjoin=True)

    @property
    def audit_ref(self) -> str:
        return f"signed_recall:{self.id}"

    @property
    def site_id(self) -> int:
        """Where the participant is followed: leave is asked there."""
        return self.notice.site_id


class RecallAnswer(RegistryModel):
    """What a partner's installation answered to a recall."""

    __tablename__ = "recall_answer"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    recall_id: Mapped[int] = mapped_column(sa.ForeignKey("signed_recall.id"), index=True)
    key_id: Mapped[int] = mapped_column(sa.ForeignKey("partner_key.id"))
    #: What was said, word for word as it was signed there, and its SHA-256.
    text: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(sa.String(limits.DIGEST_LENGTH), unique=True)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_in_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The account, or None for the command line.
    taken_in_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    recall: Mapped[SignedRecall] = relationship()


class ForeignRecall(RegistryModel):
    """A partner's recall that was taken in here: its tubes are not used from then on."""

    __tablename__ = "foreign_recall"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key_id: Mapped[int] = mapped_column(sa.ForeignKey("partner_key.id"))
    partner_id: Mapped[int] = mapped_column(sa.ForeignKey("partner.id"), index=True)
    #: Its number at the partner's; signed anew, it comes under the same.
    number: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX))
    asked: Mapped[RecallAsked] = enum_column(RecallAsked)
    until: Mapped[date]
    #: What the partner said, word for word as it was signed, and its SHA-256.
    text: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(sa.String(limits.DIGEST_LENGTH), unique=True)
    taken_in_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The account, or None for the command line.
    taken_in_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    partner: Mapped[Partner] = relationship(lazy="joined", innerjoin=True)
    key: Mapped[PartnerKey] = relationship(lazy="joined", innerjoin=True)
    tubes: Mapped[list["RecalledTube"]] = relationship(
        order_by="RecalledTube.id", lazy="selectin", back_populates="recall"
    )

    @property
    def audit_ref(self) -> str:
        return f"foreign_recall:{self.id}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be said of a tube what became of it."""
        return any(one.end is None for one in self.tubes)


class RecalledTube(RegistryModel):
    """One tube that a partner's recall names."""

    __tablename__ = "recalled_tube"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    recall_id: Mapped[int] = mapped_column(sa.ForeignKey("foreign_recall.id"))
    #: The shipment's number at the partner's.
    shipment: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX))
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), index=True)

    recall: Mapped[ForeignRecall] = relationship(back_populates="tubes")
    end: Mapped["RecalledTubeEnd | None"] = relationship(lazy="joined")

    __table_args__ = (sa.UniqueConstraint("recall_id", "code"),)


class RecalledTubeEnd(RegistryModel):
    """What became of a recalled tube, said once."""

    __tablename__ = "recalled_tube_end"

    tube_id: Mapped[int] = mapped_column(sa.ForeignKey("recalled_tube.id"), primary_key=True)
    state: Mapped[RecalledState] = enum_column(RecalledState)
    note: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The account, or None for the command line.
    said_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    __table_args__ = (
        sa.CheckConstraint(sa.column("state").in_([one.value for one in RECALL_ENDS]), name="ends"),
    )


class ForeignRecallAnswer(RegistryModel):
    """The answer that was signed here to a partner's recall; the newest says the most."""

    __tablename__ = "foreign_recall_answer"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    recall_id: Mapped[int] = mapped_column(sa.ForeignKey("foreign_recall.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    signature: Mapped[str] = mapped_column(sa.String(limits.REASON_MAX))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)


for _model in (
    SignedRecall,
    RecallAnswer,
    ForeignRecall,
    RecalledTube,
    RecalledTubeEnd,
    ForeignRecallAnswer,
):
    append_only(_model.__table__)  # type: ignore[arg-type]
