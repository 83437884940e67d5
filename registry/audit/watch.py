"""Unusual activity: what the rules find in the record of the last weeks, and what became of it.

Nothing here accuses anybody: a finding says which rule, how many acts and whose,
and the data protection officer looks into it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from registry.access import Permission, require
from registry.audit.models import AuditEntry, ExaminedActivity
from registry.audit.rules import RULES, WATCHED, Acts, Finding
from registry.audit.service import record
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound
from registry.kernel.messages import T
from registry.persistence import registry_session, transactional
from registry.vocab import limits
from registry.vocab.audit import AuditTag


@dataclass(frozen=True)
class Watched:
    """A finding, and the notes on it, the last one first."""

    finding: Finding
    notes: Sequence[ExaminedActivity]

    @property
    def is_examined(self) -> bool:
        """Whether somebody examined all that is counted now."""
        return any(note.count >= self.finding.count for note in self.notes)


@transactional
def unusual(actor: Actor) -> Sequence[Watched]:
    """What is unusual in the last weeks: what is to be examined first, then the latest; recorded.

    :raises NotPermitted: the actor may not read it.
    """
    require(actor, Permission.LOOK_READ)
    record(actor, AuditTag.AUDIT_READ, "unusual:page")
    return _found()


@transactional
def one(actor: Actor, key: str) -> tuple[Watched, Sequence[AuditEntry]]:
    """A finding with the entries that it counts; recorded.

    :raises NotPermitted: the actor may not read it.
    :raises NotFound: the rules no longer find it.
    """
    require(actor, Permission.LOOK_READ)
    watched = _named(key)
    record(actor, AuditTag.AUDIT_READ, f"unusual:{key}")
    numbers = [act.seq for act in watched.finding.acts]
    entries = registry_session.scalars(
        sa.select(AuditEntry).where(AuditEntry.seq.in_(numbers)).order_by(AuditEntry.seq)
    )
    return watched, entries.all()


@transactional
def examine(actor: Actor, *, key: str, count: int, remark: str) -> ExaminedActivity:
    """Note that a finding was examined, when it counted `count` acts.

    :raises NotPermitted: the actor may not.
    :raises NotFound: the rules no longer find it.
    :raises InvalidInput: the remark is too short or too long.
    """
    require(actor, Permission.LOOK_EXAMINE)
    remark = remark.strip()
    if not limits.REASON_MIN <= len(remark) <= limits.REASON_MAX:
        raise InvalidInput(
            T(
                "Write what you found, in {least} to {most} characters.",
                least=limits.REASON_MIN,
                most=limits.REASON_MAX,
            ),
            field="remark",
        )
    found = _named(key).finding
    note = ExaminedActivity(
        unusual=found.unusual,
        key=key,
        count=min(count, found.count),
        remark=remark,
        examined_at=clock.now(),
        examined_by_id=actor.id,
    )
    registry_session.add(note)
    record(actor, AuditTag.UNUSUAL_EXAMINED, note, reason=remark, count=note.count)
    return note


def _named(key: str) -> Watched:
    for watched in _found():
        if watched.finding.key == key:
            return watched
    raise NotFound(T("The rules no longer find this. Look at the list again."))


def _found() -> list[Watched]:
    acts = _acts()
    findings = [found for rule in RULES for found in rule.find(acts)]
    notes: dict[str, list[ExaminedActivity]] = {finding.key: [] for finding in findings}
    for note in registry_session.scalars(
        sa.select(ExaminedActivity)
        .where(ExaminedActivity.key.in_(notes))
        .order_by(ExaminedActivity.id.desc())
    ):
        notes[note.key].append(note)
    watched = [Watched(finding, notes[finding.key]) for finding in findings]
    return sorted(watched, key=lambda one: (one.is_examined, -one.finding.until.timestamp()))


def _acts() -> Acts:
    """What people did in the watched time; the command line's own work is none of theirs."""
    since = clock.now() - timedelta(days=limits.WATCH_DAYS)
    first = registry_session.scalar(
        sa.select(sa.func.min(AuditEntry.seq)).where(AuditEntry.at >= since)
    )
    if first is None:
        return Acts(())
    rows = registry_session.execute(
        sa.select(
            AuditEntry.seq,
            AuditEntry.at,
            AuditEntry.actor_id,
            AuditEntry.tag,
            AuditEntry.object_ref,
            AuditEntry.site_id,
            AuditEntry.details,
        )
        .where(
            AuditEntry.tag.in_(WATCHED),
            AuditEntry.seq >= first,
            AuditEntry.at >= since,
            AuditEntry.actor_id.is_not(None),
        )
        .order_by(AuditEntry.seq)
    )
    return Acts(tuple(rows))
