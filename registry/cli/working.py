"""``worker``: background work in a process of its own; and how ``serve`` keeps one running."""

import os
import signal
import subprocess
import sys
import time
from threading import Event, Thread

import click

from config import Settings
from registry import jobs
from registry.cli.opening import Door
from registry.jobs import printing
from registry.kernel.messages import T
from registry.vocab import limits

#: How long a worker that ended by itself is not started again: it may end at once each time.
_PAUSE_SECONDS = 10


@click.command()
@click.option("--once", is_flag=True, help="End when nothing is left to do.")
@click.option(
    "--until-closed", is_flag=True, hidden=True, help="End when the standard input is closed."
)
@click.pass_obj
def worker(door: Door, once: bool, until_closed: bool) -> None:
    """Carry out background work until stopped; the step under way is finished first.

    On PostgreSQL several may run, on any machine with the same keys.
    """
    door.check_version()
    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    if until_closed:
        Thread(target=_wait_for_end, args=(sys.stdin.fileno(), stopping), daemon=True).start()
    with door.opened() as app:
        working = jobs.Worker(app, stopping=stopping)
        if not once:
            working.run()
            return
        while not stopping.is_set() and (working.run_one() or printing.run_one(app)):
            continue
    door.say(T("Nothing is left to do."))


def _wait_for_end(pipe: int, stopping: Event) -> None:
    """Stop when whoever holds the other end is gone, however it went."""
    while os.read(pipe, 1):
        continue
    stopping.set()


class BackgroundWorker:
    """The one worker of a served data directory: a child that ends with its parent.

    The child waits for the end of a pipe that only the serving processes hold
    open, so that it ends though the parent was killed.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._child: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0

    def keep_running(self) -> None:
        """Start the worker, or another one when it has ended by itself a while ago."""
        if self._child is not None and self._child.poll() is None:
            return
        if self._child is not None and time.monotonic() - self._started_at < _PAUSE_SECONDS:
            return
        self._let_go()
        self._started_at = time.monotonic()
        self._child = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, sys.argv[0], "worker", "--until-closed"],
            stdin=subprocess.PIPE,
            env={**os.environ, **environment(self._settings)},
        )

    def stop(self) -> None:
        """End the worker after the step under way; by force when it takes too long."""
        if self._child is not None and self._child.poll() is None:
            self._child.terminate()
            try:
                self._child.wait(limits.WORKER_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
        self._let_go()

    def _let_go(self) -> None:
        if self._child is not None and self._child.stdin is not None:
            self._child.stdin.close()


def environment(settings: Settings) -> dict[str, str]:
    """What another run of this program reads, so that its settings are these."""
    return {
        "REGISTRY_DATA_DIR": str(settings.data_dir),
        "REGISTRY_DATABASE_URL": settings.registry_url,
        "REGISTRY_IDENTITY_URL": settings.identity_url,
        "REGISTRY_KEYS_DIR": str(settings.keys_dir),
        "REGISTRY_PUBLIC_URL": settings.public_url,
        "REGISTRY_LOCALE": settings.default_locale,
        "REGISTRY_TEST_IDENTITIES": "on" if settings.test_identities else "off",
        **_keys_environment(settings),
    }


def _keys_environment(settings: Settings) -> dict[str, str]:
    """What the environment says of keys and does not hold for these settings."""
    token = ("REGISTRY_PKCS11_MODULE", "REGISTRY_PKCS11_TOKEN", "REGISTRY_PKCS11_KEY")
    names = {
        "REGISTRY_VAULT_KEYS": settings.vault_keys,
        "REGISTRY_KEYS": settings.registry_keys,
        **dict.fromkeys(token, settings.token_key),
    }
    return {name: "" for name, value in names.items() if value is None}
