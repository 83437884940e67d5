"""The codes in the tray: a code is a sample's or one of a tube that waits, never both.

No two tables can have one unique code between them, so whoever gives a sample
a code of its own and whoever lays a tube into the tray wait for each other.
"""

from collections.abc import Collection

import sqlalchemy as sa

from registry.persistence import registry_session
from registry.persistence.unit_of_work import advisory_lock
from registry.samples.tray.models import TrayTube

_LOCK = "tray codes"


def hold() -> None:
    """Keep everybody from giving a code to a sample until the commit; asked before `waiting`."""
    advisory_lock(_LOCK)


def waiting(codes: Collection[str]) -> set[str]:
    """Which of these codes are of tubes in a tray, anywhere; none of them comes into one until
    the commit.
    """
    advisory_lock(_LOCK, shared=True)
    query = sa.select(TrayTube.code).where(TrayTube.code.in_(codes), TrayTube.ended_at.is_(None))
    return set(registry_session.scalars(query))
