"""The table of statuses: a row for each person whose identity is or was more than provisional."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.persistence import UtcDateTime, VaultModel, enum_column
from registry.persistence.base import BigId
from registry.vocab import limits
from registry.vocab.national import DocumentType, IdentityAttribute, IdentityStatus


class Qualification(VaultModel):
    """The status of a person's identity, and the facts that it stands on."""

    __tablename__ = "qualification"

    person_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("person.id"), primary_key=True, autoincrement=False
    )
    status: Mapped[IdentityStatus] = enum_column(IdentityStatus)
    #: Which document was checked, on which day and by whom; none: no check stands.
    document: Mapped[DocumentType | None] = enum_column(DocumentType, nullable=True)
    checked_on: Mapped[date | None]
    checked_by: Mapped[str | None] = mapped_column(sa.String(limits.LOGIN_MAX))
    #: When and by whom the INS was retrieved; none: no retrieval stands.
    retrieved_on: Mapped[date | None]
    retrieved_by: Mapped[str | None] = mapped_column(sa.String(limits.LOGIN_MAX))
    is_doubtful: Mapped[bool] = mapped_column(default=False)
    is_fictitious: Mapped[bool] = mapped_column(default=False)
    is_homonym: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint(
            "(status IN ('validated', 'qualified')) = (document IS NOT NULL)",
            name="validated_by_document",
        ),
        sa.CheckConstraint(
            "(status IN ('retrieved', 'qualified')) = (retrieved_on IS NOT NULL)",
            name="retrieved_when",
        ),
        sa.CheckConstraint("(document IS NULL) = (checked_on IS NULL)", name="checked_when"),
        sa.CheckConstraint("(document IS NULL) = (checked_by IS NULL)", name="checked_by_whom"),
        sa.CheckConstraint(
            "(retrieved_on IS NULL) = (retrieved_by IS NULL)", name="retrieved_by_whom"
        ),
        sa.CheckConstraint(
            "status = 'provisional' OR NOT (is_doubtful OR is_fictitious)",
            name="unreliable_is_provisional",
        ),
    )

    @property
    def attributes(self) -> frozenset[IdentityAttribute]:
        """What is to be known of the identity besides its status."""
        held = {
            IdentityAttribute.DOUBTFUL: self.is_doubtful,
            IdentityAttribute.FICTITIOUS: self.is_fictitious,
            IdentityAttribute.HOMONYM: self.is_homonym,
        }
        return frozenset(attribute for attribute, is_held in held.items() if is_held)
