"""Requests that have been carried out, so that the same one sent again changes nothing more."""

import re
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.kernel import clock
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.persistence.base import RegistryModel
from registry.persistence.columns import UtcDateTime
from registry.persistence.database import registry_session
from registry.persistence.unit_of_work import advisory_lock
from registry.vocab import limits

KEPT_FOR = timedelta(days=limits.HANDLED_DAYS)
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class HandledRequest(RegistryModel):
    """One request by its key: a digest of what it asked, and where it was sent on to."""

    __tablename__ = "handled_request"

    key: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    payload_digest: Mapped[str] = mapped_column(sa.String(64))
    answer: Mapped[str] = mapped_column(sa.Text)
    handled_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def is_key(text: str) -> bool:
    """Whether it has the form of a request key (a UUID)."""
    return _KEY.fullmatch(text) is not None


def answer_for(key: str, payload_digest: str) -> str | None:
    """Where the request with this key was sent on to, or None when it is new.

    Holds other requests with the same key back until the commit.

    :raises InvalidInput: the key belongs to a request that asked for something else.
    """
    advisory_lock(f"request:{key}")
    found = registry_session.get(HandledRequest, key, populate_existing=True)
    if found is None:
        return None
    if found.payload_digest != payload_digest:
        raise InvalidInput(
            T("This form was sent before with other values. Open it again to send a new one.")
        )
    return found.answer


def remember(key: str, payload_digest: str, answer: str) -> None:
    """Keep the answer with what was done, in the same transaction; old ones are swept."""
    now = clock.now()
    registry_session.execute(
        sa.delete(HandledRequest).where(HandledRequest.handled_at < now - KEPT_FOR)
    )
    registry_session.add(
        HandledRequest(key=key, payload_digest=payload_digest, answer=answer, handled_at=now)
    )
