"""Importing identities and tubes, against the bare cryptography and the bare file and database.

An identity costs one sealing for each trait and one keyed hash for each index;
the floor does as many of both and nothing else.  A tube costs its durable
rows; the floor inserts as many rows in one durable transaction.
"""

import csv
import hashlib
import hmac
import os
import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.harness import Goal, Result
from benchmarks.people import Population, Someone
from benchmarks.registry_in import OPERATOR, Fresh, fresh_registry, people
from registry.imports.participants import import_participants
from registry.imports.report import Progress
from registry.imports.samples import import_samples

PEOPLE = 100_000
PEOPLE_HEADINGS = [
    "numero_source",
    "nom",
    "prenom",
    "nom d'usage",
    "date de naissance",
    "sexe",
    "lieu de naissance",
    "ipp",
    "code_postal",
    "commune",
]
TUBE_DONORS = 2_000
TUBES_EACH = 4
DUPLICATES_SHARE, SAME_NUMBER_SHARE = 0.05, 0.5
GOAL = Goal("figure", at_least=2_000)
#: What one complete identity is sealed into (eight values, likeness, both numbers, the key),
#: and its keyed hashes.
SEALED, INDEXED = 12, 18
#: Sample, two ledger entries, three acts, a holder, an audit entry for each act.
ROWS_EACH = 10


def run() -> list[Result]:
    """Identities and tubes taken in a second, into an empty registry."""
    return [_identities(people(PEOPLE)), _tubes()]


def _identities(count: int) -> Result:
    with fresh_registry() as fresh:
        path = _write_people(fresh.settings.data_dir / "people.csv", count)
        taken = count / _seconds(lambda: _take_people(fresh, path, started=_told))
        floor = count / _seconds(lambda: _bare_crypto(count))
        return Result(f"{count:,} identities", taken, "rows/s", floor=floor, goal=GOAL)


def _tubes() -> Result:
    with fresh_registry() as fresh:
        directory = fresh.settings.data_dir
        _take_people(fresh, _write_people(directory / "people.csv", TUBE_DONORS), started=_quiet)
        tubes = _write_tubes(directory / "tubes.csv")
        count = TUBE_DONORS * TUBES_EACH
        taken = count / _seconds(lambda: _take_tubes(fresh, tubes))
        floor = count / _seconds(lambda: _bare_rows(directory / "bare.db"))
        return Result("tubes", taken, "rows/s", floor=floor)


def _seconds(work: Callable[[], object]) -> float:
    """An import cannot be repeated on the same registry: one long run, timed once."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _write_people(path: Path, count: int) -> Path:
    """A file of strangers, of whom some come a second time with a slip."""
    rng, population, known = random.Random(2026), Population(2026), list[Someone]()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(PEOPLE_HEADINGS)
        for number in range(count):
            if known and rng.random() < DUPLICATES_SHARE:
                keeps_number = rng.random() < SAME_NUMBER_SHARE
                one = population.again(rng.choice(known), keeps_number=keeps_number)
            else:
                one = population.person()
                known.append(one)
            writer.writerow([f"S{number}", *_cells(one)])
    return path


def _cells(one: Someone) -> list[str]:
    traits = one.traits
    return [
        traits.birth_name or "",
        traits.given_names or "",
        traits.used_name or "",
        f"{traits.birth_date:%d/%m/%Y}",
        traits.sex.value if traits.sex else "",
        traits.birth_place or "",
        one.identifier.number,
        traits.postal_code or "",
        traits.town or "",
    ]


def _write_tubes(path: Path) -> Path:
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(
            [
                "code_barres",
                "participant",
                "type",
                "contenant",
                "volume_ml",
                "preleve_le",
                "recu_le",
                "parent",
            ]
        )
        times = ["12/03/2026 08:30", "12/03/2026 09:10"]
        for number in range(TUBE_DONORS):
            parent = f"X{number}"
            writer.writerow([parent, f"S{number}", "BLD", "PED", "6,00", *times, ""])
            for child in range(1, TUBES_EACH):
                code = f"{parent}-{child}"
                writer.writerow([code, f"S{number}", "PL2", "PED", "0,50", *times, parent])
    return path


def _quiet(_rows: int) -> Callable[[int], None]:
    return lambda _more: None


def _told(rows: int) -> Callable[[int], None]:
    """Say every ten thousand rows how far it is."""
    done = 0

    def tell(more: int) -> None:
        nonlocal done
        done += more
        if done % 10_000 < more:
            print(f"  {done:,} of {rows:,} identities", flush=True)

    return tell


def _take_people(fresh: Fresh, path: Path, *, started: Callable[[int], Progress]) -> None:
    outcome = import_participants(
        OPERATOR,
        path,
        cohort=fresh.cohort,
        site=fresh.site,
        source="import",
        started=started,
    )
    assert outcome.counts["refused"] == 0


def _take_tubes(fresh: Fresh, path: Path) -> None:
    outcome = import_samples(OPERATOR, path, source="import", started=_quiet)
    assert outcome.counts["accepted"] == TUBE_DONORS * TUBES_EACH


def _bare_crypto(count: int) -> None:
    secret, data = os.urandom(32), b"x" * 64
    for _ in range(count):
        cipher = AESGCM(os.urandom(32))
        for _ in range(SEALED):
            cipher.encrypt(os.urandom(12), b"y" * 32, data)
        for _ in range(INDEXED):
            hmac.new(secret, data, hashlib.sha256).digest()


def _bare_rows(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, code UNIQUE, fact)")
        rows = ((f"C{number}", "x" * 80) for number in range(TUBE_DONORS * TUBES_EACH * ROWS_EACH))
        with connection:
            connection.executemany("INSERT INTO bare (code, fact) VALUES (?, ?)", rows)
