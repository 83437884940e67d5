"""Taking tasks and carrying them out until the process is told to stop."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Event, Thread

import structlog
from flask import Flask
from sqlalchemy.exc import OperationalError

from registry.jobs import printing
from registry.jobs.work import WORK, Work
from registry.kernel.actor import Actor
from registry.kernel.errors import DomainError, Unavailable
from registry.tasks import claims
from registry.tasks.claims import Claim, ClaimLost
from registry.vocab import limits
from registry.vocab.tasks import TaskFailure, TaskKind

_REFERENCE_BYTES = 4
_NAME_BYTES = 8

log = structlog.get_logger("registry.jobs")


class _Run:
    """One task under way: what its function may ask and say."""

    def __init__(self, held: Claim, stopping: Event) -> None:
        self.held = held
        self.cursor = held.cursor
        self.cancel_asked = held.cancel_asked
        self.was_told_to_stop = False
        self._stopping = stopping
        self._lost = Event()

    def progress(self, done: int, total: int | None, cursor: int | None = None) -> None:
        """Note how far it has come; what was said of the cursor last stays true."""
        self.cursor = self.cursor if cursor is None else cursor
        goes_on = claims.advance(self.held, done=done, total=total, cursor=self.cursor)
        self.cancel_asked = not goes_on

    def should_stop(self) -> bool:
        """Whether the worker is to stop, the task to be cancelled, or another worker has it."""
        stops = self._stopping.is_set() or self.cancel_asked or self._lost.is_set()
        self.was_told_to_stop = self.was_told_to_stop or stops
        return stops

    @contextmanager
    def beating(self, app: Flask) -> Iterator[None]:
        """Say that the worker lives for as long as the block lasts, however long a step takes."""
        ended = Event()

        def beat() -> None:
            with app.app_context():
                while not ended.wait(limits.TASK_BEAT_SECONDS):
                    if not claims.beat(self.held):
                        self._lost.set()
                        return

        thread = Thread(target=beat, name="heartbeat")
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


class Worker:
    """One process's worker; several may work on the same databases."""

    def __init__(
        self, app: Flask, *, stopping: Event, work: Mapping[TaskKind, Work] = WORK
    ) -> None:
        self.app = app
        self.name = secrets.token_hex(_NAME_BYTES)
        self._actor = Actor.system("worker")
        self._stopping = stopping
        self._work = work

    def run(self) -> None:
        """Carry out what there is, and wait for more, until told to stop.

        Labels go to their printers in the meantime, however long a task takes.
        """
        labels = Thread(target=printing.run, args=(self.app, self._stopping), name="printing")
        labels.start()
        try:
            while not self._stopping.is_set():
                self._go_on()
        finally:
            self._stopping.set()
            labels.join()

    def _go_on(self) -> None:
        try:
            was_busy = self.run_one()
        except OperationalError as error:
            log.warning("database unavailable", kind=type(error.orig).__name__)
            was_busy = False
        if not was_busy:
            self._stopping.wait(limits.TASK_IDLE_SECONDS)

    def run_one(self) -> bool:
        """Carry out one task; false when there is none."""
        with self.app.app_context():
            held = claims.claim(self.name)
            if held is None:
                return False
            run = _Run(held, self._stopping)
            log.info("task begun", task=held.task_id, kind=held.kind, attempt=held.attempts)
            try:
                with run.beating(self.app):
                    self._carry_out(run)
            except ClaimLost:
                log.warning("task lost to another worker", task=held.task_id)
            return True

    def _carry_out(self, run: _Run) -> None:
        held = run.held
        if held.attempts > limits.TASK_ATTEMPTS_MAX:
            self._fail(held, TaskFailure.GAVE_UP)
            return
        try:
            if not run.should_stop():
                self._work[held.kind](self._actor, run)
        except Unavailable as closed:
            self._fail(held, TaskFailure.VAULT_CLOSED, closed)
        except DomainError as refusal:
            self._fail(held, TaskFailure.REFUSED, refusal)
        except (ClaimLost, OperationalError):
            # The task stays as it is: once this worker is silent, it is taken up again.
            raise
        except Exception as defect:  # noqa: BLE001 - whatever it is, somebody must be told
            self._fail(held, TaskFailure.DEFECT, defect)
        else:
            self._end(run)

    def _end(self, run: _Run) -> None:
        if not run.was_told_to_stop:
            claims.finish(self._actor, run.held)
        elif run.cancel_asked:
            claims.finish(self._actor, run.held, cancelled=True)
        else:
            claims.release(run.held)

    def _fail(self, held: Claim, failure: TaskFailure, cause: BaseException | None = None) -> None:
        reference = secrets.token_hex(_REFERENCE_BYTES).upper()
        log.error(
            "task failed", task=held.task_id, kind=held.kind, reference=reference, exc_info=cause
        )
        claims.fail(self._actor, held, failure, reference=reference)
