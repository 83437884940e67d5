"""The intake of a real hospital's shape that lies beside the checkout, and its truth files."""

import csv
import re
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
    """Every word of a family or given name that is long enough to be searched for."""
    fields = ("nom_naissance", "prenom")
    text = " ".join(row[field] for row in identities().values() for field in fields)
    return words(text.encode("cp1252"))


def words(content: bytes) -> set[str]:
    """The words of six letters or more in any file, those of UTF-16 text too, in lower case."""
    found = re.findall(rb"[a-z]{6,}", content.lower())
    found += re.findall(rb"[a-z]{6,}", content.lower().replace(b"\0", b""))
    return {word.decode("ascii") for word in found}


def identifiers() -> set[str]:
    """Every hospital identifier."""
    return {row["ipp"] for row in identities().values()}


def numbers(content: bytes) -> set[str]:
    """The numbers of seven digits in any file that are no part of a digest, a code or a time."""
    return {
        number.decode("ascii")
        for number in re.findall(rb"(?<![0-9a-fA-F.])[0-9]{7}(?![0-9a-fA-F])", content)
    }
