"""Reading the tray: what waits at one's own sites, or came from them."""

from collections.abc import Sequence
from typing import TypeVarTuple

import sqlalchemy as sa

from registry.access import Permission, require
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.persistence import registry_session
from registry.samples.queries import READERS
from registry.samples.tray.models import TrayTube
from registry.vocab import limits

Ts = TypeVarTuple("Ts")


def waiting(actor: Actor) -> Sequence[TrayTube]:
    """What waits, the longest first."""
    query = _visible(actor, sa.select(TrayTube)).order_by(TrayTube.received_at, TrayTube.id)
    return registry_session.scalars(query.limit(limits.SCANS_AT_ONCE_MAX)).all()


def count_waiting(actor: Actor) -> int:
    """How many tubes wait."""
    query = _visible(actor, sa.select(sa.func.count()).select_from(TrayTube))
    return registry_session.scalars(query).one()


def get(actor: Actor, tube_id: int) -> TrayTube:
    """The tube with this id, while it waits.

    :raises NotFound: there is none that the actor sees.
    """
    found = registry_session.scalar(
        _visible(actor, sa.select(TrayTube).where(TrayTube.id == tube_id))
    )
    if found is None:
        raise NotFound(T("This tube does not wait in a tray any more, or not for your sites."))
    return found


def by_code(actor: Actor, code: str) -> TrayTube | None:
    """The tube with exactly this code, while it waits."""
    return registry_session.scalar(
        _visible(actor, sa.select(TrayTube).where(TrayTube.code == code))
    )


def _visible(actor: Actor, query: sa.Select[*Ts]) -> sa.Select[*Ts]:
    require(actor, Permission.SAMPLE_READ)
    query = query.where(TrayTube.ended_at.is_(None))
    scope = actor.sites(*READERS)
    if scope.everywhere:
        return query
    return query.where(TrayTube.site_id.in_(scope.ids) | TrayTube.sender_id.in_(scope.ids))
