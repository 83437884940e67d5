"""The row that names a kept file."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.persistence import RegistryModel, UtcDateTime
from registry.vocab import limits

#: The characters of a file's address: 256 bits in hexadecimal.
REF_LENGTH = 64


class Document(RegistryModel):
    """One kept file."""

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(REF_LENGTH), unique=True)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    media_type: Mapped[str] = mapped_column(sa.String(limits.LABEL_MAX))
    #: Given by the registry, never by whoever sent the file: people name files after people.
    name: Mapped[str] = mapped_column(sa.String(limits.NAME_MAX))
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (sa.CheckConstraint("size >= 0", name="size"),)

    @property
    def audit_ref(self) -> str:
        return f"document:{self.ref[:16]}"
