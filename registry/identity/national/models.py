"""The table of national health numbers, apart from the traits and under keys of its own."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.identity.models import DIGEST_BYTES
from registry.persistence import UtcDateTime, VaultModel, enum_column
from registry.persistence.base import BigId
from registry.vocab.national import NumberKind


class NationalIdentifier(VaultModel):
    """A number that the nation gave to one person and to nobody else.

    A waiting number (NIA) stays when a NIR takes its place: it was the
    person's, and is nobody else's.
    """

    __tablename__ = "national_identifier"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    #: Counts the numbers of the person.
    number: Mapped[int]
    kind: Mapped[NumberKind] = enum_column(NumberKind)
    #: This row's own data key, sealed under the national key ``key_number``.
    wrapped_key: Mapped[bytes] = mapped_column(sa.LargeBinary)
    key_number: Mapped[int] = mapped_column(sa.BigInteger, index=True)
    value: Mapped[bytes] = mapped_column(sa.LargeBinary)
    value_index: Mapped[bytes] = mapped_column(sa.LargeBinary(DIGEST_BYTES), unique=True)
    #: The index key of ``value_index``.
    index_number: Mapped[int] = mapped_column(sa.BigInteger)
    is_current: Mapped[bool]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        sa.UniqueConstraint("person_id", "number"),
        sa.Index(
            "ux_national_identifier_person_id_current",
            "person_id",
            unique=True,
            sqlite_where=sa.literal_column("is_current"),
            postgresql_where=sa.literal_column("is_current"),
        ),
    )
