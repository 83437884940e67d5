"""``serve`` and ``demo``: the registry in a browser, on the loopback address."""

import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import NoReturn

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from config import DEFAULT_PORT, LOOPBACK, Settings
from registry.cli import setting_up
from registry.cli.demo import cohort
from registry.cli.demo.people import SignIn
from registry.cli.opening import Door
from registry.cli.speaking import translator
from registry.cli.working import BackgroundWorker, environment
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.vocab.labels import label

_MARK = ".demonstration"
_PROCESSES_MAX = 4
_THREADS = 8
#: How many more things there are before garbage is looked for, instead of 700.
_COLLECTED_AFTER = 200_000

_port = click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    help="The port on the loopback address.",
)


_no_worker = click.option(
    "--no-worker",
    is_flag=True,
    help="Start no worker for background work: one runs elsewhere (python run.py worker).",
)


class _Arbiter(Arbiter):  # type: ignore[misc]
    """Gunicorn's own, which once a second sees to the background worker too."""

    def __init__(self, app: "_Server", worker: BackgroundWorker | None) -> None:
        super().__init__(app)
        self._background = worker

    def manage_workers(self) -> None:
        """Start what is missing."""
        super().manage_workers()
        if self._background is not None:
            self._background.keep_running()


class _Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn around the application: a process for each core, each with threads.

    SQLite has one writer whatever their number; reading pages and checking what was sent
    takes far longer than writing.
    """

    def __init__(self, door: Door, port: int, worker: BackgroundWorker | None) -> None:
        self._door = door
        self._port = port
        self._background = worker
        super().__init__()

    def run(self) -> None:
        """Serve until told to stop."""
        _Arbiter(self, self._background).run()

    def load_config(self) -> None:
        for name, value in {
            "bind": f"{LOOPBACK}:{self._port}",
            "worker_class": "gthread",
            "workers": min(os.cpu_count() or 1, _PROCESSES_MAX),
            "threads": _THREADS,
            "accesslog": None,
            "loglevel": "warning",
            "graceful_timeout": 10,
            "on_exit": self._end,
        }.items():
            self.cfg.set(name, value)

    def _end(self, _arbiter: Arbiter) -> None:
        if self._background is not None:
            self._background.stop()

    def load(self) -> Flask:
        # In the worker: connections do not survive a fork.
        return self._door.create_app(self._door.settings)


def _serve(door: Door, port: int, *, no_worker: bool) -> None:
    door = replace(door, settings=door.settings.served_on(port))
    door.say(
        T("Serving on http://{address}:{port} – stop with Ctrl+C.", address=LOOPBACK, port=port),
    )
    _Server(door, port, None if no_worker else BackgroundWorker(door.settings)).run()


@click.command()
@_port
@_no_worker
@click.pass_obj
def serve(door: Door, port: int, no_worker: bool) -> None:
    """Serve the data directory on http://127.0.0.1, with a worker for background work."""
    door.check_version()
    _serve(door, port, no_worker=no_worker)


@click.command()
@_port
@_no_worker
@click.option("--no-serve", is_flag=True, help="Stop before serving.")
@click.pass_obj
def demo(door: Door, port: int, no_worker: bool, no_serve: bool) -> None:
    """Make a fresh demonstration cohort in the data directory, then serve it."""
    door = door.on_own_files()
    _clear_former(door.settings)
    # Marked first: a demonstration that was interrupted is still one.
    door.settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    (door.settings.data_dir / _MARK).touch()
    (door.settings.data_dir / ".env").write_text("REGISTRY_TEST_IDENTITIES=on\n", encoding="utf-8")
    setting_up.prepare(door)
    with door.unchecked(), _progress(door) as told, _rare_collection():
        sign_ins = cohort.make(Actor.system("demo"), progress=told)
    _show(door, sign_ins)
    if not no_serve:
        _become_server(door.settings, port, no_worker=no_worker)


def _become_server(settings: Settings, port: int, *, no_worker: bool) -> NoReturn:
    """Serve these settings as a program begun anew.

    This one has made PDFs, and the threads that make them would be missing in
    the processes that the server forks: they would wait for them for ever.
    """
    command = [sys.executable, sys.argv[0], "serve", "--port", str(port)]
    if no_worker:
        command.append("--no-worker")
    sys.stdout.flush()
    os.execve(sys.executable, command, {**os.environ, **environment(settings)})  # noqa: S606


@contextmanager
def _progress(door: Door) -> Iterator[Callable[[float], None]]:
    """A bar on the error stream; hears what part is done, from 0 to 1."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
    speak = translator(door.settings.default_locale)
    with bar:
        task = bar.add_task(speak(T("Living through a year and a half")), total=1.0)
        yield lambda part: bar.update(task, completed=part)


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Look for garbage seldom: writing rows makes little of it, and looking is dear."""
    usual = gc.get_threshold()
    gc.set_threshold(_COLLECTED_AFTER, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _show(door: Door, sign_ins: Sequence[SignIn]) -> None:
    """Print how to sign in; the passwords are kept nowhere else."""
    speak = translator(door.settings.default_locale)
    door.say(T("Sign in as one of these. The passwords are shown this once:"))
    for one in sign_ins:
        role = speak(label(one.role))
        click.echo(f"  {one.login:<14} {one.password:<42} {role}, {one.name}")


def _clear_former(settings: Settings) -> None:
    """Remove an earlier demonstration, and nothing but a demonstration."""
    if not settings.data_dir.exists() or not any(settings.data_dir.iterdir()):
        return
    if not (settings.data_dir / _MARK).exists():
        raise RuleBroken(
            T(
                "{directory} holds something else than a demonstration, and is left alone. Choose "
                "another directory with --data-dir.",
                directory=settings.data_dir,
            )
        )
    shutil.rmtree(settings.data_dir)
