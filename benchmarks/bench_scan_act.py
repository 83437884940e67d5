"""Eight technicians at once, each handing tubes out and taking them back, over HTTP.

A check-out or a return is a whole custody act: session, permission, lookup of the scan,
consent, rules, durable act, ledger and journal.  The floor is the same server around bare
Flask and one durable insert, driven by the same clients in the same run.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from benchmarks.harness import Goal, Result
from benchmarks.registry_in import Engine, fresh_registry
from registry.persistence import database
from registry.vocab.custody import CheckoutReason
from registry.vocab.samples import SampleCondition
from tests.factories import accounts, custody, storage
from tests.web.pages import hidden_values

ROOT = Path(__file__).parents[1]
CLIENTS = 8
ACTS = 60
WARM_UPS = 10
OFTEN_ENOUGH = Goal("ratio", at_least=0.25)
NEVER_SLOW = Goal("ratio", at_most=4)
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def run() -> list[Result]:
    """Acts a second and the slowest in a hundred; `REGISTRY_BENCH_ENGINE` chooses the database."""
    engine: Engine = "sqlite"
    if os.environ.get("REGISTRY_BENCH_ENGINE") == "postgresql":
        engine = "postgresql"
    with tempfile.TemporaryDirectory(prefix="registry-floor-") as directory:
        port = _free_port()
        command = [
            sys.executable,
            "-m",
            "benchmarks.bare_server",
            f"{directory}/floor.db",
            str(port),
        ]
        with _served(command, port, {}):
            floor = _measure(_Bare, port, [f"T{number}" for number in range(CLIENTS)])
    ours = _registry(engine)
    return [
        Result("custody acts, 8 clients", ours.rate, "acts/s", floor.rate, OFTEN_ENOUGH),
        Result("99th percentile of an act", ours.p99, "ms", floor.p99, NEVER_SLOW),
        Result("median of an act", ours.median, "ms", floor.median),
    ]


class _Times:
    """How long each act took, and how long all of them together."""

    def __init__(self, times: Sequence[float], spent: float) -> None:
        ordered = sorted(times)
        self.rate = len(ordered) / spent
        self.median = statistics.median(ordered) * 1000
        self.p99 = ordered[int(len(ordered) * 0.99)] * 1000


class _Client:
    """One technician with one tube and one connection that is kept."""

    def __init__(self, port: int, code: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = dict(_FORM)
        self.code = code

    def close(self) -> None:
        """Let go of the connection; the next request opens another."""
        self._connection.close()

    def _ask(self, method: str, path: str, values: Mapping[str, str] | None = None) -> str:
        body = None if values is None else urlencode(values)
        self._connection.request(method, path, body, self._headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        expected = 200 if method == "GET" else 303
        if answer.status != expected:
            raise RuntimeError(f"{method} {path}: {answer.status}\n{text[:2000]}")
        for name, value in answer.getheaders():
            if name == "Set-Cookie":
                self._headers["Cookie"] = value.split(";")[0]
        return text


class _Bare(_Client):
    def act(self, number: int) -> None:
        self._ask("POST", f"/{self.code}/act", {"reason": "analysis", "n": str(number)})


class _Technician(_Client):
    def __init__(self, port: int, code: str) -> None:
        super().__init__(port, code)
        hidden = hidden_values(self._ask("GET", "/sign-in"), "/sign-in")
        self._ask("POST", "/sign-in", {**hidden, "login": LOGIN, "password": accounts.PASSWORD})
        page = f"/samples/{code}/check-out"
        self._hidden = hidden_values(self._ask("GET", page), page)

    def act(self, number: int) -> None:
        values = {**self._hidden, "request_key": str(uuid4())}
        if number % 2:
            self._ask(
                "POST",
                f"/samples/{self.code}/return",
                values | {"condition": SampleCondition.GOOD.value},
            )
        else:
            handed = {"to_user_id": PERSON[0], "reason": CheckoutReason.ANALYSIS.value}
            self._ask("POST", f"/samples/{self.code}/check-out", values | handed)


LOGIN = "technician"
PERSON: list[str] = []


def _registry(engine: Engine) -> _Times:
    with fresh_registry(engine) as fresh:
        actors = accounts.make_people(accounts.make_sites())
        box = storage.make_box(actors)
        codes = [custody.make_stored(actors, box=box).code for _ in range(CLIENTS)]
        PERSON[:] = [str(actors.technician.id)]
        database.disconnect()
        port = _free_port()
        command = [
            sys.executable,
            str(ROOT / "run.py"),
            "serve",
            "--no-worker",
            "--port",
            str(port),
        ]
        with _served(command, port, {"REGISTRY_DATA_DIR": str(fresh.settings.data_dir)}):
            return _measure(_Technician, port, codes)


def _measure(kind: type[_Bare] | type[_Technician], port: int, codes: Sequence[str]) -> _Times:
    times: list[float] = []
    failed: list[BaseException] = []
    started: list[float] = []
    ready = threading.Barrier(len(codes), action=lambda: started.append(time.perf_counter()))

    def work(code: str) -> None:
        try:
            client = kind(port, code)
            for number in range(WARM_UPS):
                client.act(number)
            # Others may still be warming up, and the server ends what is idle.
            client.close()
            ready.wait()
            for number in range(ACTS):
                began = time.perf_counter()
                client.act(number)
                times.append(time.perf_counter() - began)
        except Exception as error:  # noqa: BLE001 - raised again where somebody listens
            failed.append(error)
            ready.abort()

    threads = [threading.Thread(target=work, args=[code]) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return _Times(times, time.perf_counter() - started[0])


@contextmanager
def _served(command: Sequence[str], port: int, environ: Mapping[str, str]) -> Iterator[None]:
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | environ) as server:
        try:
            _wait_for(port, server)
            yield
        finally:
            server.terminate()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("The server ended before it served anything.")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
