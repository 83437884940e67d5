"""Extracts with their members and downloads; counts that were asked for, and what was shown."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.applications.models import Application
from registry.documents.models import Document
from registry.persistence import RegistryModel, UtcDateTime, append_only, enum_column
from registry.persistence.base import BigId
from registry.vocab.applications import Purpose
from registry.vocab.research import RecipientKind

SHA256_LENGTH = 64


class Extract(RegistryModel):
    """One production of an approved request."""

    __tablename__ = "extract"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"))
    #: Consecutive from 1 within the request.
    seq: Mapped[int]
    produced_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    produced_at: Mapped[datetime] = mapped_column(UtcDateTime)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"))
    #: Of the file as it is downloaded.
    sha256: Mapped[str] = mapped_column(sa.String(SHA256_LENGTH))
    participants: Mapped[int]
    samples: Mapped[int]
    #: The size of the smallest group of participants who look alike.
    k: Mapped[int]
    #: What the manifest says too: exclusions by reason and what was made coarser,
    #: small numbers already masked.
    report: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    #: When it turned out that it may no longer leave.
    recalled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    application: Mapped[Application] = relationship()
    produced_by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    document: Mapped[Document] = relationship(lazy="joined", innerjoin=True)
    downloads: Mapped[list["ExtractDownload"]] = relationship(
        order_by="ExtractDownload.id", back_populates="extract"
    )

    __table_args__ = (
        sa.UniqueConstraint("application_id", "seq"),
        sa.CheckConstraint("seq > 0", name="seq"),
    )

    @property
    def audit_ref(self) -> str:
        return f"extract:{self.application.number}:{self.seq}"

    @property
    def file_name(self) -> str:
        """What the download is called."""
        return f"{self.application.number}-{self.seq}.zip"


class ExtractMember(RegistryModel):
    """A participant in an extract: who is asked about again, and who is in what has left."""

    __tablename__ = "extract_member"

    extract_id: Mapped[int] = mapped_column(sa.ForeignKey("extract.id"), primary_key=True)
    participant_id: Mapped[int] = mapped_column(
        sa.ForeignKey("participant.id"), primary_key=True, index=True
    )


class ExtractDownload(RegistryModel):
    """The requester took the extract."""

    __tablename__ = "extract_download"

    id: Mapped[int] = mapped_column(primary_key=True)
    extract_id: Mapped[int] = mapped_column(sa.ForeignKey("extract.id"), index=True)
    downloaded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    downloaded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    extract: Mapped[Extract] = relationship(back_populates="downloads")


class CatalogueCount(RegistryModel):
    """A question put to the catalogue, and the answer as it was shown."""

    __tablename__ = "catalogue_count"

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    purpose: Mapped[Purpose] = enum_column(Purpose)
    recipient_kind: Mapped[RecipientKind] = enum_column(
        RecipientKind, name="recipient_kind", server_default=RecipientKind.PUBLIC.value
    )
    #: Of the recipient, ISO 3166-1 alpha-2.
    country: Mapped[str] = mapped_column(sa.String(2), server_default="FR")
    #: Follows from the country; what older versions of the registry go by.
    outside_eu: Mapped[bool]
    asked_criteria: Mapped[dict[str, Any]] = mapped_column("criteria", sa.JSON)
    #: Published figures only: masked and rounded.
    answer: Mapped[dict[str, Any]] = mapped_column(sa.JSON)

    __table_args__ = (sa.Index("ix_catalogue_count_actor_id_asked_at", "actor_id", "asked_at"),)


class ShownFigure(RegistryModel):
    """Whom a figure that somebody has seen was about: later figures are compared with it."""

    __tablename__ = "shown_figure"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    actor_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    count_id: Mapped[int] = mapped_column(sa.ForeignKey("catalogue_count.id"), index=True)
    #: The participants behind the figure: one bit for each participant id, deflated.
    members: Mapped[bytes] = mapped_column(sa.LargeBinary)
    #: Exact numbers: they never leave the registry.
    participants: Mapped[int]
    samples: Mapped[int]
    #: The most samples that one of the participants has in the figure.
    samples_each_max: Mapped[int]
    #: What was shown; NULL where it was masked.
    shown_participants: Mapped[int | None]
    shown_samples: Mapped[int | None]

    __table_args__ = (
        sa.Index("ix_shown_figure_actor_id_participants", "actor_id", "participants"),
    )


for _model in (ExtractMember, ExtractDownload):
    append_only(_model.__table__)  # type: ignore[arg-type]
