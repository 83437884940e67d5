"""What is wrapped and what is indexed: the two lists that a change of keys goes through.

Whoever gives the vault another wrapped data key or keyed digest adds a line
here; a test compares the lists with the columns there are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from registry.crypto.sealing import KeyWrapper, Place
from registry.identity import normalise, records
from registry.identity.keys import OpenVault
from registry.identity.models import (
    HospitalIdentifier,
    IdentityRecord,
    Person,
    SourceRow,
    table_of,
)
from registry.identity.national import numbering
from registry.identity.national.models import NationalIdentifier
from registry.identity.pseudonyms import service as foreign
from registry.identity.pseudonyms.models import ForeignPseudonym
from registry.identity.records import Holder, Newcomer
from registry.identity.rotation.damage import unwrapped
from registry.persistence import VaultModel

Values = dict[str, Any]
_NEVER: sa.ColumnElement[bool] = sa.false()
_ALWAYS: sa.ColumnElement[bool] = sa.true()


@dataclass(frozen=True)
class Wrapped:
    """A table with a data key in each row: columns ``id``, ``wrapped_key`` and ``key_number``."""

    purpose: str
    model: type[VaultModel]
    #: What names the row in the place its key is bound to, beside the person's uid.
    naming: Sequence[sa.ColumnElement[Any]]
    place: Callable[[Any], Place]

    @property
    def table(self) -> sa.Table:
        """The table."""
        return table_of(self.model)

    def wrapper(self, opened: OpenVault) -> KeyWrapper:
        """Whoever wraps this table's keys."""
        return opened.wrapper if self.purpose == "encryption" else opened.national_wrapper

    def rows(self) -> sa.Select[Any]:
        """Every row that has a key, with what names it and the person's uid."""
        columns = self.table.c
        query = sa.select(
            columns.id,
            columns.wrapped_key,
            columns.key_number,
            *self.naming,
            Person.uid.label("uid"),
        )
        if self.model is not Person:
            query = query.join(Person, Person.id == columns.person_id)
        return query.where(sa.func.length(columns.wrapped_key) > 0)


@dataclass(frozen=True)
class Indexed:
    """A table with a keyed digest in each row: ``index_number`` says under which key."""

    model: type[VaultModel]
    #: The rows are gone through in the order of these columns, which no two rows share.
    cursor: Sequence[sa.ColumnElement[Any]]
    #: From the opened vault, the person, the row and its record (None where the
    #: row belongs to the person itself) to the columns that change with the key.
    anew: Callable[[OpenVault, Holder, Any, IdentityRecord | None], Values]
    #: Rows that can be written anew although their key is the active one.
    outdated: sa.ColumnElement[bool] = _NEVER
    #: Rows whose plaintext is there to be read.
    readable: sa.ColumnElement[bool] = _ALWAYS

    @property
    def table(self) -> sa.Table:
        """The table."""
        return table_of(self.model)

    def pending(self, active: int) -> sa.ColumnElement[bool]:
        """Which rows are to be written anew, now that `active` is the number to write with."""
        return sa.and_(self.readable, sa.or_(self.table.c.index_number != active, self.outdated))

    def place_of(self, row: Any) -> tuple[Any, ...]:
        """Where a row stands in that order."""
        return tuple(getattr(row, column.name) for column in self.cursor)

    def beyond(self, after: tuple[Any, ...] | None) -> sa.ColumnElement[bool]:
        """Which rows stand behind that place; all, behind none."""
        if after is None:
            return _ALWAYS
        bounds = zip(self.cursor, after, strict=True)
        return sa.tuple_(*self.cursor) > sa.tuple_(
            *(sa.literal(value, column.type) for column, value in bounds)
        )

    def rows(self) -> sa.Select[*tuple[Any, ...]]:
        """Every row with its person, and with its record where it belongs to one."""
        if "record_id" not in self.table.c:
            return sa.select(self.model, Person, sa.null()).join(
                Person, Person.id == self.table.c.person_id
            )
        return (
            sa.select(self.model, Person, IdentityRecord)
            .join(IdentityRecord, IdentityRecord.id == self.table.c.record_id)
            .join(Person, Person.id == IdentityRecord.person_id)
        )


def newcomer_of(holder: Holder, record: IdentityRecord) -> Newcomer:
    """A record as it was received."""
    traits = records.open_record(holder, record)
    return Newcomer.of(traits, records.open_received_number(holder, record), record.site_code)


def _record(
    opened: OpenVault, holder: Holder, row: IdentityRecord, _record: IdentityRecord | None
) -> Values:
    newcomer = newcomer_of(holder, row)
    place = records.place_in_record("likeness", holder.uid, row.number)
    return {
        "content_digest": records.content_digest(opened, holder.uid, newcomer),
        "index_number": opened.index_number,
        "likeness": holder.key.seal(newcomer.likeness.encoded(), place),
        "normalisation": normalise.VERSION,
    }


def _number(
    opened: OpenVault, holder: Holder, row: HospitalIdentifier, _record: IdentityRecord | None
) -> Values:
    identifier = records.open_number(holder, row)
    value = normalise.number(identifier.number)
    return {
        "value_index": opened.number_index(identifier.site, value),
        "index_number": opened.index_number,
    }


def _row(
    opened: OpenVault, holder: Holder, row: SourceRow, record: IdentityRecord | None
) -> Values:
    if row.row_number is None or record is None:
        raise ValueError("a row without its number or its record cannot be digested anew")
    place = records.place_of_row(holder.uid, row.system, row.row_digest)
    number = holder.key.unseal(row.row_number, place).decode()
    content = newcomer_of(holder, record).content(row.system, number)
    return records.source_row(
        opened,
        holder,
        record.id,
        system=row.system,
        number=number,
        content_digest=opened.content_digest(content),
    )


def _national(
    opened: OpenVault, holder: Holder, row: NationalIdentifier, _record: IdentityRecord | None
) -> Values:
    key = unwrapped(
        opened.national_wrapper,
        row.wrapped_key,
        row.key_number,
        numbering.place_of_key(holder.uid, row.number),
    )
    value = key.unseal(row.value, numbering.place_of_value(holder.uid, row.number))
    return {
        "value_index": numbering.index(opened).digest(value),
        "index_number": opened.index_number,
    }


def _foreign(
    opened: OpenVault, holder: Holder, row: ForeignPseudonym, _record: IdentityRecord | None
) -> Values:
    code = holder.key.unseal(row.value, foreign.place_of(row.uid)).decode()
    return {
        "value_index": foreign.index_of(opened).digest(foreign.indexed(row.partner, code)),
        "index_number": opened.index_number,
    }


WRAPPED: tuple[Wrapped, ...] = (
    Wrapped("encryption", Person, (), lambda row: records.place_of_key(row.uid)),
    Wrapped(
        "national",
        NationalIdentifier,
        (table_of(NationalIdentifier).c.number,),
        lambda row: numbering.place_of_key(row.uid, row.number),
    ),
)

INDEXED: tuple[Indexed, ...] = (
    Indexed(
        IdentityRecord,
        (table_of(IdentityRecord).c.id,),
        _record,
        outdated=IdentityRecord.normalisation != normalise.VERSION,
    ),
    Indexed(HospitalIdentifier, (table_of(HospitalIdentifier).c.id,), _number),
    Indexed(
        SourceRow,
        (
            table_of(SourceRow).c.record_id,
            table_of(SourceRow).c.system,
            table_of(SourceRow).c.row_digest,
        ),
        _row,
        readable=SourceRow.row_number.is_not(None),
    ),
    Indexed(NationalIdentifier, (table_of(NationalIdentifier).c.id,), _national),
    Indexed(ForeignPseudonym, (table_of(ForeignPseudonym).c.id,), _foreign),
)
