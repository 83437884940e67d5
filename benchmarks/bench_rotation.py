"""Changing the key-encryption key of a full vault under four writing processes.

The process that wraps the data keys again is killed on the way (SIGKILL) and
begun again.  Reads that fail, and rows left under the old key, have to be none.
The floor is the bare cryptography: unwrapping and wrapping as many keys.
"""

import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

import config
from benchmarks.harness import Goal, Result
from registry.accounts import service as accounts
from registry.app import create_app
from registry.crypto.keyring import Keyring, VaultKeys
from registry.crypto.sources import FileSource
from registry.identity.models import Person
from registry.identity.rotation.service import Where, retire, rotate
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.migrations import databases
from registry.persistence import database, db
from registry.vocab import limits
from registry.vocab.people import SiteKind
from tests.concurrency import rotating
from tests.databases import Engine, drop_databases, empty_databases

PEOPLE = int(os.environ.get("REGISTRY_BENCH_PEOPLE", "100000"))
WRITERS = 4
SITE = "A"
OPERATOR = Actor.system("benchmark")
_HOURS_MAX = 6


def run() -> list[Result]:
    """Each engine in turn, in a process of its own: one process has one pair of databases."""
    floor = _bare()
    spawn = multiprocessing.get_context("spawn")
    results: list[Result] = []
    for engine in ("sqlite", "postgresql"):
        told = spawn.Queue()
        process = spawn.Process(target=_on, args=(engine, floor, told))
        process.start()
        results += told.get(timeout=_HOURS_MAX * 3600)
        process.join()
    return results


def _on(engine: Engine, floor: float, told: "multiprocessing.Queue[list[Result]]") -> None:
    with tempfile.TemporaryDirectory(prefix="registry-benchmark-") as directory:
        urls = empty_databases(engine, Path(directory))
        keys_dir = Keyring.generate(Path(directory) / "keys").directory
        settings = config.Settings(
            data_dir=Path(directory), registry_url=urls[0], identity_url=urls[1], keys_dir=keys_dir
        )
        with create_app(settings).app_context():
            databases.upgrade()
            accounts.create_site(OPERATOR, code=SITE, name=SITE, kind=SiteKind.HOSPITAL)
            told.put(_measured(engine, settings, floor))
            database.disconnect()
        drop_databases(*urls)


def _measured(engine: Engine, settings: config.Settings, floor: float) -> list[Result]:
    uids = rotating.fill(PEOPLE, SITE)
    source = FileSource(settings.keys_dir / VaultKeys.FILE)
    where = Where(source, source)
    with rotating.writers(settings, SITE, uids, WRITERS) as tally:
        began = time.perf_counter()
        rotate(OPERATOR, where, "encryption")
        first = rotating.begin(settings, "rewrap", at_once=limits.KEYS_REWRAPPED_AT_ONCE)
        killed_at = rotating.kill_midway(first, _left, before=PEOPLE)
        again = rotating.begin(settings, "rewrap", at_once=limits.KEYS_REWRAPPED_AT_ONCE)
        again.join()
        seconds = time.perf_counter() - began
        behind = _left()
        retire(
            OPERATOR,
            where,
            "encryption",
            1,
            oldest_backup=clock.today() + timedelta(days=1),
        )
    none = Goal("figure", at_most=0)
    return [
        Result(f"{engine}: rewrapped under load", PEOPLE / seconds, "identities/s", floor=floor),
        Result(f"{engine}: left when it was killed", killed_at, "identities"),
        Result(f"{engine}: left under the old key", behind, "identities", goal=none),
        Result(f"{engine}: reads and writes meanwhile", sum(tally.done.values()), "acts"),
        Result(f"{engine}: of these failed", sum(tally.failed.values()), "acts", goal=none),
    ]


def _left() -> int:
    query = sa.select(sa.func.count()).select_from(Person).where(Person.key_number == 1)
    with db.engines["identity"].connect() as connection:
        return connection.scalar(query) or 0


def _bare() -> float:
    """Unwrapping and wrapping with the bare cipher, keys a second."""
    cipher, place = AESGCM(os.urandom(32)), b"x" * 64
    nonce, key = os.urandom(12), os.urandom(32)
    wrapped = cipher.encrypt(nonce, key, place)

    def both() -> None:
        cipher.decrypt(nonce, wrapped, place)
        cipher.encrypt(os.urandom(12), key, place)

    return _rate(both)


def _rate(work: Callable[[], None], count: int = 50_000) -> float:
    began = time.perf_counter()
    for _ in range(count):
        work()
    return count / (time.perf_counter() - began)
