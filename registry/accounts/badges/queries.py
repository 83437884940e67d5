"""Reading badges: never what they say."""

from collections.abc import Collection

import sqlalchemy as sa

from registry.access import Permission, require
from registry.accounts.badges import reading
from registry.accounts.badges.models import Badge
from registry.kernel.actor import Actor
from registry.persistence import registry_session


def own(actor: Actor) -> Badge | None:
    """The actor's live badge."""
    require(actor, Permission.ACCOUNT_OWN)
    return registry_session.scalar(_live().where(Badge.user_id == actor.id))


def of_person(actor: Actor, user_id: int) -> Badge | None:
    """The live badge of an account.

    :raises NotPermitted: the actor does not administer accounts.
    """
    require(actor, Permission.ACCOUNT_MANAGE)
    return registry_session.scalar(_live().where(Badge.user_id == user_id))


def is_badge(actor: Actor, scanned: str) -> bool:
    """Whether it is what a badge says, live or ended; not whose."""
    require(actor, Permission.HOME_OPEN)
    query = sa.select(Badge.id).where(Badge.code_digest == reading.digest_of(scanned)).limit(1)
    return registry_session.scalar(query) is not None


def among(actor: Actor, scanned: Collection[str]) -> frozenset[str]:
    """Those that are what a badge says, live or ended; not whose."""
    require(actor, Permission.HOME_OPEN)
    digests = {one: reading.digest_of(one) for one in scanned}
    query = sa.select(Badge.code_digest).where(Badge.code_digest.in_(digests.values()))
    known = set(registry_session.scalars(query))
    return frozenset(one for one, digest in digests.items() if digest in known)


def _live() -> sa.Select[Badge]:
    return sa.select(Badge).where(Badge.ended_at.is_(None))
