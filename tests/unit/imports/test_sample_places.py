"""A file of tubes that says in which box and cell each one lies."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from registry.accounts.models import Site
from registry.custody import queries
from registry.imports.participants import import_participants
from registry.imports.report import Outcome
from registry.imports.samples import import_samples
from registry.persistence import registry_session
from tests.factories.accounts import People, Sites
from tests.factories.participants import OPERATOR, make_cohort
from tests.factories.storage import make_box
from tests.unit.imports.test_participants import HEADINGS as PEOPLE, lines

HEADINGS = "code_barres;participant;type_sprec;volume_ml;preleve_le;recu_le;code_boite;case"


@pytest.fixture
def take(app: Flask, sites: Sites, tmp_path: Path) -> Callable[..., Outcome]:
    """Import these tubes of a participant of Paris whom the file calls S0."""
    people, tubes = tmp_path / "people.csv", tmp_path / "tubes.csv"
    people.write_text("\n".join([PEOPLE, *lines(1)]) + "\n", encoding="utf-8")
    import_participants(
        OPERATOR,
        people,
        cohort=make_cohort(),
        site=registry_session.get_one(Site, sites.paris),
        source="file",
        started=lambda _rows: lambda *_told: None,
    )

    def taken(*rows: str) -> Outcome:
        tubes.write_text("\n".join([HEADINGS, *rows]) + "\n", encoding="utf-8")
        return import_samples(
            OPERATOR, tubes, source="file", started=lambda _rows: lambda *_told: None
        )

    return taken


def row(code: str, box: str, cell: str) -> str:
    return f"{code};S0;SER;1,5;12/03/2026 08:10;12/03/2026 09:30;{box};{cell}"


def test_each_tube_is_in_its_cell(take: Callable[..., Outcome], actors: People) -> None:
    box = make_box(actors)
    outcome = take(row("T1", box.unit.code, "C4"), row("T2", "", ""))
    assert outcome.counts["accepted"] == 2
    listed = queries.listed(actors.technician, ["T1", "T2"])
    assert box.unit.name in listed["T1"].place
    assert queries.sample_page(actors.technician, "T1").cell == "C4"
    assert listed["T2"].place == "Hôpital de Paris"


def test_a_place_that_cannot_be_is_named_by_its_field(
    take: Callable[..., Outcome], actors: People
) -> None:
    box = make_box(actors)
    outcome = take(row("T1", "NOWHERE", "A1"), row("T2", box.unit.code, ""))
    named = [[name for name, _reason in one.problems] for one in outcome.refusals]
    assert named == [["box_code"], ["cell"]]
