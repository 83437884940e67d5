"""Inventories and their lines, of which neither changes."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.persistence import RegistryModel, UtcDateTime, append_only, enum_column
from registry.persistence.base import BigId
from registry.vocab import limits
from registry.vocab.storage import Finding


class Inventory(RegistryModel):
    """One comparison of a box with what is recorded of it, as it was accepted."""

    __tablename__ = "inventory"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    box_id: Mapped[int] = mapped_column(sa.ForeignKey("box.id"), index=True)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    actor_login: Mapped[str] = mapped_column(sa.String(limits.LOGIN_MAX))
    reason: Mapped[str] = mapped_column(sa.String(limits.REASON_MAX))


class InventoryLine(RegistryModel):
    """What an inventory found of one tube."""

    __tablename__ = "inventory_line"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    inventory_id: Mapped[int] = mapped_column(sa.ForeignKey("inventory.id"))
    finding: Mapped[Finding] = enum_column(Finding)
    #: As it was scanned, or as it is recorded when it was not found.
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX))
    sample_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sample.id"), index=True)
    #: Where it was found or, when it was not, where it is recorded.
    cell: Mapped[str | None] = mapped_column(sa.String(limits.CELL_MAX))
    #: How many acts there were on the sample, so that it is seen which ones followed.
    acts: Mapped[int]

    __table_args__ = (
        sa.UniqueConstraint("inventory_id", "code"),
        sa.CheckConstraint(
            "finding <> 'missing' OR sample_id IS NOT NULL", name="missing_is_known"
        ),
    )


append_only(Inventory.__table__)  # type: ignore[arg-type]
append_only(InventoryLine.__table__)  # type: ignore[arg-type]
