"""Changing keys under load: processes that enrol, reveal and search, and one that is killed.

Used by the test of a few hundred identities and by the benchmark of a hundred
thousand, which is why nothing here knows of pytest.
"""

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from multiprocessing.context import ForkServerProcess
from multiprocessing.synchronize import Barrier, Event
from typing import Any

from config import Settings
from registry.app import create_app
from registry.identity import service
from registry.identity.arrivals import Arrival
from registry.identity.enrolment import enrol_many
from registry.identity.rotation.service import reindex, rewrap
from registry.identity.traits import HospitalId, SourceRef, Traits
from registry.kernel.actor import Actor
from registry.persistence import database
from registry.vocab import limits
from registry.vocab.identity import EnrolmentOutcome

#: Nobody types without a breath; SQLite would leave the lock to whoever asks most often.
_THINKING_SECONDS = 0.05
ACTOR = Actor.system("load")
AT_ONCE = 500
_SYLLABLES = [first + second for first in "BDFGLMNPRSTV" for second in ("A", "E", "I", "O", "U")]
_FIRST_BIRTH = date(1930, 1, 1)
# Everything is imported once, in a process without connections; the others are its forks.
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([__name__, "registry.web"])


def _word(number: int) -> str:
    letters = ""
    for _ in range(5):
        number, rest = divmod(number, len(_SYLLABLES))
        letters += _SYLLABLES[rest]
    return letters.capitalize()


def traits_of(number: int) -> Traits:
    """Somebody whom the number alone decides; no two resemble each other."""
    return Traits(
        birth_name=_word(number * 7_919 + 13),
        given_names=_word(number * 104_729 + 71),
        birth_date=_FIRST_BIRTH + timedelta(days=number * 37 % 27_000),
    )


def arrival(number: int, site: str) -> Arrival:
    """The same person as they are handed in."""
    return Arrival(
        traits_of(number), HospitalId(site, f"L{number}"), SourceRef("load", str(number))
    )


def fill(count: int, site: str) -> list[str]:
    """Enrol as many; their uids in order."""
    uids = []
    for start in range(0, count, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, count))
        for became in enrol_many(ACTOR, [arrival(number, site) for number in numbers]):
            if isinstance(became, Exception):
                raise became
            uids.append(became.person_uid)
    return uids


@dataclass
class Tally:
    """What the processes did, and what went wrong: kinds of failures, never values."""

    done: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class _Signals:
    """How the processes hear of each other."""

    together: Barrier
    stop: Event
    told: Any


def _work(
    settings: Settings, site: str, uids: Sequence[str], writer: int, signals: _Signals
) -> None:
    """Enrol somebody new, look at somebody known and find somebody known, until told to stop."""
    rng, tally, mine = random.Random(writer), Tally(), 0
    with create_app(settings).app_context():
        signals.together.wait()
        while not signals.stop.is_set():
            known = rng.randrange(len(uids))
            mine += 1
            acts: dict[str, Callable[[], bool]] = {
                "enrol": lambda n=10_000_000 * writer + mine: (
                    service.enrol(ACTOR, **_as_keywords(n, site)).outcome is EnrolmentOutcome.NEW
                ),
                "reveal": lambda n=known: (
                    service.reveal(ACTOR, uids[n], reason="charge").traits.birth_name
                    == traits_of(n).birth_name
                ),
                "search": lambda n=known: (
                    uids[n]
                    in [one.person_uid for one in service.search(ACTOR, traits=traits_of(n))]
                ),
                "again": lambda n=known: (
                    service.enrol(ACTOR, **_as_keywords(n, site)).outcome
                    is EnrolmentOutcome.ALREADY
                ),
            }
            for name, act in acts.items():
                _count(tally, name, act)
                signals.stop.wait(rng.random() * _THINKING_SECONDS)
        database.disconnect()
    signals.told.put(tally)


def _as_keywords(number: int, site: str) -> dict[str, Any]:
    one = arrival(number, site)
    return {
        "traits": one.traits,
        "hospital_identifier": one.hospital_identifier,
        "source": one.source,
    }


def _count(tally: Tally, name: str, act: Callable[[], bool]) -> None:
    try:
        right = act()
    except Exception as error:  # noqa: BLE001 - every failure of any kind is counted
        tally.failed[f"{name}: {type(error).__name__}: {str(error)[:120]}"] += 1
    else:
        tally.done[name] += 1
        if not right:
            tally.failed[f"{name}: wrong"] += 1


@contextmanager
def writers(settings: Settings, site: str, uids: Sequence[str], count: int) -> Iterator[Tally]:
    """So many processes at work during the block; what they did is known after it."""
    tally = Tally()
    signals = _Signals(_processes.Barrier(count + 1), _processes.Event(), _processes.Queue())
    processes = [
        _processes.Process(target=_work, args=(settings, site, uids, number, signals))
        for number in range(1, count + 1)
    ]
    for process in processes:
        process.start()
    try:
        signals.together.wait(timeout=120)
        yield tally
    finally:
        signals.stop.set()
        for _process in processes:
            # A process that died without a word is a failure of its own.
            found = signals.told.get(timeout=120)
            tally.done += found.done
            tally.failed += found.failed
        for process in processes:
            process.join()


def _carry_out(settings: Settings, what: str, at_once: int) -> None:
    limits.KEYS_REWRAPPED_AT_ONCE = limits.KEYS_REINDEXED_AT_ONCE = at_once
    with create_app(settings).app_context():
        {"rewrap": rewrap, "reindex": reindex}[what](ACTOR)
        database.disconnect()


def begin(settings: Settings, what: str, *, at_once: int) -> ForkServerProcess:
    """A process that rewraps or reindexes in steps of so many rows."""
    process = _processes.Process(target=_carry_out, args=(settings, what, at_once))
    process.start()
    return process


def kill_midway(process: ForkServerProcess, left: Callable[[], int], *, before: int) -> int:
    """Kill the process (SIGKILL) once part of the work is done; how much is left then."""
    while left() > before * 2 // 3 and process.is_alive():
        time.sleep(0.01)
    process.kill()
    process.join()
    return left()
