"""Workers as processes of their own: killed, stopped, and kept by `serve`."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from flask import Flask

from config import Settings
from registry.jobs import Worker
from registry.jobs.work import Run
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.tasks import service
from registry.tasks.models import Task
from registry.vocab import limits
from registry.vocab.tasks import TaskKind, TaskState
from tests.factories.accounts import People

ROOT = Path(__file__).parents[3]
PATIENCE_SECONDS = 30
STEPS = 6

#: A worker that says each step it has made and makes the next one when it is told to.
SLOW_WORKER = """
import signal, sys
from threading import Event
import config
from registry.app import create_app
from registry.jobs import Worker
from registry.vocab.tasks import TaskKind

def slow(actor, run):
    for step in range(1, {steps} + 1):
        run.progress(step, {steps}, cursor=step)
        print(step, flush=True)
        sys.stdin.readline()
        if run.should_stop():
            return

stopping = Event()
signal.signal(signal.SIGTERM, lambda *_: stopping.set())
app = create_app(config.load())
print("ready", flush=True)
Worker(app, stopping=stopping, work={{TaskKind.REMATCH: slow}}).run_one()
"""


def environment(settings: Settings) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "REGISTRY_DATA_DIR": str(settings.data_dir),
        "REGISTRY_DATABASE_URL": settings.registry_url,
        "REGISTRY_IDENTITY_URL": settings.identity_url,
        "REGISTRY_KEYS_DIR": str(settings.keys_dir),
    }


@pytest.fixture
def slow_worker(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    """A process that will take one task and wait after each of its steps."""
    with subprocess.Popen(
        [sys.executable, "-c", SLOW_WORKER.format(steps=STEPS)],
        env=environment(settings),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def hears(process: subprocess.Popen[str], *words: str) -> None:
    """Wait until the process has said these lines, letting it go on between its steps."""
    assert process.stdout
    assert process.stdin
    for word in words:
        if word not in ("ready", "1"):
            process.stdin.write("\n")
            process.stdin.flush()
        assert process.stdout.readline().strip() == word


def now_of(task_id: int) -> Task:
    registry_session.rollback()
    return registry_session.get_one(Task, task_id, populate_existing=True)


def test_a_task_goes_on_from_its_cursor_after_its_worker_was_killed(
    slow_worker: subprocess.Popen[str], app: Flask, actors: People
):
    task_id = service.request(actors.admin, TaskKind.REMATCH).task.id
    hears(slow_worker, "ready", "1", "2", "3")
    slow_worker.kill()
    slow_worker.wait()
    made: list[int] = []

    def rest(_actor: Actor, run: Run) -> None:
        for step in range((run.cursor or 0) + 1, STEPS + 1):
            made.append(step)
            run.progress(step, STEPS, cursor=step)

    other = Worker(app, stopping=Event(), work={TaskKind.REMATCH: rest})
    assert other.run_one() is False, "the killed worker may still be alive for all that is known"
    with clock.frozen(clock.now() + timedelta(seconds=limits.TASK_SILENT_SECONDS + 1)):
        assert other.run_one() is True

    assert made == [4, 5, 6]
    assert now_of(task_id).state is TaskState.DONE


def test_a_worker_that_is_stopped_finishes_its_step_and_leaves_the_rest(
    slow_worker: subprocess.Popen[str], app: Flask, actors: People
):
    task_id = service.request(actors.admin, TaskKind.REMATCH).task.id
    hears(slow_worker, "ready", "1", "2")

    slow_worker.terminate()
    slow_worker.communicate("\n", timeout=PATIENCE_SECONDS)

    task = now_of(task_id)
    assert slow_worker.returncode == 0
    assert (task.state, task.cursor) == (TaskState.WAITING, 2)


def free_port() -> str:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return str(found.getsockname()[1])


def workers_of(parent: int) -> list[int]:
    """The worker processes that this process has started."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,stat=,args=", "--ppid", str(parent)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.splitlines()
    return [int(line.split()[0]) for line in listed if "run.py worker" in line]


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def test_serving_brings_a_worker_which_works_and_does_not_outlive_it(
    settings: Settings, app: Flask, actors: People
):
    task_id = service.request(actors.admin, TaskKind.REMATCH).task.id
    server = subprocess.Popen(
        [sys.executable, str(ROOT / "run.py"), "serve", "--port", free_port()],
        env=environment(settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_until(lambda: not now_of(task_id).is_under_way)
    (worker,) = workers_of(server.pid)

    server.kill()
    server.wait()

    wait_until(lambda: not is_there(worker))
    assert now_of(task_id).state is TaskState.DONE
