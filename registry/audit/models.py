"""The record, and the notes of who reads it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.persistence import RegistryModel, UtcDateTime, append_only, enum_column
from registry.persistence.base import BigId
from registry.vocab import limits
from registry.vocab.audit import Unusual


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


class ExaminedActivity(RegistryModel):
    """That somebody looked into something unusual, and what they made of it."""

    __tablename__ = "examined_activity"

    id: Mapped[int] = mapped_column(primary_key=True)
    unusual: Mapped[Unusual] = enum_column(Unusual)
    #: Which finding of the rule: whom and when it is about, in codes.
    key: Mapped[str] = mapped_column(sa.String(limits.NAME_MAX), index=True)
    #: How many acts it counted then: when more have come, it is to be examined again.
    count: Mapped[int]
    remark: Mapped[str] = mapped_column(sa.String(limits.REASON_MAX))
    examined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    examined_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    @property
    def audit_ref(self) -> str:
        return f"unusual:{self.key}"


for _model in (AuditEntry, ExaminedActivity):
    append_only(_model.__table__)  # type: ignore[arg-type]
