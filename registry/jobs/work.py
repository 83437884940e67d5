"""What each kind of background work does: the one table."""

from collections.abc import Callable
from typing import Protocol

from registry.kernel.actor import Actor
from registry.vocab.tasks import TaskKind


class Run(Protocol):
    """A task as its function sees it."""

    @property
    def cursor(self) -> int | None:
        """Where an earlier worker stopped; None at the beginning."""

    def progress(self, done: int, total: int | None, cursor: int | None = None) -> None:
        """Say how far it has come, between two units of work, and where to go on from."""

    def should_stop(self) -> bool:
        """Whether to end now, after the step that was just committed."""


Work = Callable[[Actor, Run], None]

WORK: dict[TaskKind, Work] = {}
