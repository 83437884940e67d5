"""What each kind of background work does: the one table."""

from collections.abc import Callable
from typing import Protocol

from registry.consents.standing import service as standing
from registry.identity import rematching
from registry.identity.erasure import cleaning
from registry.identity.rotation import reindexing, rewrapping
from registry.identity.weights import service as weights
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


def _rematch(actor: Actor, run: Run) -> None:
    """From the person after whom an earlier worker stopped."""
    rematching.rematch(actor, after=run.cursor, progress=run.progress, should_stop=run.should_stop)


def _estimate(actor: Actor, run: Run) -> None:
    """From the beginning each time: nothing is kept of an estimate that was not finished."""
    weights.estimate(actor, progress=run.progress, should_stop=run.should_stop)


def _rewrap(actor: Actor, run: Run) -> None:
    """What is left to do is read from the rows."""
    rewrapping.rewrap(actor, progress=run.progress, should_stop=run.should_stop)


def _reindex(actor: Actor, run: Run) -> None:
    """What is left to do is read from the rows."""
    reindexing.reindex(actor, progress=run.progress, should_stop=run.should_stop)


def _clean(actor: Actor, _run: Run) -> None:
    """One step: a file is written anew whole or not at all."""
    cleaning.clean(actor)


def _refresh_consents(actor: Actor, run: Run) -> None:
    """What is left to do is read from the rows."""
    standing.refresh(actor, progress=run.progress, should_stop=run.should_stop)


WORK: dict[TaskKind, Work] = {
    TaskKind.REMATCH: _rematch,
    TaskKind.ESTIMATE_WEIGHTS: _estimate,
    TaskKind.REWRAP_KEYS: _rewrap,
    TaskKind.REINDEX: _reindex,
    TaskKind.CLEAN_ERASED: _clean,
    TaskKind.REFRESH_CONSENTS: _refresh_consents,
}
