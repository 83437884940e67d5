"""Reading the record."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from registry.access import Permission, require
from registry.audit import chain
from registry.audit.models import AuditEntry
from registry.audit.service import record
from registry.kernel.actor import Actor
from registry.persistence import registry_session, transactional
from registry.vocab import limits
from registry.vocab.audit import AuditTag

_CHUNK = 5_000


@transactional
def page(
    actor: Actor,
    *,
    before: int | None = None,
    tag: AuditTag | None = None,
    about: str | None = None,
) -> Sequence[AuditEntry]:
    """The newest entries before `before`, one page of them, newest first; recorded.

    :raises NotPermitted: the actor may not read the journal.
    """
    require(actor, Permission.AUDIT_READ)
    record(actor, AuditTag.AUDIT_READ, "journal:page", before=before, tag=tag, about=about)
    query = sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(limits.PAGE_ROWS)
    if before is not None:
        query = query.where(AuditEntry.seq < before)
    if tag:
        query = query.where(AuditEntry.tag == tag)
    if about:
        query = query.where(AuditEntry.object_ref == about)
    return registry_session.scalars(query).all()


def _rows() -> Iterator[Mapping[str, Any]]:
    """Every entry in order, read in keyset chunks so that memory stays flat."""
    last = 0
    while True:
        rows = registry_session.execute(
            sa.select(AuditEntry.__table__)
            .where(AuditEntry.seq > last)
            .order_by(AuditEntry.seq)
            .limit(_CHUNK)
        ).mappings()
        found = rows.all()
        yield from found  # type: ignore[misc]
        if len(found) < _CHUNK:
            return
        last = found[-1]["seq"]


def verify(actor: Actor) -> chain.Verification:
    """Recompute the whole chain; that it was done, and what was found, is recorded.

    The walk holds no lock: others go on writing, and what they add is verified
    the next time.

    :raises NotPermitted: the actor may not verify the journal.
    """
    require(actor, Permission.AUDIT_VERIFY)
    found = chain.verify(_rows())
    _record_verified(actor, found)
    return found


@transactional
def _record_verified(actor: Actor, found: chain.Verification) -> None:
    require(actor, Permission.AUDIT_VERIFY)
    record(
        actor,
        AuditTag.AUDIT_VERIFIED,
        "journal:chain",
        entries=found.entries,
        head=found.head.hex(),
        broken_at=None if found.broken is None else found.broken.seq,
    )
