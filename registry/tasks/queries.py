"""Reading what background work there is."""

from collections.abc import Sequence

import sqlalchemy as sa

from registry.access import Permission, require
from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.tasks.models import Task
from registry.vocab import limits


def page(actor: Actor, *, before: int | None = None) -> Sequence[Task]:
    """One page of tasks, the newest first; `before` is the id after which it goes on."""
    require(actor, Permission.TASK_READ)
    query = sa.select(Task).order_by(Task.id.desc()).limit(limits.PAGE_ROWS)
    if before is not None:
        query = query.where(Task.id < before)
    return registry_session.scalars(query).all()
