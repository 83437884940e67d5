"""Consents with their answers: rows are added, never changed."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.consents.templates.models import ConsentItem, ConsentTemplate
from registry.participants.models import Participant
from registry.persistence import RegistryModel, UtcDateTime, append_only, enum_column
from registry.persistence.base import BigId
from registry.vocab.consent import Answer, Channel, Language


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


for _model in (Consent, ConsentAnswer):
    append_only(_model.__table__)  # type: ignore[arg-type]
