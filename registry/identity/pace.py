"""How often one person may ask the vault: each answer tells something, so the number is bounded.

Whoever is stopped is recorded: somebody who asks that often may be after everybody.
"""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from registry import audit
from registry.audit.models import AuditEntry
from registry.audit.service import Recorded
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import TooManyAttempts
from registry.kernel.messages import Message, T
from registry.persistence import registry_session
from registry.persistence.unit_of_work import advisory_lock
from registry.vocab import limits
from registry.vocab.audit import LOOKS as LOOK_TAGS, AuditTag


@dataclass(frozen=True)
class Pace:
    """So many recorded acts of some kinds within so many seconds, and what to say beyond."""

    tags: frozenset[AuditTag]
    most: int
    seconds: int
    sentence: Message


SEARCHES = Pace(
    frozenset({AuditTag.IDENTITY_SEARCHED}),
    limits.IDENTITY_SEARCHES_MAX,
    limits.IDENTITY_SEARCH_WINDOW_SECONDS,
    T("You have searched {count} times within {minutes} minutes. Wait a little."),
)
LOOKS = Pace(
    frozenset(LOOK_TAGS),
    limits.IDENTITY_LOOKS_MAX,
    limits.IDENTITY_LOOKS_WINDOW_SECONDS,
    T("You have looked at identities {count} times within {minutes} minutes. Wait a little."),
)

REVERSALS = Pace(
    frozenset({AuditTag.PSEUDONYM_REVERSED, AuditTag.PSEUDONYM_NOT_FOUND}),
    limits.REVERSALS_MAX,
    limits.REVERSALS_WINDOW_SECONDS,
    T("You have asked for {count} codes within {minutes} minutes. Wait a little."),
)
PARTNER_CODES = Pace(
    frozenset({AuditTag.FOREIGN_PSEUDONYM_SOUGHT}),
    limits.PARTNER_CODES_MAX,
    limits.PARTNER_CODES_WINDOW_SECONDS,
    T("You have asked for {count} codes within {minutes} minutes. Wait a little."),
)


def check(actor: Actor, pace: Pace, about: Recorded | str) -> None:
    """Refuse, and record that it was refused, once the actor has done enough for a while.

    Of one person's requests, one at a time is counted and carried out: the next
    finds what the one before it recorded.

    :raises TooManyAttempts: it has.
    """
    if actor.is_operator:
        return
    advisory_lock(f"pace:{actor.id}")
    done = registry_session.scalar(
        sa.select(sa.func.count())
        .select_from(AuditEntry)
        .where(
            AuditEntry.actor_id == actor.id,
            AuditEntry.at > clock.now() - timedelta(seconds=pace.seconds),
            AuditEntry.tag.in_([tag.value for tag in pace.tags]),
        )
    )
    if done is not None and done >= pace.most:
        audit.record_if_undone(actor, AuditTag.IDENTITY_REFUSED, about, why="too_many", count=done)
        params = {"count": done, "minutes": pace.seconds // 60}
        raise TooManyAttempts(Message(pace.sentence.msgid, params))
