"""Requests for a dossier, links to read it at home, and what was opposed by a link."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.links import LinkColumns, column_rules
from registry.consents.withdrawals.models import Withdrawal
from registry.participants.models import Participant
from registry.persistence import RegistryModel, UtcDateTime, enum_column
from registry.persistence.base import BigId
from registry.vocab import limits
from registry.vocab.consent import Channel
from registry.vocab.dossiers import DossierAnswer, OppositionState


class DossierRequest(RegistryModel):
    """A participant asked for the dossier, and got it or is still owed it."""

    __tablename__ = "dossier_request"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"), index=True)
    asked_on: Mapped[date]
    channel: Mapped[Channel] = enum_column(Channel)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The account, or None for the command line.
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    answered_on: Mapped[date | None]
    answer: Mapped[DossierAnswer | None] = enum_column(DossierAnswer, name="answer")
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column()

    participant: Mapped[Participant] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("(answered_on IS NULL) = (answer IS NULL)", name="answer_is_whole"),
        sa.CheckConstraint("answered_on >= asked_on", name="answered_after_asked"),
    )

    @property
    def audit_ref(self) -> str:
        return f"dossier_request:{self.id}"

    @property
    def site_id(self) -> int:
        """Where the participant is followed."""
        return self.participant.site_id


class DossierLink(LinkColumns, RegistryModel):
    """An address and a code by which one participant reads the dossier at home for a while.

    Neither the address nor the code can be read back.
    """

    __tablename__ = "dossier_link"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"), index=True)
    version: Mapped[int] = mapped_column()

    participant: Mapped[Participant] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = column_rules()

    @property
    def audit_ref(self) -> str:
        return f"link:{self.id}"

    @property
    def site_id(self) -> int:
        """Where the participant is followed."""
        return self.participant.site_id


class Opposition(RegistryModel):
    """Something that a participant opposed from home: recorded at once, then seen by the staff."""

    __tablename__ = "opposition"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: What was stopped in the same transaction.
    withdrawal_id: Mapped[int] = mapped_column(sa.ForeignKey("withdrawal.id"), unique=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"), index=True)
    link_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier_link.id"), index=True)
    #: What cannot be undone waits for the staff's confirmation.
    wants_destruction: Mapped[bool]
    wants_erasure: Mapped[bool]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[OppositionState] = enum_column(OppositionState, index=True)
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    #: To the participant, who reads it in the dossier.
    answer: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))
    #: What was recorded on confirming, when there was more to do than to stop.
    completed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("withdrawal.id"), unique=True)
    version: Mapped[int] = mapped_column()

    participant: Mapped[Participant] = relationship()
    withdrawal: Mapped[Withdrawal] = relationship(foreign_keys=[withdrawal_id])

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("(state = 'waiting') = (handled_at IS NULL)", name="handled_has_time"),
        sa.CheckConstraint("state <> 'answered' OR answer IS NOT NULL", name="answer_has_words"),
    )

    @property
    def audit_ref(self) -> str:
        return f"opposition:{self.id}"

    @property
    def site_id(self) -> int:
        """Where the participant is followed."""
        return self.participant.site_id
