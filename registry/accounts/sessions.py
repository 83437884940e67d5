"""What the server remembers of each browser.

The browser holds a random 256-bit token, the database its digest: reading the
table gives nobody a session.  A session ends when it has been idle, when it
is old, and at once when it is ended here.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from registry.accounts.connections import reading, writing
from registry.accounts.models import SignInSession
from registry.kernel import clock
from registry.persistence import registry_session
from registry.vocab import limits

TOKEN_BYTES = 32
IDLE = timedelta(seconds=limits.SESSION_IDLE_SECONDS)
ABSOLUTE = timedelta(seconds=limits.SESSION_ABSOLUTE_SECONDS)
ANONYMOUS = timedelta(seconds=limits.SESSION_ANONYMOUS_SECONDS)
#: Writing at each request that somebody is still there would make every read a write.
SEEN_EVERY = timedelta(minutes=1)
_SEEN_PATIENCE_MS = 100


@dataclass(frozen=True)
class Remembered:
    """A session as it was found."""

    user_id: int | None
    data: Mapping[str, Any]
    last_seen_at: datetime
    renewal_due: bool


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def find(token: str) -> Remembered | None:
    """The live session of this token."""
    now = clock.now()
    query = sa.select(
        SignInSession.user_id,
        SignInSession.data,
        SignInSession.last_seen_at,
        SignInSession.renewal_due,
    ).where(
        SignInSession.token_digest == _digest(token),
        SignInSession.expires_at > now,
        SignInSession.last_seen_at > now - IDLE,
    )
    with reading() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else Remembered(*row)


def start(user_id: int | None, data: Mapping[str, Any]) -> str:
    """Begin a session and return its token; old ones are swept on the way."""
    token, now = secrets.token_urlsafe(TOKEN_BYTES), clock.now()
    with writing() as connection:
        connection.execute(
            sa.delete(SignInSession).where(
                sa.or_(SignInSession.expires_at <= now, SignInSession.last_seen_at <= now - IDLE)
            )
        )
        connection.execute(
            sa.insert(SignInSession).values(
                token_digest=_digest(token),
                user_id=user_id,
                data=dict(data),
                created_at=now,
                last_seen_at=now,
                expires_at=now + (ANONYMOUS if user_id is None else ABSOLUTE),
                renewal_due=False,
            )
        )
    return token


def save(token: str, data: Mapping[str, Any]) -> None:
    """Keep what the request has changed; nothing happens when the session has ended meanwhile.

    A power cut may cost the last notice of what was done, not what was done.
    """
    with writing(durable=False) as connection:
        connection.execute(
            sa.update(SignInSession)
            .where(SignInSession.token_digest == _digest(token))
            .values(data=dict(data), last_seen_at=clock.now())
        )


def renew(token: str, data: Mapping[str, Any]) -> str | None:
    """The same session under a new token, or None when another request was first."""
    fresh = secrets.token_urlsafe(TOKEN_BYTES)
    with writing() as connection:
        changed = connection.execute(
            sa.update(SignInSession)
            .where(SignInSession.token_digest == _digest(token))
            .values(
                token_digest=_digest(fresh),
                data=dict(data),
                last_seen_at=clock.now(),
                renewal_due=False,
            )
        )
    return fresh if changed.rowcount == 1 else None


def seen(token: str) -> bool:
    """Note that the person is still there; left for later when the database is busy."""
    try:
        with writing(patience_ms=_SEEN_PATIENCE_MS, durable=False) as connection:
            connection.execute(
                sa.update(SignInSession)
                .where(SignInSession.token_digest == _digest(token))
                .values(last_seen_at=clock.now())
            )
    except OperationalError:
        return False
    return True


def end(token: str) -> None:
    """Forget the session at once."""
    with writing() as connection:
        connection.execute(
            sa.delete(SignInSession).where(SignInSession.token_digest == _digest(token))
        )


def end_all(user_id: int) -> None:
    """End every session of this person, in the unit of work under way."""
    registry_session.execute(sa.delete(SignInSession).where(SignInSession.user_id == user_id))


def renew_all(user_id: int) -> None:
    """Give every session of this person a new token at its next request."""
    registry_session.execute(
        sa.update(SignInSession).where(SignInSession.user_id == user_id).values(renewal_due=True)
    )
