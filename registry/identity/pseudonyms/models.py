"""Partners' codes for persons, sealed."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.identity.models import DIGEST_BYTES, UID_LENGTH
from registry.persistence import UtcDateTime, VaultModel
from registry.persistence.base import BigId
from registry.vocab import limits


class ForeignPseudonym(VaultModel):
    """The code under which a partner knows a person.

    After a merge the row stays with the person it was recorded for; whom that
    person has become is asked each time.
    """

    __tablename__ = "foreign_pseudonym"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: The row's name in what its seal is bound to.
    uid: Mapped[str] = mapped_column(sa.String(UID_LENGTH), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: The code of the partner's site.
    partner: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX))
    value_index: Mapped[bytes] = mapped_column(sa.LargeBinary(DIGEST_BYTES))
    #: Which number of the index key ``value_index`` was made with.
    index_number: Mapped[int] = mapped_column(sa.BigInteger)
    value: Mapped[bytes] = mapped_column(sa.LargeBinary)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(sa.String(limits.LOGIN_MAX))
    #: When it was no longer the person's code; it can then be another's.
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retired_by: Mapped[str | None] = mapped_column(sa.String(limits.LOGIN_MAX))

    __table_args__ = (
        sa.Index(
            "ux_foreign_pseudonym_partner_value_index",
            "partner",
            "value_index",
            unique=True,
            sqlite_where=sa.column("retired_at").is_(None),
            postgresql_where=sa.column("retired_at").is_(None),
        ),
        sa.CheckConstraint(
            "(retired_at IS NULL) = (retired_by IS NULL)", name="retired_who_and_when"
        ),
    )

    @property
    def audit_ref(self) -> str:
        return f"foreign_pseudonym:{self.uid}"
