"""Importing identities: a part at a time, every refused row refused alone."""

import gc
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from registry.accounts.models import Site
from registry.identity.models import IdentityRecord, Person
from registry.imports.participants import import_participants
from registry.imports.reading import Row
from registry.imports.report import Outcome
from registry.participants import service as participants
from registry.participants.models import Cohort, Participant, ParticipantHistory
from registry.persistence import registry_session, vault_session
from registry.vocab import limits
from registry.vocab.people import Sex
from tests.factories.accounts import Sites
from tests.factories.participants import OPERATOR, make_cohort
from tests.unit.identity.population import Population

Import = Callable[..., Outcome]
HEADINGS = "numero;nom;prenom;date_naissance;sexe;ipp;code_postal;commune"


def lines(count: int, seed: int = 3) -> list[str]:
    """`count` rows of strangers."""
    found = []
    for number, one in enumerate(Population(seed).persons(count)):
        traits = one.traits
        found.append(
            f"S{number};{traits.birth_name};{traits.given_names};{traits.birth_date:%d/%m/%Y};"
            f"{traits.sex};{one.identifier.number};{traits.postal_code};{traits.town}"
        )
    return found


def _quiet(*_told: object) -> None: ...


@pytest.fixture
def cohort(app: Flask, sites: Sites) -> Cohort:
    return make_cohort()


@pytest.fixture
def take(app: Flask, sites: Sites, cohort: Cohort, tmp_path: Path) -> Import:
    """Import these lines into the cohort at Paris."""

    def taken(rows: list[str], *, told: Callable[..., None] = _quiet) -> Outcome:
        path = tmp_path / "people.csv"
        path.write_text("\n".join([HEADINGS, *rows]) + "\n", encoding="utf-8")
        site = registry_session.scalars(sa.select(Site).where(Site.code == "PAR")).one()
        return import_participants(
            OPERATOR,
            path,
            cohort=cohort,
            site=site,
            source="file",
            started=lambda _rows: told,
        )

    return taken


def count(model) -> int:
    session = vault_session if model in (Person, IdentityRecord) else registry_session
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_each_person_is_in_the_vault_and_in_the_cohort_once(take: Import) -> None:
    rows = lines(30)
    outcome = take(rows)

    assert outcome.counts["refused"] == 0
    assert outcome.counts.total() - outcome.counts["incomplete"] == 30
    assert count(IdentityRecord) == 30
    assert count(Participant) == count(ParticipantHistory) == count(Person)


def test_the_same_file_again_changes_nothing(take: Import) -> None:
    rows = lines(30)
    take(rows)
    before = [count(model) for model in (Person, IdentityRecord, Participant, ParticipantHistory)]

    assert take(rows).counts == {"already": 30}
    after = [count(model) for model in (Person, IdentityRecord, Participant, ParticipantHistory)]
    assert after == before


def test_a_row_that_the_cohort_refuses_leaves_nothing_in_the_vault(
    take: Import, cohort: Cohort
) -> None:
    site = registry_session.scalars(sa.select(Site).where(Site.code == "PAR")).one()
    participants.enrol(
        OPERATOR,
        person_uid="f" * 32,
        cohort_id=cohort.id,
        site_id=site.id,
        birth_year=1950,
        sex=Sex.MALE,
        source=("file", "S7"),
    )
    outcome = take(lines(20))

    (refusal,) = outcome.refusals
    assert refusal.row.values["source_code"] == "S7"
    assert count(Person) == count(Participant) - 1
    assert count(IdentityRecord) == 19


def test_a_row_that_cannot_be_read_is_refused_alone(take: Import) -> None:
    rows = lines(10)
    rows[4] = rows[4].replace(";", ";;", 1)
    outcome = take(rows)
    assert [refusal.row.line for refusal in outcome.refusals] == [6]
    assert count(IdentityRecord) == 9


def test_no_more_rows_are_held_than_are_taken_at_once(
    take: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "IMPORT_IDENTITIES_AT_ONCE", 10)
    held: list[int] = []

    def count_rows(*_told: object) -> None:
        held.append(sum(isinstance(one, Row) for one in gc.get_objects()))

    take(lines(60), told=count_rows)
    assert len(held) == 6
    assert 0 < max(held) <= 2 * 10
