"""Withdrawals and oppositions: rows are added, never changed."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.participants.models import Participant
from registry.persistence import RegistryModel, UtcDateTime, append_only, enum_column
from registry.persistence.base import BigId
from registry.vocab import limits
from registry.vocab.consent import (
    Channel,
    SignatoryRole,
    Use,
    WithdrawalEffect,
    WithdrawalScope,
)


class Withdrawal(RegistryModel):
    """Something a participant has taken back or opposed; it never expires."""

    __tablename__ = "withdrawal"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"), index=True)
    scope: Mapped[WithdrawalScope] = enum_column(WithdrawalScope)
    effective_on: Mapped[date]
    channel: Mapped[Channel] = enum_column(Channel)
    said_by: Mapped[SignatoryRole] = enum_column(
        SignatoryRole, name="said_by", server_default=SignatoryRole.SELF.value
    )
    #: In the participant's words, if there are any: nobody owes a reason.
    reason: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The account, or None for the command line.
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    participant: Mapped[Participant] = relationship()
    covers: Mapped[list["WithdrawalUse"]] = relationship(
        order_by="WithdrawalUse.use", cascade="all, delete-orphan", lazy="selectin"
    )
    items: Mapped[list["WithdrawalItem"]] = relationship(
        order_by="WithdrawalItem.item_code", cascade="all, delete-orphan", lazy="selectin"
    )
    projects: Mapped[list["WithdrawalProject"]] = relationship(
        order_by="WithdrawalProject.project", cascade="all, delete-orphan", lazy="selectin"
    )
    asked: Mapped[list["WithdrawalChoice"]] = relationship(
        order_by="WithdrawalChoice.effect", cascade="all, delete-orphan", lazy="selectin"
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
    """A use that a withdrawal stops; a withdrawal from everything names none."""

    __tablename__ = "withdrawal_use"

    withdrawal_id: Mapped[int] = mapped_column(sa.ForeignKey("withdrawal.id"), primary_key=True)
    use: Mapped[Use] = enum_column(Use, primary_key=True)


class WithdrawalItem(RegistryModel):
    """An item of a form that is taken back."""

    __tablename__ = "withdrawal_item"

    withdrawal_id: Mapped[int] = mapped_column(sa.ForeignKey("withdrawal.id"), primary_key=True)
    #: The code of the item, the same in every version and language.
    item_code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), primary_key=True)


class WithdrawalProject(RegistryModel):
    """A project that may no longer use anything of the participant."""

    __tablename__ = "withdrawal_project"

    withdrawal_id: Mapped[int] = mapped_column(sa.ForeignKey("withdrawal.id"), primary_key=True)
    #: The number of the request that the project is known by.
    project: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), primary_key=True)


class WithdrawalChoice(RegistryModel):
    """Something that is done because the person asked for it, or for more than it."""

    __tablename__ = "withdrawal_choice"

    withdrawal_id: Mapped[int] = mapped_column(sa.ForeignKey("withdrawal.id"), primary_key=True)
    effect: Mapped[WithdrawalEffect] = enum_column(WithdrawalEffect, primary_key=True)


for _model in (Withdrawal, WithdrawalUse, WithdrawalItem, WithdrawalProject, WithdrawalChoice):
    append_only(_model.__table__)  # type: ignore[arg-type]
