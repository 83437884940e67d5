"""A participant code notices slips and puts one right."""

import pytest
from hypothesis import given, strategies as st

from registry.kernel.codes import participant
from registry.kernel.errors import InvalidInput

symbols = st.sampled_from(participant.ALPHABET)
codes = st.text(symbols, min_size=6, max_size=6).map(participant.make)
places = st.integers(0, participant.LENGTH - 1)


@given(codes, places, symbols)
def test_one_wrong_symbol_is_put_right(code, place, symbol):
    typed = code[:place] + symbol + code[place + 1 :]
    assert participant.read(typed) == code


@given(codes, st.integers(0, participant.LENGTH - 2))
def test_two_swapped_neighbours_are_put_right(code, place):
    typed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert participant.read(typed) == code


@given(codes, st.lists(places, min_size=2, max_size=2, unique=True), symbols, symbols)
def test_two_wrong_symbols_never_pass_as_they_are(code, two, first, second):
    letters = list(code)
    letters[two[0]], letters[two[1]] = first, second
    typed = "".join(letters)
    assert typed == code or not participant.is_valid(typed)


def test_case_spaces_hyphens_and_lookalikes_do_not_matter():
    code = participant.make("0158AC")
    typed = participant.show(code).lower().replace("0", "o").replace("1", "i").replace("8", "b")
    assert participant.read(f"  {typed} ") == code


def test_new_codes_are_valid_and_differ():
    several = {participant.new() for _ in range(200)}
    assert len(several) == 200
    assert all(participant.is_valid(code) for code in several)


@pytest.mark.parametrize("typed", ["", "ABC", "12345678901", "********", "éééééééé"])
def test_what_is_no_code_is_refused(typed):
    with pytest.raises(InvalidInput):
        participant.read(typed)
