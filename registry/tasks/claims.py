"""A worker's hold on a task: taken by one, kept by saying so, lost by falling silent.

Claims, signs of life and progress are no change to the registry that somebody
was allowed to make: they go through short connections of their own.  How a
task ended is, and is recorded.
"""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from registry import audit
from registry.access import Permission, require
from registry.accounts.connections import writing
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.persistence import lock_row, registry_session, transactional
from registry.tasks.models import Task
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.tasks import TaskFailure, TaskKind, TaskState

_SILENT = timedelta(seconds=limits.TASK_SILENT_SECONDS)


class ClaimLost(Exception):
    """The worker was silent for so long that another one has the task, or it has ended."""


@dataclass(frozen=True)
class Claim:
    """A task in the hands of one worker."""

    task_id: int
    kind: TaskKind
    worker: str
    attempts: int
    done: int
    total: int | None
    cursor: int | None
    #: Somebody wants it ended.
    cancel_asked: bool

    @property
    def _held(self) -> sa.ColumnElement[bool]:
        return sa.and_(
            Task.id == self.task_id, Task.state == TaskState.RUNNING, Task.worker == self.worker
        )


def claim(worker: str) -> Claim | None:
    """The task that has waited longest, or one whose worker fell silent; None when idle.

    Of several workers one gets it; the others get the next one.
    """
    now = clock.now()
    free = sa.or_(
        Task.state == TaskState.WAITING,
        sa.and_(Task.state == TaskState.RUNNING, Task.beat_at < now - _SILENT),
    )
    next_one = (
        sa.select(Task.id)
        .where(free)
        .order_by(Task.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = (
        sa.update(Task)
        .where(Task.id == next_one, free)
        .values(
            state=TaskState.RUNNING,
            worker=worker,
            beat_at=now,
            started_at=sa.func.coalesce(Task.started_at, now),
            attempts=Task.attempts + 1,
        )
        .returning(
            Task.id,
            Task.kind,
            Task.attempts,
            Task.done,
            Task.total,
            Task.cursor,
            Task.cancel_asked_at,
        )
    )
    with writing() as connection:
        row = connection.execute(taken).one_or_none()
    if row is None:
        return None
    return Claim(
        task_id=row.id,
        kind=row.kind,
        worker=worker,
        attempts=row.attempts,
        done=row.done,
        total=row.total,
        cursor=row.cursor,
        cancel_asked=row.cancel_asked_at is not None,
    )


def advance(held: Claim, *, done: int, total: int | None, cursor: int | None) -> bool:
    """Note how far the task has come; whether it is to go on.

    Never called inside a unit of work: on SQLite it would wait for itself.

    :raises ClaimLost: the task is no longer this worker's.
    """
    with writing() as connection:
        row = connection.execute(
            sa.update(Task)
            .where(held._held)
            .values(done=done, total=total, cursor=cursor, beat_at=clock.now(), attempts=0)
            .returning(Task.cancel_asked_at)
        ).one_or_none()
    if row is None:
        raise ClaimLost(held.task_id)
    return row.cancel_asked_at is None


def beat(held: Claim) -> bool:
    """Say that the worker lives; whether the task is still its own.

    Somebody who keeps SQLite's one writer for long lets it say so a little later.
    """
    try:
        with writing(patience_ms=limits.TASK_BEAT_SECONDS * 1000) as connection:
            found = connection.execute(
                sa.update(Task).where(held._held).values(beat_at=clock.now()).returning(Task.id)
            ).one_or_none()
    except OperationalError:
        return True
    return found is not None


def release(held: Claim) -> None:
    """Put the task back for whoever comes next, who goes on from its cursor."""
    with writing() as connection:
        connection.execute(
            sa.update(Task)
            .where(held._held)
            .values(state=TaskState.WAITING, worker=None, beat_at=None, attempts=0)
        )


@transactional
def finish(actor: Actor, held: Claim, *, cancelled: bool = False) -> None:
    """Record that the task has ended: done, or at the wish of whoever cancelled it.

    :raises ClaimLost: the task is no longer this worker's.
    """
    require(actor, Permission.TASK_RUN)
    task = _ended(held, TaskState.CANCELLED if cancelled else TaskState.DONE)
    audit.record(actor, AuditTag.TASK_ENDED, task, kind=task.kind, state=task.state, done=task.done)


@transactional
def fail(actor: Actor, held: Claim, failure: TaskFailure, *, reference: str) -> None:
    """Record that the task could not be carried out; the log tells more under `reference`.

    :raises ClaimLost: the task is no longer this worker's.
    """
    require(actor, Permission.TASK_RUN)
    task = _ended(held, TaskState.FAILED, failure=failure, reference=reference)
    audit.record(
        actor, AuditTag.TASK_FAILED, task, kind=task.kind, failure=failure, reference=reference
    )


def _ended(
    held: Claim,
    state: TaskState,
    *,
    failure: TaskFailure | None = None,
    reference: str | None = None,
) -> Task:
    task = lock_row(Task, held.task_id)
    if task.state is not TaskState.RUNNING or task.worker != held.worker:
        raise ClaimLost(held.task_id)
    task.state, task.ended_at = state, clock.now()
    task.worker = task.beat_at = None
    task.failure, task.reference = failure, reference
    registry_session.flush()
    return task
