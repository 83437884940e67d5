"""Rows of other systems: what was read before is known again."""

from dataclasses import dataclass

import sqlalchemy as sa

from registry.identity.keys import OpenVault
from registry.identity.models import IdentityRecord, SourceRow, table_of
from registry.identity.records import Newcomer
from registry.identity.traits import SourceRef
from registry.kernel import clock
from registry.persistence import vault_session


@dataclass(frozen=True)
class Row:
    """A row as the vault remembers it: digests alone."""

    system: str
    row_digest: bytes
    content_digest: bytes
    #: Whom it was attached to when it was read before.
    person_id: int | None = None
    is_unchanged: bool = False


_READ_BEFORE = (
    sa.select(SourceRow.row_digest, SourceRow.content_digest, IdentityRecord.person_id)
    .join(IdentityRecord, IdentityRecord.id == SourceRow.record_id)
    .where(
        SourceRow.system == sa.bindparam("system"),
        SourceRow.row_digest.in_(sa.bindparam("row_digests", expanding=True)),
    )
)


def look_up(opened: OpenVault, source: SourceRef, newcomer: Newcomer) -> Row:
    """The row, and what became of it when it was read before."""
    content = newcomer.content(source.system, source.row)
    before = vault_session.execute(
        _READ_BEFORE,
        {
            "system": source.system,
            "row_digests": opened.row_digests(source.system, source.row),
        },
    ).one_or_none()
    written = opened.content_digest(content)
    if before is None:
        return Row(source.system, opened.row_digest(source.system, source.row), written)
    return Row(
        source.system,
        before.row_digest,
        written,
        before.person_id,
        before.content_digest in opened.content_digests(content),
    )


def remember(row: Row, record_id: int) -> None:
    """Remember that the row became this record; a row that changed at its source counts anew."""
    values = {
        "content_digest": row.content_digest,
        "record_id": record_id,
        "received_at": clock.now(),
    }
    if row.person_id is None:
        vault_session.execute(
            sa.insert(table_of(SourceRow)),
            {"system": row.system, "row_digest": row.row_digest, **values},
        )
    else:
        vault_session.execute(
            sa.update(SourceRow)
            .where(SourceRow.system == row.system, SourceRow.row_digest == row.row_digest)
            .values(values)
        )
