"""What was erased: all that the certificate says, and nobody's name."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.identity.models import UID_LENGTH
from registry.persistence import UtcDateTime, VaultModel, enum_column
from registry.persistence.base import BigId
from registry.vocab import limits
from registry.vocab.erasure import ErasureGround


class Erasure(VaultModel):
    """The erasure of one person and of those merged into that person.

    The file of tombstones says the same: a restored vault gets its rows back from there.
    """

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    certificate: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), unique=True)
    person_uid: Mapped[str] = mapped_column(sa.String(UID_LENGTH), unique=True)
    #: Who had been merged into the person, and was erased too.
    merged_uids: Mapped[list[str]] = mapped_column(sa.JSON)
    ground: Mapped[ErasureGround] = enum_column(ErasureGround)
    reason: Mapped[str] = mapped_column(sa.String(limits.REASON_MAX))
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)
    erased_by: Mapped[str] = mapped_column(sa.String(limits.LOGIN_MAX))
    #: Kind → how many rows.
    destroyed: Mapped[dict[str, int]] = mapped_column(sa.JSON)
    #: SHA-256 of each data key as it lay sealed in its row.
    key_digests: Mapped[list[str]] = mapped_column(sa.JSON)
    #: The last day on which a backup made before may still hold the sealed key.
    backups_until: Mapped[date]
    #: When nothing of it was left in the database's files either.
    cleaned_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)

    @property
    def audit_ref(self) -> str:
        return f"erasure:{self.certificate}"
