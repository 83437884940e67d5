"""Rows of other systems: what was read before is known again."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa

from registry.identity.keys import OpenVault
from registry.identity.models import IdentityRecord, SourceRow
from registry.identity.records import Newcomer
from registry.identity.traits import SourceRef
from registry.persistence import rows_for, vault_session


@dataclass(frozen=True, slots=True)
class Row:
    """A row as the vault remembers it: digests, and its number sealed."""

    system: str
    #: Often a hospital's own number of the person: never shown, kept sealed.
    number: str = field(repr=False)
    #: As it is stored where it was read before, else as it will be.
    row_digest: bytes
    content_digest: bytes
    #: Whom it was attached to when it was read before.
    person_id: int | None = None
    is_unchanged: bool = False


@dataclass(frozen=True, slots=True)
class _Before:
    content_digest: bytes
    person_id: int


_READ_BEFORE = (
    sa.select(SourceRow.row_digest, SourceRow.content_digest, IdentityRecord.person_id)
    .join(IdentityRecord, IdentityRecord.id == SourceRow.record_id)
    .where(
        SourceRow.system == sa.bindparam("system"),
        SourceRow.row_digest.in_(sa.bindparam("values", expanding=True)),
    )
)


class Sources:
    """What is known of the rows of a batch."""

    def __init__(self, opened: OpenVault, asked: Iterable[SourceRef]) -> None:
        self._opened = opened
        self._digests = {source: opened.row_digests(source.system, source.row) for source in asked}
        self._before: dict[tuple[str, bytes], _Before] = {}
        self._fresh: set[tuple[str, bytes]] = set()
        for system in {source.system for source in self._digests}:
            wanted = {
                digest
                for source, digests in self._digests.items()
                if source.system == system
                for digest in digests
            }
            for row in rows_for(vault_session, _READ_BEFORE, wanted, system=system):
                self._before[system, row.row_digest] = _Before(row.content_digest, row.person_id)

    @property
    def person_ids(self) -> set[int]:
        """Whose rows were read before."""
        return {before.person_id for before in self._before.values()}

    def look_up(self, source: SourceRef, newcomer: Newcomer) -> Row:
        """The row, and what became of it when it was read before."""
        content = newcomer.content(source.system, source.row)
        written = self._opened.content_digest(content)
        for digest in self._digests[source]:
            before = self._before.get((source.system, digest))
            if before is not None:
                unchanged = before.content_digest == written or (
                    before.content_digest in self._opened.content_digests(content)
                )
                return Row(source.system, source.row, digest, written, before.person_id, unchanged)
        digest = self._opened.row_digest(source.system, source.row)
        return Row(source.system, source.row, digest, written)

    def came_again(self, row: Row) -> bool:
        """Whether the batch itself has brought this row since it was looked up."""
        return (row.system, row.row_digest) in self._fresh

    def remember(self, row: Row, person_id: int) -> None:
        """Know the row again when the same batch brings it once more."""
        self._before[row.system, row.row_digest] = _Before(row.content_digest, person_id)
        self._fresh.add((row.system, row.row_digest))
