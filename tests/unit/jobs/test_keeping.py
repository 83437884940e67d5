"""How `serve` keeps one worker: started, started again, ended; with a child that only waits."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import Settings
from registry.cli import working
from registry.cli.working import BackgroundWorker
from registry.vocab import limits

WAITS = "import sys; sys.stdin.buffer.read()"
STUBBORN = "import signal, sys; signal.signal(15, signal.SIG_IGN); print(1); " + WAITS

Keep = Callable[[str], BackgroundWorker]


@pytest.fixture
def keep(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keep]:
    """A kept worker that runs this program; it is ended after the test."""
    kept: list[BackgroundWorker] = []

    def start(program: str) -> BackgroundWorker:
        script = tmp_path / "run.py"
        script.write_text(program)
        monkeypatch.setattr(sys, "argv", [str(script)])
        kept.append(BackgroundWorker(settings))
        kept[0].keep_running()
        return kept[0]

    yield start
    for one in kept:
        one.stop()


def pid_of(worker: BackgroundWorker) -> int:
    child = worker._child
    assert child
    return child.pid


def end(worker: BackgroundWorker) -> None:
    """As if the worker had died; its parent has not looked yet."""
    os.kill(pid_of(worker), signal.SIGKILL)
    os.waitid(os.P_PID, pid_of(worker), os.WEXITED | os.WNOWAIT)


def test_there_is_one(keep: Keep):
    worker = keep(WAITS)
    first = pid_of(worker)

    worker.keep_running()

    assert pid_of(worker) == first


def test_one_that_died_is_started_again(keep: Keep, monkeypatch: pytest.MonkeyPatch):
    worker = keep(WAITS)
    first = pid_of(worker)
    end(worker)
    monkeypatch.setattr(working, "_PAUSE_SECONDS", 0)

    worker.keep_running()

    assert pid_of(worker) != first


def test_but_not_at_once_for_it_may_die_each_time(keep: Keep):
    worker = keep(WAITS)
    first = pid_of(worker)
    end(worker)

    worker.keep_running()

    assert pid_of(worker) == first


def test_ending_leaves_no_process_and_no_zombie(keep: Keep):
    worker = keep(WAITS)

    worker.stop()

    with pytest.raises(ChildProcessError):
        os.waitpid(pid_of(worker), os.WNOHANG)


def test_one_that_does_not_end_is_ended_by_force(keep: Keep, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "WORKER_STOP_SECONDS", 0.05)
    worker = keep(STUBBORN)

    worker.stop()

    with pytest.raises(ChildProcessError):
        os.waitpid(pid_of(worker), os.WNOHANG)
