"""Samples, the ledger of their quantities, and the numbers of our own tube codes."""

from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.participants.models import Participant
from registry.participants.terms.kinds import KindTerms
from registry.persistence import RegistryModel, UtcDateTime, append_only, enum_column
from registry.persistence.base import BigId
from registry.persistence.columns import Quantity
from registry.samples import conservation
from registry.vocab import limits
from registry.vocab.samples import ContainerType, LedgerReason, SampleType, Unit


class Sample(KindTerms, RegistryModel):
    """A tube, an aliquot or a derivative: one labelled container with something in it."""

    __tablename__ = "sample"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), unique=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"), index=True)
    visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visit.id"), index=True)
    #: Which tube of the kit it is, when it was drawn with one.
    kit_tube_id: Mapped[int | None] = mapped_column(sa.ForeignKey("kit_tube.id"), index=True)
    #: Where the participant was followed when it was taken: its staff and nobody else see it.
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"))
    sample_type: Mapped[SampleType] = enum_column(SampleType)
    container_type: Mapped[ContainerType] = enum_column(ContainerType)
    unit: Mapped[Unit] = enum_column(Unit)
    #: When it was taken from the participant; a child keeps its parent's.
    collected_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The ledger's last balance, carried here by the database itself.
    remaining: Mapped[Decimal] = mapped_column(Quantity, server_default="0")

    participant: Mapped[Participant] = relationship()

    __table_args__ = (
        sa.CheckConstraint("remaining >= 0", name="remaining_not_negative"),
        sa.Index("ix_sample_site_id_id", "site_id", "id"),
        sa.Index("ix_sample_sample_type_id", "sample_type", "id"),
        sa.Index("ix_sample_collected_at_id", "collected_at", "id"),
        # Everything that a count asks of samples, each type's in the order of the participants.
        sa.Index(
            "ix_sample_counted",
            "sample_type",
            "participant_id",
            "remaining",
            "unit",
            "collected_at",
        ),
    )

    @property
    def audit_ref(self) -> str:
        return f"sample:{self.code}"


class QuantityEntry(RegistryModel):
    """One change of a sample's quantity, in the sample's unit."""

    __tablename__ = "quantity_entry"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    sample_id: Mapped[int] = mapped_column(sa.ForeignKey("sample.id"))
    #: Consecutive from 1 within the sample.
    seq: Mapped[int]
    delta: Mapped[Decimal] = mapped_column(Quantity)
    #: What is left after this change.
    balance: Mapped[Decimal] = mapped_column(Quantity)
    reason: Mapped[LedgerReason] = enum_column(LedgerReason)
    #: The child it was drawn for, or the parent it came from.
    other_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sample.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        sa.UniqueConstraint("sample_id", "seq"),
        sa.CheckConstraint("seq > 0", name="seq"),
        sa.CheckConstraint("delta <> 0", name="delta_changes_something"),
        sa.CheckConstraint("balance >= 0", name="balance_not_negative"),
        # Who comes of whom is told by these entries alone.
        sa.CheckConstraint(
            "reason <> 'received_from_parent' OR other_id IS NOT NULL", name="parent_is_named"
        ),
    )


class TubeNumber(RegistryModel):
    """The next number of our own tube codes, for each letter."""

    __tablename__ = "tube_number"

    letter: Mapped[str] = mapped_column(sa.String(1), primary_key=True)
    next_number: Mapped[int] = mapped_column(BigId)

    __table_args__ = (sa.CheckConstraint("next_number >= 0", name="next_number"),)


append_only(QuantityEntry.__table__)  # type: ignore[arg-type]
conservation.enforce(QuantityEntry.__table__)  # type: ignore[arg-type]
