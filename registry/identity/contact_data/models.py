"""The table of contact data, sealed with the person's data key."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.persistence import UtcDateTime, VaultModel
from registry.persistence.base import BigId
from registry.vocab import limits


class ContactData(VaultModel):
    """How a person could be reached from a moment on; the latest of a person counts."""

    __tablename__ = "contact_data"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    #: Counts the contact data of the person.
    number: Mapped[int]
    #: Where it was received: whose staff may see it.
    site_code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX))
    address: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    postal_code: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    town: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    telephone: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    other_telephone: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    email: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (sa.UniqueConstraint("person_id", "number"),)
