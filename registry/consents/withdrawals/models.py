"""Withdrawals and oppositions: rows are added, never changed."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.participants.models import Participant
from registry.persistence import RegistryModel, UtcDateTime, append_only, enum_column
from registry.persistence.base import BigId
from registry.vocab import limits
from registry.vocab.consent import Channel, Use, WithdrawalScope


class Withdrawal(RegistryModel):
    """Something a participant has taken back or opposed; it never expires."""

    __tablename__ = "withdrawal"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"), index=True)
    scope: Mapped[WithdrawalScope] = enum_column(WithdrawalScope)
    effective_on: Mapped[date]
    channel: Mapped[Channel] = enum_column(Channel)
    #: In the participant's words, if there are any: nobody owes a reason.
    reason: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The account, or None for the command line.
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    participant: Mapped[Participant] = relationship()
    covers: Mapped[list["WithdrawalUse"]] = relationship(
        order_by="WithdrawalUse.use", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def audit_ref(self) -> str:
        return f"withdrawal:{self.id}"

    @property
    def site_id(self) -> int:
        """Where the participant is followed."""
        return self.participant.site_id

    @property
    def uses(self) -> frozenset[Use]:
        """The uses that are stopped."""
        if self.scope is WithdrawalScope.ALL:
            return frozenset(Use)
        return frozenset(covered.use for covered in self.covers)


class WithdrawalUse(RegistryModel):
    """A use that a withdrawal stops."""

    __tablename__ = "withdrawal_use"

    withdrawal_id: Mapped[int] = mapped_column(sa.ForeignKey("withdrawal.id"), primary_key=True)
    use: Mapped[Use] = enum_column(Use, primary_key=True)


for _model in (Withdrawal, WithdrawalUse):
    append_only(_model.__table__)  # type: ignore[arg-type]
