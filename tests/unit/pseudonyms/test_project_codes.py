"""Project codes: stable within a project, unrelated between projects, checked when copied."""

import secrets

import pytest
from hypothesis import given, strategies as st

from registry.crypto.pseudonyms import ProjectPseudonyms
from registry.identity.pseudonyms import projects
from registry.identity.pseudonyms.projects import ProjectCodes
from registry.kernel.codes import participant
from registry.kernel.errors import InvalidInput

KEY = secrets.token_bytes(32)
ids = st.integers(min_value=1, max_value=2**31)
numbers = st.from_regex(r"D-20[0-9]{2}-[0-9]{4}", fullmatch=True)


def codes_of(number: str) -> ProjectCodes:
    return ProjectCodes(ProjectPseudonyms(KEY, application=number))


@given(numbers, ids)
def test_a_renewed_extract_has_the_same_codes(number: str, one: int):
    first, again = codes_of(number), codes_of(number)

    assert [first.participant(one), first.sample(one)] == [
        again.participant(one),
        again.sample(one),
    ]


@given(numbers, numbers, ids, ids)
def test_no_code_of_a_project_is_one_of_another(one: str, other: str, first: int, second: int):
    same = (one, first) == (other, second)

    assert (codes_of(one).participant(first) == codes_of(other).participant(second)) is same


def test_another_vault_gives_other_codes():
    theirs = ProjectCodes(ProjectPseudonyms(secrets.token_bytes(32), application="D-2026-0001"))

    assert theirs.participant(7) != codes_of("D-2026-0001").participant(7)


def test_two_projects_share_no_code():
    one, other = codes_of("D-2026-0001"), codes_of("D-2026-0002")

    codes = {one.participant(n) for n in range(500)} & {other.participant(n) for n in range(500)}

    assert not codes


def test_a_participant_and_a_sample_with_one_number_have_unrelated_codes():
    codes = codes_of("D-2026-0001")

    assert codes.participant(7)[1:] != codes.sample(7)[1:]


def test_codes_do_not_collide_and_have_one_length():
    codes = codes_of("D-2026-0001")

    made = {codes.sample(number) for number in range(20_000)}

    assert len(made) == 20_000
    assert {len(code) for code in made} == {19}


def test_codes_have_no_lookalikes():
    codes = codes_of("D-2026-0001")

    symbols = set("".join(codes.sample(number)[1:] for number in range(200)))

    assert symbols <= set(participant.ALPHABET)


@pytest.mark.parametrize("place", range(1, 19))
def test_a_slip_when_copying_is_found(place: int):
    code = codes_of("D-2026-0001").participant(7)
    body = code[1:-2]

    slipped = code[:place] + ("0" if code[place] != "0" else "1") + code[place + 1 :]

    assert participant.make(body) == code[1:]
    assert participant.make(slipped[1:-2]) != slipped[1:]


@given(ids, st.sampled_from(["{}", " {} ", "{}-", "\t{}"]), st.booleans())
def test_case_spaces_and_hyphens_do_not_matter_when_it_is_typed(one: int, around: str, lower: bool):
    code = codes_of("D-2026-0001").participant(one)
    typed = around.format("-".join(code[place : place + 5] for place in range(0, 19, 5)))

    assert projects.read(typed.lower() if lower else typed) == {code}


@given(ids, st.integers(min_value=1, max_value=18), st.sampled_from(participant.ALPHABET))
def test_one_wrong_character_is_put_right(one: int, place: int, wrong: str):
    code = codes_of("D-2026-0001").sample(one)

    assert code in projects.read(code[:place] + wrong + code[place + 1 :])


@pytest.mark.parametrize("typed", ["", "X0123456789ACDEFGHJ", "P0123", "P" * 40, "Lafleur"])
def test_what_is_no_project_code_is_refused_without_repeating_it(typed: str):
    with pytest.raises(InvalidInput) as refusal:
        projects.read(typed)

    assert not typed or typed not in str(refusal.value)
