"""The intake's identities and the truth about which of its rows are one person."""

import csv
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from registry.identity.traits import HospitalId, Traits


@dataclass(frozen=True)
class IntakeRow:
    """One row of the file that an import takes."""

    source: str
    traits: Traits
    identifier: HospitalId


@dataclass(frozen=True)
class Intake:
    """The rows that can be taken, and the pairs of them that are one person."""

    rows: list[IntakeRow]
    pairs: set[frozenset[str]]


def read_intake(directory: Path) -> Intake:
    """Read the files; rows with an impossible birth date are the import's to refuse."""
    with (directory / "participants.csv").open(encoding="cp1252", newline="") as file:
        raw = list(csv.DictReader(file, delimiter=";"))
    with (directory / "same_person.csv").open(newline="") as file:
        truth = [frozenset(row.values()) for row in csv.DictReader(file)]
    rows = [_row(line) for line in raw if _is_possible(line["date_naissance"])]
    taken = {row.source for row in rows}
    return Intake(rows, {pair for pair in truth if pair <= taken})


def _row(line: dict[str, str]) -> IntakeRow:
    return IntakeRow(
        line["numero_source"],
        Traits(
            birth_name=line["nom_naissance"],
            given_names=line["prenom"],
            birth_date=_date(line["date_naissance"]) if line["date_naissance"] else None,
            postal_code=line["code_postal"],
            town=line["commune"],
        ),
        HospitalId("PAR", line["ipp"]),
    )


def _date(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a birthday has no zone


def _is_possible(text: str) -> bool:
    try:
        return not text or bool(_date(text))
    except ValueError:
        return False
