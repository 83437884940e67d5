"""Printed kits and the codes of their tubes."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.participants.models import KitCollection, KitDefinition, KitTube
from registry.persistence import RegistryModel, UtcDateTime, append_only
from registry.persistence.base import BigId
from registry.vocab import limits


class PrintedKit(RegistryModel):
    """A bag of labelled tubes that waits for a participant, or was drawn from one."""

    __tablename__ = "printed_kit"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), unique=True)
    kit_id: Mapped[int] = mapped_column(sa.ForeignKey("kit_definition.id"), index=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    printed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: None while nobody has used it.
    collection_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("kit_collection.id"), unique=True
    )
    version: Mapped[int] = mapped_column()

    kit: Mapped[KitDefinition] = relationship()
    collection: Mapped[KitCollection | None] = relationship()
    tubes: Mapped[list["PrintedTube"]] = relationship(order_by="PrintedTube.kit_tube_id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def audit_ref(self) -> str:
        return f"printed_kit:{self.code}"


class PrintedTube(RegistryModel):
    """The label of one tube of a printed kit."""

    __tablename__ = "printed_tube"

    printed_kit_id: Mapped[int] = mapped_column(sa.ForeignKey("printed_kit.id"), primary_key=True)
    kit_tube_id: Mapped[int] = mapped_column(sa.ForeignKey("kit_tube.id"), primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), unique=True)

    kit_tube: Mapped[KitTube] = relationship()


append_only(PrintedTube.__table__)  # type: ignore[arg-type]
