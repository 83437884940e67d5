"""The worker: each task to its end, or to a sentence about why not."""

import json
from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest
from flask import Flask

from config import Settings
from registry.jobs import Worker
from registry.jobs.work import Run, Work
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, Unavailable
from registry.kernel.messages import T
from registry.persistence import registry_session
from registry.tasks import service
from registry.tasks.models import Task
from registry.vocab import limits
from registry.vocab.tasks import TaskFailure, TaskKind, TaskState
from tests.factories.accounts import People

NAME = "Lafleur-Testing"


@pytest.fixture
def stopping() -> Event:
    return Event()


@pytest.fixture
def carried_out(app: Flask, actors: People, stopping: Event) -> Callable[[Work], Task]:
    """The task as it stands after one worker has had `work` in hand, once."""

    def carry_out(work: Work) -> Task:
        asked = service.request(actors.admin, TaskKind.REMATCH)
        Worker(app, stopping=stopping, work={TaskKind.REMATCH: work}).run_one()
        registry_session.rollback()
        return registry_session.get_one(Task, asked.task.id, populate_existing=True)

    return carry_out


def steps(_actor: Actor, run: Run) -> None:
    """Four steps, from wherever an earlier worker stopped."""
    for step in range((run.cursor or 0) + 1, 5):
        if run.should_stop():
            return
        run.progress(step, 4, cursor=step)


def test_a_task_is_carried_out_to_its_end(
    carried_out: Callable[[Work], Task], audit_tags: Callable[[], list[str]]
):
    task = carried_out(steps)

    assert (task.state, task.done, task.total) == (TaskState.DONE, 4, 4)
    assert audit_tags() == ["task:requested", "task:ended"]


def test_a_worker_without_tasks_has_nothing_to_do(app: Flask, stopping: Event):
    assert Worker(app, stopping=stopping).run_one() is False


def test_cancelling_stops_between_two_steps(carried_out: Callable[[Work], Task], actors: People):
    def cancelled_in_the_middle(actor: Actor, run: Run) -> None:
        run.progress(1, 4, cursor=1)
        registry_session.rollback()
        task = registry_session.query(Task).one()
        service.cancel(actors.identity_officer, task.id)
        run.progress(2, 4, cursor=2)
        steps(actor, run)

    task = carried_out(cancelled_in_the_middle)

    assert (task.state, task.done) == (TaskState.CANCELLED, 2)


def test_a_worker_told_to_stop_puts_its_task_back_where_it_stands(
    carried_out: Callable[[Work], Task], stopping: Event
):
    def stopped_in_the_middle(actor: Actor, run: Run) -> None:
        run.progress(1, 4, cursor=1)
        stopping.set()
        steps(actor, run)

    task = carried_out(stopped_in_the_middle)

    assert (task.state, task.done, task.cursor) == (TaskState.WAITING, 1, 1)


def test_what_was_put_back_goes_on_from_there(carried_out: Callable[[Work], Task], stopping: Event):
    begun: list[int | None] = []

    def stopped_once(actor: Actor, run: Run) -> None:
        begun.append(run.cursor)
        if run.cursor is None:
            run.progress(3, 4, cursor=3)
            stopping.set()
        steps(actor, run)

    carried_out(stopped_once)
    stopping.clear()
    task = carried_out(stopped_once)

    assert begun == [None, 3]
    assert task.state is TaskState.DONE


@pytest.mark.pages
def test_a_defect_shows_a_reference_and_nothing_else(
    carried_out: Callable[[Work], Task], settings: Settings
):
    def fails(_actor: Actor, _run: Run) -> None:
        raise KeyError(NAME)

    task = carried_out(fails)

    assert (task.state, task.failure) == (TaskState.FAILED, TaskFailure.DEFECT)
    assert task.reference
    lines = (settings.logs_dir / "registry.log").read_text().splitlines()
    told = next(entry for entry in map(json.loads, lines) if entry["event"] == "task failed")
    assert told["reference"] == task.reference
    assert told["exception"] == "KeyError"
    assert NAME not in "".join(lines)


@pytest.mark.parametrize(
    ("refusal", "failure"),
    [
        (Unavailable(T("Closed.")), TaskFailure.VAULT_CLOSED),
        (InvalidInput(T("No.")), TaskFailure.REFUSED),
    ],
)
def test_a_refusal_is_told_apart_from_a_defect(
    carried_out: Callable[[Work], Task], refusal: Exception, failure: TaskFailure
):
    def refused(_actor: Actor, _run: Run) -> None:
        raise refusal

    assert carried_out(refused).failure is failure


def test_a_task_that_kills_every_worker_is_given_up(
    app: Flask, actors: People, stopping: Event, carried_out: Callable[[Work], Task]
):
    class Killed(BaseException):
        """The end of the process."""

    def kills(_actor: Actor, _run: Run) -> None:
        raise Killed

    service.request(actors.admin, TaskKind.REMATCH)
    later = clock.now()
    for _ in range(limits.TASK_ATTEMPTS_MAX):
        with clock.frozen(later), pytest.raises(Killed):
            Worker(app, stopping=stopping, work={TaskKind.REMATCH: kills}).run_one()
        later += timedelta(seconds=limits.TASK_SILENT_SECONDS + 1)

    with clock.frozen(later):
        task = carried_out(kills)

    assert task.failure is TaskFailure.GAVE_UP
