"""Project codes: stable within a project, unrelated between projects, checked when copied."""

import secrets

import pytest

from registry import identity
from registry.crypto.pseudonyms import ProjectPseudonyms
from registry.extracts.pseudonyms import ProjectCodes
from registry.kernel.codes import participant


@pytest.fixture(autouse=True)
def the_vaults_key(monkeypatch: pytest.MonkeyPatch) -> None:
    key = secrets.token_bytes(32)
    monkeypatch.setattr(
        identity,
        "project_pseudonyms",
        lambda application: ProjectPseudonyms(key, application=application),
    )


def test_a_renewed_extract_has_the_same_codes():
    first, again = ProjectCodes("D-2026-0001"), ProjectCodes("D-2026-0001")

    assert [first.participant(7), first.sample(7)] == [again.participant(7), again.sample(7)]


def test_two_projects_share_no_code():
    one, other = ProjectCodes("D-2026-0001"), ProjectCodes("D-2026-0002")

    codes = {one.participant(n) for n in range(500)} & {other.participant(n) for n in range(500)}

    assert not codes


def test_a_participant_and_a_sample_with_one_number_have_unrelated_codes():
    codes = ProjectCodes("D-2026-0001")

    assert codes.participant(7)[1:] != codes.sample(7)[1:]


def test_codes_do_not_collide_and_have_one_length():
    codes = ProjectCodes("D-2026-0001")

    made = {codes.sample(number) for number in range(20_000)}

    assert len(made) == 20_000
    assert {len(code) for code in made} == {19}


def test_codes_have_no_lookalikes():
    codes = ProjectCodes("D-2026-0001")

    symbols = set("".join(codes.sample(number)[1:] for number in range(200)))

    assert symbols <= set(participant.ALPHABET)


@pytest.mark.parametrize("place", range(1, 19))
def test_a_slip_when_copying_is_found(place: int):
    code = ProjectCodes("D-2026-0001").participant(7)
    body = code[1:-2]

    slipped = code[:place] + ("0" if code[place] != "0" else "1") + code[place + 1 :]

    assert participant.make(body) == code[1:]
    assert participant.make(slipped[1:-2]) != slipped[1:]
