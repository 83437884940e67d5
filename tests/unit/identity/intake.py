"""The intake's identities as the vault is handed them, and the truth about them."""

from dataclasses import dataclass
from datetime import date, datetime

from registry.identity.traits import HospitalId, Traits
from tests import intake


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


def read_intake() -> Intake:
    """Read the files; rows with an impossible birth date are the import's to refuse."""
    lines = intake.identities().values()
    rows = [_row(line) for line in lines if _is_possible(line["date_naissance"])]
    taken = {row.source for row in rows}
    return Intake(rows, {pair for pair in intake.same_person() if pair <= taken})


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
