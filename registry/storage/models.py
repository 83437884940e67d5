"""The tree of places, and the boxes in which it ends."""

from datetime import datetime
from typing import Optional

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.persistence import RegistryModel, UtcDateTime, append_only, enum_column
from registry.persistence.base import BigId
from registry.storage.grid import Grid
from registry.vocab import limits
from registry.vocab.storage import Labelling, StorageClass, UnitKind


class StorageUnit(RegistryModel):
    """A place: a room, a freezer or tank, a rack, a box."""

    __tablename__ = "storage_unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("storage_unit.id"), index=True)
    kind: Mapped[UnitKind] = enum_column(UnitKind)
    #: What its label says, unique in the registry.
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), unique=True)
    name: Mapped[str] = mapped_column(sa.String(limits.NAME_MAX))
    #: None: as the place that it is in.
    storage_class: Mapped[StorageClass | None] = enum_column(StorageClass)
    #: SPREC types; None: whatever the place that it is in accepts.
    accepts: Mapped[list[str] | None] = mapped_column(sa.JSON(none_as_null=True))
    #: How many places fit directly inside; None: nobody has said.
    capacity: Mapped[int | None] = mapped_column()
    version: Mapped[int] = mapped_column()

    parent: Mapped[Optional["StorageUnit"]] = relationship(remote_side="StorageUnit.id")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.CheckConstraint("parent_id <> id", name="not_in_itself"),)

    @property
    def audit_ref(self) -> str:
        return f"storage:{self.code}"


class Box(RegistryModel):
    """A place of kind box, and its cells."""

    __tablename__ = "box"

    id: Mapped[int] = mapped_column(sa.ForeignKey("storage_unit.id"), primary_key=True)
    rows: Mapped[int]
    columns: Mapped[int]
    row_labels: Mapped[Labelling] = enum_column(Labelling, name="row_labels")
    column_labels: Mapped[Labelling] = enum_column(Labelling, name="column_labels")

    unit: Mapped[StorageUnit] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (
        sa.CheckConstraint(f"rows BETWEEN 1 AND {limits.BOX_SIDE_MAX}", name="rows"),
        sa.CheckConstraint(f"columns BETWEEN 1 AND {limits.BOX_SIDE_MAX}", name="columns"),
    )

    @property
    def site_id(self) -> int:
        """The site where the box stands."""
        return self.unit.site_id

    @property
    def grid(self) -> Grid:
        """The box's cells and what they are called."""
        return Grid(self.rows, self.columns, self.row_labels, self.column_labels)


class UnitStay(RegistryModel):
    """Since when a place stands inside another; until its next stay, or still."""

    __tablename__ = "unit_stay"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("storage_unit.id"), index=True)
    #: None: at the top of its site.
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("storage_unit.id"))
    #: None: since before anybody kept where places stand.
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)


append_only(UnitStay.__table__)  # type: ignore[arg-type]
