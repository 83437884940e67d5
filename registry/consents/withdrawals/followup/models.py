"""What had left before a withdrawal, the notices to those who hold it, and the person's letter."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.consents.withdrawals.models import Withdrawal
from registry.persistence import RegistryModel, UtcDateTime, append_only, enum_column
from registry.persistence.base import BigId
from registry.vocab import limits
from registry.vocab.consent import Language
from registry.vocab.withdrawals import NoticeStatus, ReleaseKind


class WithdrawalRelease(RegistryModel):
    """Something that had left when the withdrawal was recorded: it cannot be undone."""

    __tablename__ = "withdrawal_release"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    withdrawal_id: Mapped[int] = mapped_column(sa.ForeignKey("withdrawal.id"))
    kind: Mapped[ReleaseKind] = enum_column(ReleaseKind)
    #: The code of what left: a sample's, or an extract's number.
    what: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX))
    #: Who has it or had it: an organisation, or somebody who works here.
    recipient: Mapped[str] = mapped_column(sa.String(limits.NAME_MAX))
    released_on: Mapped[date]
    #: When it came back; None for what never did or cannot.
    returned_on: Mapped[date | None]

    __table_args__ = (
        sa.UniqueConstraint("withdrawal_id", "kind", "what", "released_on", "recipient"),
        sa.CheckConstraint("returned_on >= released_on", name="returned_after_released"),
    )


class RecallNotice(RegistryModel):
    """The notice by which one recipient is told of one withdrawal."""

    __tablename__ = "recall_notice"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    withdrawal_id: Mapped[int] = mapped_column(sa.ForeignKey("withdrawal.id"))
    addressee: Mapped[str] = mapped_column(sa.String(limits.NAME_MAX))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_on: Mapped[date | None]
    sent_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    acknowledged_on: Mapped[date | None]
    #: What the recipient answered: destroyed, sent back, kept under which obligation.
    answer: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))
    version: Mapped[int] = mapped_column()

    withdrawal: Mapped[Withdrawal] = relationship(lazy="joined", innerjoin=True)
    items: Mapped[list["RecallNoticeItem"]] = relationship(
        order_by="(RecallNoticeItem.kind, RecallNoticeItem.what)", lazy="selectin"
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("withdrawal_id", "addressee"),
        sa.CheckConstraint(
            "acknowledged_on IS NULL OR acknowledged_on >= sent_on", name="acknowledged_after_sent"
        ),
        sa.CheckConstraint(
            "acknowledged_on IS NULL OR sent_on IS NOT NULL", name="acknowledged_was_sent"
        ),
        sa.CheckConstraint(
            "(acknowledged_on IS NULL) = (answer IS NULL)", name="acknowledgement_is_whole"
        ),
    )

    @property
    def number(self) -> str:
        """What people call it."""
        return f"R-{self.withdrawal_id}-{self.id}"

    @property
    def audit_ref(self) -> str:
        return f"recall_notice:{self.id}"

    @property
    def site_id(self) -> int:
        """Where the participant is followed."""
        return self.withdrawal.site_id

    @property
    def status(self) -> NoticeStatus:
        """How far it has come."""
        if self.acknowledged_on is not None:
            return NoticeStatus.ACKNOWLEDGED
        return NoticeStatus.TO_SEND if self.sent_on is None else NoticeStatus.SENT


class RecallNoticeItem(RegistryModel):
    """Something that the addressee holds."""

    __tablename__ = "recall_notice_item"

    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("recall_notice.id"), primary_key=True)
    kind: Mapped[ReleaseKind] = enum_column(ReleaseKind, primary_key=True)
    what: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), primary_key=True)


class WithdrawalLetter(RegistryModel):
    """The letter to the participant went out, or was handed over."""

    __tablename__ = "withdrawal_letter"

    withdrawal_id: Mapped[int] = mapped_column(sa.ForeignKey("withdrawal.id"), primary_key=True)
    language: Mapped[Language] = enum_column(Language)
    sent_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))


for _model in (WithdrawalRelease, RecallNoticeItem, WithdrawalLetter):
    append_only(_model.__table__)  # type: ignore[arg-type]
