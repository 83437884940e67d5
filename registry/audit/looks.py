"""Every look at identities: who, when, at whom, and why; reading the list is recorded too."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from registry.access import Permission, require
from registry.audit.models import AuditEntry
from registry.audit.service import record
from registry.kernel.actor import Actor
from registry.kernel.clock import PARIS
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.persistence import registry_session, transactional
from registry.vocab import limits
from registry.vocab.audit import LOOKS, AuditTag


@dataclass(frozen=True)
class Whose:
    """Whom looks are sought of: the references of one person, and the code on lists."""

    refs: Collection[str]
    code: str


@dataclass(frozen=True)
class Wanted:
    """Which looks to show; what is None does not matter.  Days are days in Paris."""

    actor_id: int | None = None
    of: Whose | None = None
    site_id: int | None = None
    since: date | None = None
    until: date | None = None


@transactional
def page(actor: Actor, wanted: Wanted, *, before: int | None = None) -> Sequence[AuditEntry]:
    """The newest looks before the entry `before`, one page of them and one more; recorded.

    :raises NotPermitted: the actor may not read them.
    """
    require(actor, Permission.LOOK_READ)
    _record(actor, "looks:page", wanted, before=before)
    query = _query(wanted).limit(limits.PAGE_ROWS + 1)
    if before is not None:
        query = query.where(AuditEntry.seq < before)
    return registry_session.scalars(query).all()


@transactional
def everything(actor: Actor, wanted: Wanted) -> Sequence[AuditEntry]:
    """Every look that is wanted, newest first, to be taken away as a file; recorded.

    :raises NotPermitted: the actor may not read them.
    :raises RuleBroken: they are too many for one file.
    """
    require(actor, Permission.LOOK_READ)
    found = registry_session.scalars(_query(wanted).limit(limits.LOOKS_FILE_ROWS_MAX + 1)).all()
    if len(found) > limits.LOOKS_FILE_ROWS_MAX:
        raise RuleBroken(
            T(
                "There are more than {count} looks. Choose a shorter period.",
                count=limits.LOOKS_FILE_ROWS_MAX,
            )
        )
    _record(actor, "looks:file", wanted, count=len(found))
    return found


def people(actor: Actor) -> Sequence[int]:
    """The accounts of everybody who ever looked.

    :raises NotPermitted: the actor may not read them.
    """
    require(actor, Permission.LOOK_READ)
    return registry_session.scalars(
        sa.select(AuditEntry.actor_id)
        .where(AuditEntry.tag.in_(LOOKS), AuditEntry.actor_id.is_not(None))
        .distinct()
    ).all()  # type: ignore[return-value]


def _record(actor: Actor, about: str, wanted: Wanted, **details: Any) -> None:
    record(
        actor,
        AuditTag.AUDIT_READ,
        about,
        by=wanted.actor_id,
        of=None if wanted.of is None else wanted.of.code,
        site=wanted.site_id,
        since=wanted.since,
        until=wanted.until,
        **details,
    )


def _query(wanted: Wanted) -> sa.Select[AuditEntry]:
    query = sa.select(AuditEntry).where(AuditEntry.tag.in_(LOOKS)).order_by(AuditEntry.seq.desc())
    if wanted.actor_id is not None:
        query = query.where(AuditEntry.actor_id == wanted.actor_id)
    if wanted.site_id is not None:
        query = query.where(AuditEntry.site_id == wanted.site_id)
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= midnight(wanted.since))
    if wanted.until is not None:
        query = query.where(AuditEntry.at < midnight(wanted.until + timedelta(days=1)))
    if wanted.of is not None:
        on_lists = _lists_with(wanted.of.code)
        query = query.where(
            sa.or_(AuditEntry.object_ref.in_(wanted.of.refs), AuditEntry.seq.in_(on_lists))
        )
    return query


def _lists_with(code: str) -> list[int]:
    """The lists of contacts that the participant was on; there are few lists."""
    rows = registry_session.execute(
        sa.select(AuditEntry.seq, AuditEntry.details).where(
            AuditEntry.tag == AuditTag.CONTACTS_EXPORTED
        )
    )
    return [row.seq for row in rows if code in row.details.get("codes", ())]


def midnight(day: date) -> datetime:
    """When the day begins in Paris."""
    return datetime.combine(day, time(), PARIS).astimezone(UTC)
