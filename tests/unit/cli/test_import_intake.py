"""The intake as it is: taken, attached, put aside or refused as its truth files say."""

import csv
import re
from collections import Counter
from itertools import product
from pathlib import Path

import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import aliased

from registry.identity.models import MatchReview, Person
from registry.participants.models import Participant, ParticipantSource
from registry.persistence import (
    RegistryModel,
    VaultModel,
    db,
    registry_session,
    vault_session,
)
from tests import intake

pytestmark = intake.needs_intake

#: Tables in which every run, even one that takes nothing, leaves a trace of itself.
_JOURNALS = {"audit_entry"}


def _numbers(result: Result) -> dict[str, int]:
    assert result.exit_code == 0, result.output
    found = re.findall(r"^\s*(\d+)  (.+)$", result.stdout, re.MULTILINE)
    return {sentence: int(number) for number, sentence in found}


def _report(result: Result) -> Path:
    return Path(re.findall(r"import again: (.+)$", result.stdout, re.MULTILINE)[0])


def _refused(result: Result) -> list[dict[str, str]]:
    with _report(result).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def _rows_by_table(application: Flask) -> Counter[str]:
    counts: Counter[str] = Counter()
    with application.app_context():
        for name, metadata in (
            ("registry", RegistryModel.metadata),
            ("identity", VaultModel.metadata),
        ):
            with db.engines[name].connect() as connection:
                for table in metadata.sorted_tables:
                    if table.name not in _JOURNALS:
                        query = sa.select(sa.func.count()).select_from(table)
                        counts[table.name] = connection.execute(query).scalar_one()
    return counts


def test_the_whole_intake_is_taken_as_the_truth_files_say(run, application):
    result = run("import", "participants", str(intake.PARTICIPANTS))
    numbers = _numbers(result)
    refused = _refused(result)

    assert {row["line"] for row in refused} == {"146", "149", "588"}
    assert {row["column"] for row in refused} == {"date_naissance"}
    taken = [n for s, n in numbers.items() if not s.startswith("of these")]
    assert sum(taken) == len(intake.identities())
    with application.app_context():
        _check_pairs()
        _check_incomplete()

    result = run("import", "samples", str(intake.SAMPLES))
    assert _numbers(result)["refused"] == len(intake.faulty_lines())
    assert {int(row["line"]) for row in _refused(result)} == set(intake.faulty_lines())

    before = _rows_by_table(application)
    again = _numbers(run("import", "participants", str(intake.PARTICIPANTS)))
    assert again["accepted"] == 0
    assert again["already taken by an earlier import, unchanged"] == 997
    again = run("import", "samples", str(intake.SAMPLES))
    assert _numbers(again)["accepted"] == 0
    assert {int(row["line"]) for row in _refused(again)} == set(intake.faulty_lines())
    assert _rows_by_table(application) == before


def _check_pairs() -> None:
    """What was attached is one person; nearly every other pair waits in the review list."""
    attached, waiting, truth = _attached(), _waiting(), intake.same_person()
    assert attached <= truth
    assert len(attached) > 400
    assert len((attached | waiting) & truth) >= 0.98 * (len(truth) - 3)  # three were refused
    assert len(waiting - truth) <= 0.03 * len(intake.identities())


def _attached() -> set[frozenset[str]]:
    """The source numbers that share a participant."""
    sources: dict[int, set[str]] = {}
    for source in registry_session.scalars(sa.select(ParticipantSource)):
        sources.setdefault(source.participant_id, set()).add(source.source_code)
    return {frozenset(codes) for codes in sources.values() if len(codes) > 1}


def _waiting() -> set[frozenset[str]]:
    """The source numbers of the persons who may be one."""
    query = sa.select(Participant.person_uid, ParticipantSource.source_code).join(ParticipantSource)
    by_person: dict[str, set[str]] = {}
    for uid, code in registry_session.execute(query):
        by_person.setdefault(uid, set()).add(code)
    first, second = aliased(Person), aliased(Person)
    reviews = (
        sa.select(first.uid, second.uid)
        .select_from(MatchReview)
        .join(first, first.id == MatchReview.first_id)
        .join(second, second.id == MatchReview.second_id)
    )
    return {
        frozenset(pair)
        for one, other in vault_session.execute(reviews)
        for pair in product(by_person[one], by_person[other])
    }


def _check_incomplete() -> None:
    """An identity with a missing trait is taken and flagged, unless its duplicate completes it."""
    incomplete = registry_session.scalar(
        sa.select(sa.func.count()).where(Participant.is_incomplete.is_(True))
    )
    assert incomplete
    assert incomplete <= 101


def test_a_corrected_report_is_taken_as_it_is(run, tmp_path):
    refused = _refused(run("import", "participants", str(intake.PARTICIPANTS)))
    for row in refused:
        row["date_naissance"] = "12/12/1937"
    corrected = tmp_path / "corrected.csv"
    with corrected.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, refused[0].keys(), delimiter=";")
        writer.writeheader()
        writer.writerows(refused)

    numbers = _numbers(run("import", "participants", str(corrected)))

    assert numbers["refused"] == 0
    assert sum(n for s, n in numbers.items() if not s.startswith("of these")) == 3


def test_no_identity_of_the_intake_is_anywhere_but_in_the_report(run, application, tmp_path):
    report = _report(run("import", "participants", str(intake.PARTICIPANTS)))
    run("import", "samples", str(intake.SAMPLES))
    contents = {str(path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    handed_back = contents.pop(str(report))
    contents |= _tables(application)

    for name, content in contents.items():
        assert not intake.words(content) & intake.names(), name
        assert not intake.numbers(content) & intake.identifiers(), name
    assert intake.words(handed_back) & intake.names()


def _tables(application: Flask) -> dict[str, bytes]:
    """Every cell of both databases, whichever files their engine keeps them in."""
    found = {}
    with application.app_context():
        for name, metadata in (
            ("registry", RegistryModel.metadata),
            ("identity", VaultModel.metadata),
        ):
            with db.engines[name].connect() as connection:
                for table in metadata.sorted_tables:
                    rows = connection.execute(sa.select(table)).all()
                    found[table.name] = b" ".join(
                        cell if isinstance(cell, bytes) else str(cell).encode()
                        for row in rows
                        for cell in row
                    )
    return found
