"""Consents with their answers: rows are added, never changed."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.consents.templates.models import ConsentItem, ConsentTemplate
from registry.documents.models import Document
from registry.participants.models import Participant
from registry.persistence import RegistryModel, UtcDateTime, append_only, enum_column
from registry.persistence.base import BigId
from registry.vocab import limits
from registry.vocab.consent import (
    Answer,
    Channel,
    CheckOutcome,
    Language,
    ProofKind,
    SignatoryRole,
    Stance,
)


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
    signatories: Mapped[list["ConsentSignatory"]] = relationship(
        order_by="ConsentSignatory.role", cascade="all, delete-orphan"
    )
    proofs: Mapped[list["ConsentProof"]] = relationship(order_by="ConsentProof.id")
    checks: Mapped[list["ConsentCheck"]] = relationship(order_by="ConsentCheck.id")

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


class ConsentSignatory(RegistryModel):
    """Who signed: in which capacity and on what authority, never by name."""

    __tablename__ = "consent_signatory"

    consent_id: Mapped[int] = mapped_column(sa.ForeignKey("consent.id"), primary_key=True)
    role: Mapped[SignatoryRole] = enum_column(SignatoryRole, primary_key=True)
    stance: Mapped[Stance] = enum_column(Stance)
    #: The judgment or mandate that gives the right to sign for the participant, and its days.
    authority_document_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("document.id"), index=True
    )
    authority_from: Mapped[date | None]
    authority_to: Mapped[date | None]
    #: Why this parent alone was informed and signed; the other may act later.
    alone_reason: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))

    authority_document: Mapped[Document | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint("authority_to >= authority_from", name="authority_period"),
    )


class ConsentProof(RegistryModel):
    """The scan of a signed paper, or what was signed on the screen."""

    __tablename__ = "consent_proof"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    consent_id: Mapped[int] = mapped_column(sa.ForeignKey("consent.id"), index=True)
    kind: Mapped[ProofKind] = enum_column(ProofKind)
    #: Its content is gone once the identity was erased; the row and the digest stay.
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), index=True)
    #: Of the file as it was handed in.
    sha256: Mapped[str] = mapped_column(sa.String(64))
    #: Of the exact text that was on the screen, when it was signed there.
    text_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The account, or None for the command line.
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    document: Mapped[Document] = relationship()

    __table_args__ = (
        sa.CheckConstraint("(kind = 'screen') = (text_sha256 IS NOT NULL)", name="screen_has_text"),
    )


class ConsentCheck(RegistryModel):
    """What a second person found on comparing the record with its proof; the last one counts."""

    __tablename__ = "consent_check"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    consent_id: Mapped[int] = mapped_column(sa.ForeignKey("consent.id"), index=True)
    outcome: Mapped[CheckOutcome] = enum_column(CheckOutcome)
    remark: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    __table_args__ = (
        sa.CheckConstraint("outcome = 'passed' OR remark IS NOT NULL", name="failure_has_remark"),
    )


class ConsentInformation(RegistryModel):
    """A participant was informed of a version of a form without signing it."""

    __tablename__ = "consent_information"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"), index=True)
    template_id: Mapped[int] = mapped_column(sa.ForeignKey("consent_template.id"), index=True)
    informed_on: Mapped[date]
    channel: Mapped[Channel] = enum_column(Channel)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    template: Mapped[ConsentTemplate] = relationship()

    @property
    def audit_ref(self) -> str:
        return f"consent_information:{self.id}"


for _model in (
    Consent,
    ConsentAnswer,
    ConsentSignatory,
    ConsentProof,
    ConsentCheck,
    ConsentInformation,
):
    append_only(_model.__table__)  # type: ignore[arg-type]
