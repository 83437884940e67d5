"""Cells that are reserved for a while."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.persistence import RegistryModel, UtcDateTime, enum_column
from registry.persistence.base import BigId
from registry.vocab import limits
from registry.vocab.storage import Ground


class CellReservation(RegistryModel):
    """A free cell that one person means to put one tube into; it counts until it has expired."""

    __tablename__ = "cell_reservation"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    box_id: Mapped[int] = mapped_column(sa.ForeignKey("box.id"))
    row: Mapped[int]
    col: Mapped[int]
    sample_id: Mapped[int] = mapped_column(sa.ForeignKey("sample.id"), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    #: Why this cell was proposed, and the tube that it is beside.
    ground: Mapped[Ground] = enum_column(Ground)
    near: Mapped[str | None] = mapped_column(sa.String(limits.CODE_MAX))
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    __table_args__ = (
        sa.UniqueConstraint("box_id", "row", "col"),
        sa.CheckConstraint(f"row BETWEEN 1 AND {limits.BOX_SIDE_MAX}", name="row"),
        sa.CheckConstraint(f"col BETWEEN 1 AND {limits.BOX_SIDE_MAX}", name="col"),
    )
