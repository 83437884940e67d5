"""The record's one table."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.persistence import RegistryModel, UtcDateTime, append_only
from registry.persistence.base import BigId
from registry.vocab import limits


class AuditEntry(RegistryModel):
    """One act, and the hash that ties it to all before it."""

    __tablename__ = "audit_entry"

    #: Consecutive from 1: a gap is a removed entry.
    seq: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[int | None]
    actor_login: Mapped[str] = mapped_column(sa.String(limits.LOGIN_MAX))
    tag: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX))
    #: ``kind:code`` of the thing acted on, such as ``sample:B000000127``.
    object_ref: Mapped[str] = mapped_column(sa.String(limits.NAME_MAX), index=True)
    site_id: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))
    request_id: Mapped[str | None] = mapped_column(sa.String(limits.CODE_MAX))
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    previous: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)

    __table_args__ = (
        # What one person did lately, and the newest of one kind: one walk along an index each.
        sa.Index("ix_audit_entry_actor_id_at", "actor_id", "at"),
        sa.Index("ix_audit_entry_tag_seq", "tag", "seq"),
    )


append_only(AuditEntry.__table__)  # type: ignore[arg-type]
