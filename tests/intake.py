"""The intake of a real hospital's shape that lies beside the checkout, and its truth files."""

import csv
from pathlib import Path

import pytest

DIRECTORY = Path(__file__).parents[2] / "shared" / "data" / "intake"

#: Where the intake is not there, these tests have nothing to run on.
needs_intake = pytest.mark.skipif(not DIRECTORY.is_dir(), reason="the intake is not beside")

PARTICIPANTS = DIRECTORY / "participants.csv"
SAMPLES = DIRECTORY / "samples.csv"


def _rows(name: str, separator: str = ",") -> list[dict[str, str]]:
    with (DIRECTORY / name).open(encoding="cp1252", newline="") as file:
        return list(csv.DictReader(file, delimiter=separator))


def identities() -> dict[str, dict[str, str]]:
    """The rows of the participants' file by source number."""
    return {row["numero_source"]: row for row in _rows("participants.csv", ";")}


def same_person() -> set[frozenset[str]]:
    """The pairs of source numbers that are one person."""
    return {frozenset(row.values()) for row in _rows("same_person.csv")}


def faulty_lines() -> dict[int, str]:
    """The faulty lines of the samples' file, and what is wrong with each."""
    return {int(row["line"]): row["fault"] for row in _rows("samples_faults.csv")}


def names() -> set[str]:
    """Every family name, given name and hospital identifier that is long enough to be searched."""
    fields = ("nom_naissance", "prenom", "ipp")
    values = {row[field].strip() for row in identities().values() for field in fields}
    return {value for value in values if len(value) >= 6}
