"""Importing partners' codes: pair by pair, each taken or refused for a reason."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from registry.identity.pseudonyms import service
from registry.imports.pseudonyms import import_pseudonyms
from registry.imports.report import Outcome
from registry.kernel.codes import participant as participant_code
from registry.kernel.errors import InvalidInput, NotPermitted
from registry.participants.models import Participant
from tests.factories.accounts import People
from tests.factories.identity import make_partner, make_person
from tests.factories.participants import OPERATOR, make_participant

Import = Callable[..., Outcome]


@pytest.fixture
def known(app: Flask, actors: People) -> Participant:
    make_partner("UNI")
    return make_participant(actors, person_uid=make_person(actors.nurse).person_uid)


@pytest.fixture
def other(known: Participant, actors: People) -> Participant:
    uid = make_person(actors.nurse, number="9", birth_name="Martin", given_names="Paul").person_uid
    return make_participant(actors, person_uid=uid)


@pytest.fixture
def take(tmp_path: Path) -> Import:
    """Import these lines under a heading."""

    def run(*lines: str) -> Outcome:
        path = tmp_path / "pairs.csv"
        path.write_text("\n".join(["code_participant;code_partenaire", *lines]), encoding="utf-8")
        return import_pseudonyms(
            OPERATOR, path, partner="uni", started=lambda _rows: lambda _more: None
        )

    return run


def reasons(outcome: Outcome) -> list[tuple[int, str | None, str]]:
    return [
        (refusal.row.line, field, str(reason))
        for refusal in outcome.refusals
        for field, reason in refusal.problems
    ]


def test_each_pair_is_taken_and_leads_to_the_participant(
    take: Import, known: Participant, actors: People
):
    outcome = take(f"{known.shown_code};U-1")

    assert outcome.counts == {"accepted": 1}
    assert service.find(actors.nurse, partner="UNI", code="u1") == known.person_uid


def test_a_file_that_is_taken_again_changes_nothing(take: Import, known: Participant):
    take(f"{known.code};U-1")

    assert take(f"{known.code};U-1").counts == {"already": 1}


def test_a_slip_is_refused_with_what_may_be_meant(take: Import, known: Participant):
    slipped = known.code[:3] + ("7" if known.code[3] != "7" else "9") + known.code[4:]

    (told,) = reasons(take(f"{slipped};U-1"))

    assert told[:2] == (2, "participant")
    assert known.shown_code in told[2]


def test_refused_rows_leave_the_others_taken(take: Import, known: Participant, other: Participant):
    unknown = next(code for code in iter(participant_code.new, "") if code != known.code)

    outcome = take(
        f"{known.code};U-1",
        "nonsense;U-2",
        f"{unknown};U-3",
        f"{other.code};U-1",
        f"{other.code};",
        f"{other.code};U-4;too much",
        f"{other.code};U-4",
    )

    assert outcome.counts == {"accepted": 2, "refused": 5}
    assert [(line, field) for line, field, _ in reasons(outcome)] == [
        (3, "participant"),
        (4, None),
        (5, "code"),
        (6, "code"),
        (7, None),
    ]


def test_an_unknown_partner_refuses_the_whole_file(
    take: Import, known: Participant, tmp_path: Path
):
    take(f"{known.code};U-1")

    with pytest.raises(InvalidInput, match="no partner"):
        import_pseudonyms(
            OPERATOR, tmp_path / "pairs.csv", partner="PAR", started=lambda _: lambda _: None
        )


def test_nobody_imports_through_a_page(known: Participant, actors: People, tmp_path: Path):
    with pytest.raises(NotPermitted):
        import_pseudonyms(
            actors.nurse, tmp_path / "pairs.csv", partner="UNI", started=lambda _: lambda _: None
        )
