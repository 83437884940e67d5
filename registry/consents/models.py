"""Templates with their items; consents with their answers; withdrawals."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.participants.models import Participant
from registry.persistence import RegistryModel, UtcDateTime, append_only, enum_column
from registry.persistence.base import BigId
from registry.vocab import limits
from registry.vocab.consent import (
    Answer,
    Channel,
    Language,
    Regime,
    TemplateStatus,
    Use,
    WithdrawalScope,
)


class ConsentTemplate(RegistryModel):
    """One version of a form, in one language."""

    __tablename__ = "consent_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The same for every version and language of one form.
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX))
    number: Mapped[int] = mapped_column("version")
    language: Mapped[Language] = enum_column(Language)
    title: Mapped[str] = mapped_column(sa.String(limits.NAME_MAX))
    regime: Mapped[Regime] = enum_column(Regime)
    status: Mapped[TemplateStatus] = enum_column(TemplateStatus)
    #: The days on which it may be signed.
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    #: Of the text that is signed; set when the template becomes final.
    document_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    items: Mapped[list["ConsentItem"]] = relationship(
        back_populates="template", order_by="ConsentItem.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        sa.UniqueConstraint("code", "version", "language"),
        sa.CheckConstraint("version > 0", name="version"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
        sa.CheckConstraint(
            "status = 'draft' OR document_sha256 IS NOT NULL", name="final_has_document"
        ),
    )

    @property
    def audit_ref(self) -> str:
        return f"consent_template:{self.code}:{self.number}:{self.language.value}"


class ConsentItem(RegistryModel):
    """One thing that a form asks."""

    __tablename__ = "consent_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(sa.ForeignKey("consent_template.id"))
    #: The same for every version and language in which the item appears.
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(sa.String(limits.PURPOSE_MAX))
    #: Without it, the rest of the form allows nothing.
    mandatory: Mapped[bool]
    #: How long an answer holds after it was signed; None for as long as the cohort lives.
    valid_months: Mapped[int | None]

    template: Mapped[ConsentTemplate] = relationship(back_populates="items")
    covers: Mapped[list["ConsentItemUse"]] = relationship(
        order_by="ConsentItemUse.use", cascade="all, delete-orphan", lazy="selectin"
    )

    __table_args__ = (
        sa.UniqueConstraint("template_id", "code"),
        sa.UniqueConstraint("template_id", "position"),
        sa.CheckConstraint("valid_months IS NULL OR valid_months > 0", name="valid_months"),
    )

    @property
    def uses(self) -> frozenset[Use]:
        """The uses that the answer to this item decides."""
        return frozenset(covered.use for covered in self.covers)


class ConsentItemUse(RegistryModel):
    """A use that an item covers."""

    __tablename__ = "consent_item_use"

    item_id: Mapped[int] = mapped_column(sa.ForeignKey("consent_item.id"), primary_key=True)
    use: Mapped[Use] = enum_column(Use, primary_key=True)


class Consent(RegistryModel):
    """A form that a participant has answered."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"), index=True)
    template_id: Mapped[int] = mapped_column(sa.ForeignKey("consent_template.id"), index=True)
    #: The language in which it was explained, which may be another than the form's.
    language: Mapped[Language] = enum_column(Language)
    channel: Mapped[Channel] = enum_column(Channel)
    #: The proof that the person was informed, and since when.
    information_given_on: Mapped[date | None]
    signed_on: Mapped[date]
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The account, or None for the command line.
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    #: The record of the same form that this one corrects.
    supersedes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("consent.id"), unique=True)

    participant: Mapped[Participant] = relationship()
    template: Mapped[ConsentTemplate] = relationship()
    answers: Mapped[list["ConsentAnswer"]] = relationship(
        back_populates="consent", cascade="all, delete-orphan"
    )

    __table_args__ = (
        sa.CheckConstraint(
            "information_given_on IS NULL OR information_given_on <= signed_on",
            name="informed_before_signing",
        ),
    )

    @property
    def audit_ref(self) -> str:
        return f"consent:{self.id}"

    @property
    def site_id(self) -> int:
        """Where the participant is followed, and so who may act on the consent."""
        return self.participant.site_id


class ConsentAnswer(RegistryModel):
    """What the participant said to one item."""

    __tablename__ = "consent_answer"

    consent_id: Mapped[int] = mapped_column(sa.ForeignKey("consent.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(
        sa.ForeignKey("consent_item.id"), primary_key=True, index=True
    )
    answer: Mapped[Answer] = enum_column(Answer)

    consent: Mapped[Consent] = relationship(back_populates="answers")
    item: Mapped[ConsentItem] = relationship()


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


for _model in (Consent, ConsentAnswer, Withdrawal, WithdrawalUse):
    append_only(_model.__table__)  # type: ignore[arg-type]
