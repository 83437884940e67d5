"""Defined acts, and every version of their definitions."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.persistence import RegistryModel, UtcDateTime, append_only
from registry.vocab import limits


class DefinedAct(RegistryModel):
    """An act that an administrator defined; a retired one is no longer offered."""

    __tablename__ = "defined_act"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), unique=True)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def audit_ref(self) -> str:
        return f"defined_act:{self.code}"


class ActDefinition(RegistryModel):
    """One version of what a defined act is; the newest one is done."""

    __tablename__ = "act_definition"

    id: Mapped[int] = mapped_column(primary_key=True)
    act_id: Mapped[int] = mapped_column(sa.ForeignKey("defined_act.id"))
    #: Consecutive from 1 within the act.
    number: Mapped[int] = mapped_column("version")
    definition: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The account, or None for the command line.
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    act: Mapped[DefinedAct] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (
        sa.UniqueConstraint("act_id", "version"),
        sa.CheckConstraint("version > 0", name="version"),
    )


append_only(ActDefinition.__table__)  # type: ignore[arg-type]
