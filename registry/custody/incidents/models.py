"""Incidents and the samples they concern, one open line for a sample in each."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import Site, User
from registry.kernel.messages import Message
from registry.participants.terms import queries as terms
from registry.persistence import RegistryModel, UtcDateTime, enum_column
from registry.persistence.base import BigId
from registry.samples.models import Sample
from registry.vocab import limits
from registry.vocab.incidents import IncidentKind, Verdict


class Incident(RegistryModel):
    """Something that went wrong with samples of one site."""

    __tablename__ = "incident"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), unique=True)
    kind: Mapped[IncidentKind] = enum_column(IncidentKind)
    #: The term of the place with which it was reported, and its names of that day.
    term: Mapped[dict[str, str] | None] = mapped_column(sa.JSON(none_as_null=True))
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    #: What happened, in words that name nobody.
    account: Mapped[str] = mapped_column(sa.String(limits.REASON_MAX))
    noticed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The account, or None for the command line.
    opened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    #: Why it happened, as far as it was found.
    root_cause: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))
    #: What is done so that it does not happen again.
    corrective_action: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column()

    site: Mapped[Site] = relationship(lazy="joined", innerjoin=True)
    opened_by: Mapped[User | None] = relationship(foreign_keys=[opened_by_id], lazy="joined")
    closed_by: Mapped[User | None] = relationship(foreign_keys=[closed_by_id], lazy="joined")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint(
            "(closed_at IS NULL) = (corrective_action IS NULL)"
            " AND (closed_at IS NULL) = (root_cause IS NULL)",
            name="closed_says_why",
        ),
    )

    @property
    def name(self) -> Message:
        """What went wrong, by the term with which it was reported."""
        return terms.named(self.kind, self.term)

    @property
    def audit_ref(self) -> str:
        return f"incident:{self.code}"

    @property
    def cause(self) -> str:
        """What its samples are in quarantine for."""
        return self.audit_ref


class IncidentLine(RegistryModel):
    """One sample that an incident concerns."""

    __tablename__ = "incident_line"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    incident_id: Mapped[int] = mapped_column(sa.ForeignKey("incident.id"))
    sample_id: Mapped[int] = mapped_column(sa.ForeignKey("sample.id"), index=True)
    verdict: Mapped[Verdict | None] = enum_column(Verdict, nullable=True)
    #: Why it was decided so; with a limited verdict, the remark that goes with the sample.
    reason: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    incident: Mapped[Incident] = relationship()
    sample: Mapped[Sample] = relationship(lazy="joined", innerjoin=True)
    decided_by: Mapped[User | None] = relationship(lazy="joined")

    __table_args__ = (
        sa.UniqueConstraint("incident_id", "sample_id"),
        sa.CheckConstraint(
            "(verdict IS NULL) = (decided_at IS NULL) AND (verdict IS NULL) = (reason IS NULL)",
            name="decided_is_whole",
        ),
    )
