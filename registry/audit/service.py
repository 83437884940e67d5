"""Recording: called by every service function, sealed at the commit."""

from collections.abc import Iterable
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

import sqlalchemy as sa

from registry.audit.chain import GENESIS, digest
from registry.audit.models import AuditEntry
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.persistence import if_undone, insert_rows, registry_session, table_of, transactional
from registry.persistence.unit_of_work import advisory_lock, current, seal_entries_with
from registry.vocab.audit import AuditTag

#: The delivery's reference for the request under way, so that a log line and an entry meet.
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


class Recorded(Protocol):
    """Something that an entry can be about."""

    @property
    def audit_ref(self) -> str:
        """``kind:code``, pseudonymous."""


def _plain(value: Any) -> Any:
    """The JSON form of a detail; exact for decimals."""
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, str | int | float | bool | None):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Iterable):
        return [_plain(item) for item in value]
    raise TypeError(f"an audit detail cannot be a {type(value).__name__}")


def record(
    actor: Actor,
    tag: AuditTag,
    about: Recorded | str,
    /,
    *,
    reason: str | None = None,
    site_id: int | None = None,
    **details: Any,
) -> None:
    """Record that `actor` did or saw something; written with the change, at the commit.

    `about` is the thing or its ``kind:code``.  `details` are JSON scalars and
    lists: codes, counts and field names, never an identifying value.

    :raises GuardError: called outside a unit of work.
    """
    current().audit_entries.append(
        {
            "at": clock.now(),
            "actor_id": actor.id,
            "actor_login": actor.login,
            "tag": tag.value,
            "object_ref": about if isinstance(about, str) else about.audit_ref,
            "site_id": site_id if site_id is not None else getattr(about, "site_id", None),
            "reason": reason,
            "request_id": request_id.get(),
            "details": _plain(details),
        }
    )


def record_if_undone(actor: Actor, tag: AuditTag, about: Recorded | str, /, **details: Any) -> None:
    """Record that `actor` was refused, once the refusal has undone the unit of work."""
    ref = about if isinstance(about, str) else about.audit_ref

    @transactional
    def alone() -> None:
        record(actor, tag, ref, **details)

    if_undone(alone)


def _seal(entries: list[dict[str, Any]]) -> None:
    """Chain and write the entries; one writer at a time, so that the chain never forks."""
    if not entries:
        return
    advisory_lock("audit")
    head = registry_session.execute(
        sa.select(AuditEntry.seq, AuditEntry.digest).order_by(AuditEntry.seq.desc()).limit(1)
    ).one_or_none()
    seq, previous = (0, GENESIS) if head is None else (head.seq, head.digest)
    for entry in entries:
        seq += 1
        entry["seq"] = seq
        entry["previous"] = previous
        previous = entry["digest"] = digest(previous, entry)
    insert_rows(registry_session, table_of(AuditEntry), entries)


seal_entries_with(_seal)
