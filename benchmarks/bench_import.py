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

from benchmarks.harness import Result
from benchmarks.registry_in import OPERATOR, Fresh, fresh_registry
from registry.cli.demo import names
from registry.imports.participants import import_participants
from registry.imports.samples import import_samples
from registry.vocab.people import Sex

PEOPLE = 2_000
TUBES_EACH = 4
TUBE_HEADINGS = [
    "code_barres",
    "participant",
    "type",
    "contenant",
    "volume_ml",
    "preleve_le",
    "recu_le",
    "code_barres_parent",
]
#: What one complete identity is sealed and indexed into.
SEALED, INDEXED = 8, 8
#: Sample, two ledger entries, three acts, a holder, an audit entry for each act.
ROWS_EACH = 10


def run() -> list[Result]:
    """Identities and tubes taken in a second, into an empty registry."""
    with fresh_registry() as fresh:
        directory = fresh.settings.data_dir
        people = _write_people(directory / "people.csv")
        tubes = _write_tubes(directory / "tubes.csv")
        identities = PEOPLE / _seconds(lambda: _take_people(fresh, people))
        samples = PEOPLE * TUBES_EACH / _seconds(lambda: _take_tubes(fresh, tubes))
        return [
            Result("identities", identities, "rows/s", floor=PEOPLE / _seconds(_bare_crypto)),
            Result(
                "tubes",
                samples,
                "rows/s",
                floor=PEOPLE * TUBES_EACH / _seconds(lambda: _bare_rows(directory / "bare.db")),
            ),
        ]


def _seconds(work: Callable[[], object]) -> float:
    """An import cannot be repeated on the same registry: one long run, timed once."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _write_people(path: Path) -> Path:
    rng = random.Random(2026)
    with path.open("w", encoding="cp1252", errors="replace", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["numero_source", "nom", "prenom", "date de naissance", "ipp", "sexe"])
        for number in range(PEOPLE):
            sex = rng.choice([Sex.FEMALE, Sex.MALE])
            year = rng.randrange(1935, 2005)
            born = f"{rng.randrange(1, 29):02}/{rng.randrange(1, 13):02}/{year}"
            name, given = names.family_name(rng), names.given_names(rng, sex, year)
            writer.writerow([f"S{number}", name, given, born, 1_000_000 + number, sex.value])
    return path


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
        for number in range(PEOPLE):
            parent = f"X{number}"
            writer.writerow([parent, f"S{number}", "BLD", "PED", "6,00", *times, ""])
            for child in range(1, TUBES_EACH):
                code = f"{parent}-{child}"
                writer.writerow([code, f"S{number}", "PL2", "PED", "0,50", *times, parent])
    return path


def _quiet(_rows: int) -> Callable[[int], None]:
    return lambda _more: None


def _take_people(fresh: Fresh, path: Path) -> None:
    outcome = import_participants(
        OPERATOR, path, cohort=fresh.cohort, site=fresh.site, source="import", started=_quiet
    )
    assert outcome.counts["refused"] == 0


def _take_tubes(fresh: Fresh, path: Path) -> None:
    outcome = import_samples(OPERATOR, path, source="import", started=_quiet)
    assert outcome.counts["accepted"] == PEOPLE * TUBES_EACH


def _bare_crypto() -> None:
    secret, data = os.urandom(32), b"x" * 64
    for _ in range(PEOPLE):
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
        rows = ((f"C{number}", "x" * 80) for number in range(PEOPLE * TUBES_EACH * ROWS_EACH))
        with connection:
            connection.executemany("INSERT INTO bare (code, fact) VALUES (?, ?)", rows)
