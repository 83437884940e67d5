"""Asking for background work, and taking it back."""

from dataclasses import dataclass

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.persistence import lock_row, registry_session, transactional
from registry.persistence.unit_of_work import advisory_lock
from registry.tasks.models import Task
from registry.vocab.audit import AuditTag
from registry.vocab.labels import label
from registry.vocab.tasks import UNDER_WAY, TaskKind, TaskState


@dataclass(frozen=True)
class Asked:
    """The task that does what was asked; `is_new` is false where one was under way already."""

    task: Task
    is_new: bool


@transactional
def request(actor: Actor, kind: TaskKind) -> Asked:
    """Have work of this kind done in the background, once though it is asked for twice.

    :raises NotPermitted: the actor may not ask for it.
    :raises RuleBroken: one is being cancelled just now.
    """
    require(actor, Permission.TASK_REQUEST)
    advisory_lock(f"task:{kind}")
    known = registry_session.scalar(
        sa.select(Task)
        .where(Task.kind == kind, Task.state.in_(UNDER_WAY))
        .execution_options(populate_existing=True)
    )
    if known is not None:
        if known.cancel_asked_at is not None:
            raise RuleBroken(
                T("“{what}” is being cancelled. Ask again in a moment.", what=label(kind))
            )
        return Asked(known, is_new=False)
    task = Task(
        kind=kind,
        state=TaskState.WAITING,
        requested_by_id=actor.id,
        requested_at=clock.now(),
        attempts=0,
        done=0,
    )
    registry_session.add(task)
    registry_session.flush()
    audit.record(actor, AuditTag.TASK_REQUESTED, task, kind=kind)
    return Asked(task, is_new=True)


@transactional
def cancel(actor: Actor, task_id: int) -> Task:
    """End a task that waits, or have its worker end it after the step under way.

    :raises NotPermitted: the actor may not ask for work.
    :raises NotFound: there is no such task.
    :raises RuleBroken: it has ended already.
    """
    require(actor, Permission.TASK_REQUEST)
    task = lock_row(Task, task_id)
    if not task.is_under_way:
        raise RuleBroken(T("This task has ended already. Nothing was changed."))
    if task.cancel_asked_at is not None:
        return task
    task.cancel_asked_at = clock.now()
    if task.state is TaskState.WAITING:
        task.state, task.ended_at = TaskState.CANCELLED, clock.now()
    registry_session.flush()
    audit.record(actor, AuditTag.TASK_CANCELLED, task, kind=task.kind)
    return task
