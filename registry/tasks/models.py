"""The one table of background work: it is the queue, and what people see of it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.persistence import RegistryModel, UtcDateTime, enum_column
from registry.persistence.base import BigId
from registry.vocab import limits
from registry.vocab.tasks import UNDER_WAY, TaskFailure, TaskKind, TaskState

_IS_UNDER_WAY = sa.column("state").in_([state.value for state in UNDER_WAY])


class Task(RegistryModel):
    """Work that was asked for."""

    __tablename__ = "task"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[TaskKind] = enum_column(TaskKind)
    state: Mapped[TaskState] = enum_column(TaskState)
    #: The account, or None for the command line.
    requested_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Who does it, by a name drawn at that worker's start, and when it last said so.
    worker: Mapped[str | None] = mapped_column(sa.String(limits.CODE_MAX))
    beat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: How often it was taken up since it last got further.
    attempts: Mapped[int]
    done: Mapped[int] = mapped_column(sa.BigInteger)
    total: Mapped[int | None] = mapped_column(sa.BigInteger)
    #: Where the next worker goes on.
    cursor: Mapped[int | None] = mapped_column(sa.BigInteger)
    cancel_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[TaskFailure | None] = enum_column(TaskFailure)
    #: Under which the log tells of the failure.
    reference: Mapped[str | None] = mapped_column(sa.String(limits.CODE_MAX))

    requested_by: Mapped[User | None] = relationship(lazy="joined")

    __table_args__ = (
        sa.Index(
            "ux_task_kind_under_way",
            "kind",
            unique=True,
            sqlite_where=_IS_UNDER_WAY,
            postgresql_where=_IS_UNDER_WAY,
        ),
        sa.CheckConstraint(
            "(state = 'running') = (worker IS NOT NULL AND beat_at IS NOT NULL)",
            name="running_has_worker",
        ),
        sa.CheckConstraint(
            "(state IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL)",
            name="ended_has_moment",
        ),
        sa.CheckConstraint(
            "(state = 'failed') = (failure IS NOT NULL AND reference IS NOT NULL)",
            name="failed_has_cause",
        ),
        sa.CheckConstraint("done >= 0 AND attempts >= 0", name="counted"),
    )

    @property
    def audit_ref(self) -> str:
        return f"task:{self.id}"

    @property
    def is_under_way(self) -> bool:
        """Whether it waits or runs."""
        return self.state in UNDER_WAY
