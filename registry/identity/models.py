"""The vault's tables: sealed traits, blind indexes, reviews and what was read before.

A column that holds a blob is sealed with the person's data key and bound to
its table, column and row; the row's name in that binding is the person's uid
and the row's number within the person, both known before it is written.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.persistence import UtcDateTime, VaultModel, enum_column
from registry.persistence.base import BigId
from registry.vocab import limits
from registry.vocab.identity import Distrust, ReviewOutcome, Standing

UID_LENGTH = 32
DIGEST_BYTES = 16


class Person(VaultModel):
    """A human being known to the vault, under a random name that tells nothing.

    After a merge the person stays, pointing at the one it is.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: 128 random bits: all that the registry ever learns.
    uid: Mapped[str] = mapped_column(sa.String(UID_LENGTH), unique=True)
    standing: Mapped[Standing] = enum_column(Standing)
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: The person's data key, sealed under the key-encryption key ``key_number``; empty once
    #: the person was erased, of whom this row is the tombstone.
    wrapped_key: Mapped[bytes] = mapped_column(sa.LargeBinary)
    key_number: Mapped[int] = mapped_column(sa.BigInteger, index=True)
    #: The number of the record that is shown as this person's identity.
    reference: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint(
            "(standing = 'merged') = (merged_into_id IS NOT NULL)", name="merged_points"
        ),
        sa.CheckConstraint("merged_into_id <> id", name="not_into_itself"),
        sa.CheckConstraint(
            "(standing = 'erased') = (length(wrapped_key) = 0)", name="erased_has_no_key"
        ),
    )

    @property
    def audit_ref(self) -> str:
        return f"person:{self.uid}"


class IdentityRecord(VaultModel):
    """One identity as it was received; every spelling of a person is kept."""

    __tablename__ = "identity_record"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    number: Mapped[int]
    #: Where it was received: whose staff may see it.
    site_code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX))
    birth_name: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    given_names: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    used_name: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    birth_date: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    sex: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    birth_place: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    postal_code: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    town: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    used_given_names: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    #: The hospital number that came with it, even where it is another person's.
    hospital_number: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    #: The normalised traits, sealed together: what a comparison opens.
    likeness: Mapped[bytes] = mapped_column(sa.LargeBinary)
    #: The rules that made the likeness and the index entries.
    normalisation: Mapped[int] = mapped_column(sa.SmallInteger)
    #: Keyed with the person's uid: the same spelling of another person has another one.
    content_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(DIGEST_BYTES))
    #: The index key of the content digest; the record has its index entries under it.
    index_number: Mapped[int] = mapped_column(sa.BigInteger, server_default="1")
    missing: Mapped[list[str]] = mapped_column(sa.JSON)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        sa.UniqueConstraint("person_id", "number"),
        sa.UniqueConstraint("person_id", "content_digest"),
    )


class HospitalIdentifier(VaultModel):
    """A number that a hospital site gave to one person and to nobody else."""

    __tablename__ = "hospital_identifier"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    number: Mapped[int]
    site_code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX))
    value_index: Mapped[bytes] = mapped_column(sa.LargeBinary(DIGEST_BYTES))
    index_number: Mapped[int] = mapped_column(sa.BigInteger, server_default="1")
    value: Mapped[bytes] = mapped_column(sa.LargeBinary)
    #: Another number of the person at this site is in use.
    is_alias: Mapped[bool]
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When somebody last said which of several numbers of the site is in use.
    chosen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        sa.UniqueConstraint("person_id", "number"),
        sa.UniqueConstraint("site_code", "value_index"),
    )


class DistrustedRecord(VaultModel):
    """What of a record somebody found not to be the person's.

    The record is kept and still found, but decides nothing by itself.
    """

    __tablename__ = "distrusted_record"

    record_id: Mapped[int] = mapped_column(
        sa.ForeignKey("identity_record.id"), primary_key=True, autoincrement=False
    )
    distrusted: Mapped[Distrust] = enum_column(Distrust, primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class RefusedNumber(VaultModel):
    """A hospital number that was a person's until somebody said that it is not theirs."""

    __tablename__ = "refused_number"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    number: Mapped[int]
    site_code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX))
    value: Mapped[bytes] = mapped_column(sa.LargeBinary)
    #: When the number came to the vault, and when it was refused.
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    refused_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (sa.UniqueConstraint("person_id", "number"),)


class IndexEntry(VaultModel):
    """One key under which a record is found.

    ``token`` is one number so that all keys of a search are one index lookup:
    the epoch of the index key (15 bits), the kind of key (8) and the truncated
    keyed hash (40).
    """

    __tablename__ = "index_entry"

    token: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    record_id: Mapped[int] = mapped_column(
        sa.ForeignKey("identity_record.id"), primary_key=True, index=True, autoincrement=False
    )

    __table_args__ = {"sqlite_with_rowid": False}


class MatchReview(VaultModel):
    """Two persons who may be one, and what was decided; remembered for good."""

    __tablename__ = "match_review"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    first_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    second_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    bits: Mapped[float]
    #: Field → how it agrees: codes, never values.
    levels: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    #: Field → what that weighs, in bits.
    weights: Mapped[dict[str, float]] = mapped_column(sa.JSON)
    weights_version: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX))
    outcome: Mapped[ReviewOutcome] = enum_column(ReviewOutcome, index=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(sa.String(limits.LOGIN_MAX))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("first_id", "second_id"),
        sa.CheckConstraint("first_id < second_id", name="older_first"),
        sa.CheckConstraint("(outcome = 'open') = (decided_at IS NULL)", name="decided_when"),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided_by_whom"),
    )

    @property
    def audit_ref(self) -> str:
        return f"match_review:{self.id}"


class SourceRow(VaultModel):
    """A row of another system that was read: read again, it changes nothing."""

    __tablename__ = "source_row"

    system: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), primary_key=True)
    row_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(DIGEST_BYTES), primary_key=True)
    content_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(DIGEST_BYTES))
    #: The key of both digests.
    index_number: Mapped[int] = mapped_column(sa.BigInteger, server_default="1")
    #: The row's number, sealed: without it the digest could not be made anew under another key.
    row_number: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    record_id: Mapped[int] = mapped_column(sa.ForeignKey("identity_record.id"), index=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class KeyCheck(VaultModel):
    """What a key of this number must answer: another key is noticed before it is used.

    It is also what every process knows of a change of keys, whatever its own
    key file says: nothing is written under a number that was retired.
    """

    __tablename__ = "key_check"

    purpose: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), primary_key=True)
    number: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    answer: Mapped[bytes] = mapped_column(sa.LargeBinary(DIGEST_BYTES))
    #: When the last row left this number: an older backup still needs the key.
    emptied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def table_of(model: type[VaultModel]) -> sa.Table:
    """The model's table: rows written through it skip the session's bookkeeping, which in
    an import of thousands costs more than the sealing.
    """
    table = model.__table__
    if not isinstance(table, sa.Table):
        raise TypeError(f"{model.__name__} is no single table")
    return table
