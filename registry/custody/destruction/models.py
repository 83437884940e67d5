"""Orders to destroy samples, and the destructions by which they were carried out."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.participants.models import Participant
from registry.persistence import RegistryModel, UtcDateTime, append_only, enum_column
from registry.persistence.base import BigId
from registry.samples.models import Sample
from registry.vocab import limits
from registry.vocab.custody import DestructionMethod, OrderStatus

DIGEST_LENGTH = 64


class Destruction(RegistryModel):
    """Samples of one participant that were destroyed together: what the certificate says."""

    __tablename__ = "destruction"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    certificate: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), unique=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"), index=True)
    method: Mapped[DestructionMethod] = enum_column(DestructionMethod)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    operator_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    #: Somebody else, who signed with a password of their own.
    witness_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    #: The samples as they were: code, type, quantity, unit, site, for which order.
    samples: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    #: SHA-256 of all of this.
    digest: Mapped[str] = mapped_column(sa.String(DIGEST_LENGTH))

    participant: Mapped[Participant] = relationship()
    operator: Mapped[User] = relationship(foreign_keys=[operator_id])
    witness: Mapped[User] = relationship(foreign_keys=[witness_id])

    __table_args__ = (
        sa.CheckConstraint("witness_id <> operator_id", name="witness_is_another"),
        sa.CheckConstraint("happened_at <= recorded_at", name="not_in_the_future"),
    )

    @property
    def audit_ref(self) -> str:
        return f"destruction:{self.certificate}"

    @property
    def site_id(self) -> int:
        """Where the participant is followed."""
        return self.participant.site_id


class DestructionOrder(RegistryModel):
    """That a sample must be destroyed."""

    __tablename__ = "destruction_order"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    sample_id: Mapped[int] = mapped_column(sa.ForeignKey("sample.id"), index=True)
    #: What it was given for, such as ``withdrawal:12``.
    cause: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), index=True)
    status: Mapped[OrderStatus] = enum_column(OrderStatus)
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The account, or None for the command line.
    ordered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    destruction_id: Mapped[int | None] = mapped_column(sa.ForeignKey("destruction.id"), index=True)
    #: Why it was cancelled.
    reason: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))
    version: Mapped[int] = mapped_column()

    sample: Mapped[Sample] = relationship(lazy="joined", innerjoin=True)
    destruction: Mapped[Destruction | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("(status = 'ordered') = (closed_at IS NULL)", name="open_has_no_end"),
        sa.CheckConstraint(
            "(status = 'done') = (destruction_id IS NOT NULL)", name="done_has_certificate"
        ),
        sa.CheckConstraint("(status = 'cancelled') = (reason IS NOT NULL)", name="cancel_reason"),
        sa.Index(
            "uq_destruction_order_open",
            "sample_id",
            unique=True,
            sqlite_where=sa.column("closed_at").is_(None),
            postgresql_where=sa.column("closed_at").is_(None),
        ),
    )

    @property
    def audit_ref(self) -> str:
        return f"destruction_order:{self.id}"


append_only(Destruction.__table__)  # type: ignore[arg-type]
