"""The versions of the label templates."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.persistence import RegistryModel, UtcDateTime, append_only, enum_column
from registry.vocab.printing import LabelPurpose


class LabelTemplate(RegistryModel):
    """One version of what labels of a purpose look like; the newest one is printed."""

    __tablename__ = "label_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[LabelPurpose] = enum_column(LabelPurpose)
    #: Consecutive from 1 within the purpose; 0 is the starter template, which is no row.
    number: Mapped[int] = mapped_column("version")
    design: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The account, or None for the command line.
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    __table_args__ = (
        sa.UniqueConstraint("purpose", "version"),
        sa.CheckConstraint("version > 0", name="version"),
    )

    @property
    def audit_ref(self) -> str:
        return f"label_template:{self.purpose}/{self.number}"


append_only(LabelTemplate.__table__)  # type: ignore[arg-type]
