"""The demonstration as it is served: by real processes, to whoever signs in."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

import config
from registry import typeset

ROOT = Path(__file__).parents[3]
PATIENCE_SECONDS = 30

#: The command itself, with a story that ends once everybody is hired and a page is drawn.
SHORT = """
import sys
from registry import typeset
from registry.accounts import passwords
from registry.app import create_app
from registry.cli import run
from registry.cli.demo import cohort, people
from registry.persistence import unit_of_work

def hire(actor, **told):
    typeset.picture("registry.typeset", "common", {})
    with unit_of_work():
        return people.hire(actor)[1]

cost = passwords.use_cost
passwords.use_cost = lambda **dear: cost(memory_kib=8, passes=1, lanes=1)
cohort.make = hire
sys.argv[0] = "run.py"
run(create_app)
"""


class Visitor:
    """Somebody with a browser, and with what the demonstration has printed."""

    def __init__(self, port: int, printed: str) -> None:
        self._base = f"http://127.0.0.1:{port}"
        self._printed = printed
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str, sent: bytes | None = None) -> bytes:
        answer: bytes = self._opener.open(self._base + path, sent, PATIENCE_SECONDS).read()
        return answer

    def wait(self) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self.get("/sign-in")
            except URLError:
                assert time.monotonic() < end, "nobody serves"
                time.sleep(0.05)
            else:
                return

    def sign_in(self, login: str) -> None:
        password = re.search(rf"^\s+{login}\s+(\S+)", self._printed, re.MULTILINE)
        token = re.search(rb'name="csrf_token"[^>]* value="([^"]+)"', self.get("/sign-in"))
        assert password
        assert token
        fields = {"login": login, "password": password[1], "csrf_token": token[1].decode()}
        assert b"sign-out" in self.get("/sign-in", urlencode(fields).encode())


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served") / "demo"


@pytest.fixture(scope="module")
def visitor(directory: Path) -> Iterator[Visitor]:
    """A visitor of a demonstration that was begun by its command and is now served."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    with subprocess.Popen(
        [sys.executable, "-c", SHORT, "--data-dir", directory, "demo", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "REGISTRY_LOCALE": "en", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout
        printed: list[str] = []
        for line in process.stdout:
            printed.append(line)
            if "Serving on" in line:
                break
        assert "Serving on" in printed[-1]
        visitor = Visitor(port, "".join(printed))
        visitor.wait()
        yield visitor
        process.terminate()


def test_pdfs_are_made_though_the_command_has_made_some_itself(visitor: Visitor):
    visitor.sign_in("nurse")

    assert visitor.get("/kits/commands").startswith(b"%PDF")


def test_it_takes_test_identities_when_it_is_served_again(visitor: Visitor, directory: Path):
    assert config.load(directory).test_identities


def test_a_fork_that_has_no_threads_to_make_a_pdf_says_so_at_once():
    typeset.picture("registry.typeset", "common", {})
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            typeset.picture("registry.typeset", "common", {})
        except RuntimeError as refusal:
            os.write(write, str(refusal).encode())
        os._exit(0)
    os.waitpid(child, 0)

    assert b"in a fork" in os.read(read, 200)
