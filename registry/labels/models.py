"""The versions of the label templates, the label printers, and what is sent to them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import Site, User
from registry.persistence import RegistryModel, UtcDateTime, append_only, enum_column
from registry.persistence.base import BigId
from registry.vocab import limits
from registry.vocab.printing import (
    LabelPurpose,
    PrinterResolution,
    PrintFailure,
    PrintMethod,
    PrintState,
    PrintSubject,
)


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


class Printer(RegistryModel):
    """A label printer of a site, with the roll that is in it."""

    __tablename__ = "printer"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(limits.NAME_MAX))
    host: Mapped[str] = mapped_column(sa.String(limits.HOST_MAX))
    port: Mapped[int]
    resolution: Mapped[PrinterResolution] = enum_column(PrinterResolution)
    method: Mapped[PrintMethod] = enum_column(PrintMethod)
    #: Of the labels on its roll, in millimetres.
    label_width: Mapped[float]
    label_height: Mapped[float]
    #: Whether labels of its size are printed on it unless another one is chosen.
    is_default: Mapped[bool]
    is_used: Mapped[bool]
    version: Mapped[int] = mapped_column()

    site: Mapped[Site] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("site_id", "name"),
        sa.CheckConstraint(f"port BETWEEN 1 AND {limits.PORT_MAX}", name="port"),
        sa.CheckConstraint("label_width > 0 AND label_height > 0", name="label_size"),
        sa.CheckConstraint("is_used OR NOT is_default", name="default_is_used"),
    )

    @property
    def audit_ref(self) -> str:
        return f"printer:{self.id}"

    def takes(self, width: float, height: float) -> bool:
        """Whether labels of this size fit the roll."""
        spare = limits.LABEL_ROLL_MM_SPARE
        return abs(self.label_width - width) <= spare and abs(self.label_height - height) <= spare


class PrintJob(RegistryModel):
    """Labels that were asked for on a printer, until they are delivered."""

    __tablename__ = "print_job"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    printer_id: Mapped[int] = mapped_column(sa.ForeignKey("printer.id"), index=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    subject: Mapped[PrintSubject] = enum_column(PrintSubject)
    codes: Mapped[list[str]] = mapped_column(sa.JSON)
    #: What is sent; kept until it is delivered.
    payload: Mapped[str | None] = mapped_column(sa.Text)
    state: Mapped[PrintState] = enum_column(PrintState)
    failure: Mapped[PrintFailure | None] = enum_column(PrintFailure)
    #: The account, or None for the command line.
    requested_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int]

    printer: Mapped[Printer] = relationship(lazy="joined", innerjoin=True)
    requested_by: Mapped[User | None] = relationship(lazy="joined")

    __table_args__ = (
        sa.Index("ix_print_job_state_id", "state", "id"),
        sa.CheckConstraint("attempts >= 0", name="attempts"),
        sa.CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failed_has_cause"),
        sa.CheckConstraint("state = 'sent' OR payload IS NOT NULL", name="unsent_has_payload"),
    )

    @property
    def audit_ref(self) -> str:
        return f"print_job:{self.id}"


append_only(LabelTemplate.__table__)  # type: ignore[arg-type]
