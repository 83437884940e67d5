"""A tube code survives a scanner with the wrong keyboard, and no slip becomes another tube."""

import pytest
from hypothesis import assume, given, strategies as st
from stdnum.iso7064 import mod_37_2

from registry.kernel.codes import tube
from registry.kernel.errors import InvalidInput

#: What a US-layout scanner types on an AZERTY host.
_TO_AZERTY = str.maketrans("1234567890AQZWM", "&é\"'(-è_çàQAWZ?")

letters = st.sampled_from(tube.LETTERS)
numbers = st.integers(0, 10**tube.DIGITS - 1)
codes = st.builds(tube.make, letters, numbers).filter(lambda code: code is not None)


@given(codes)
def test_a_code_reads_back(code):
    assert tube.read_scan(f" {code.lower()}\r\n") == code


@given(codes)
def test_a_us_layout_scan_on_an_azerty_host_reads_back(code):
    assert tube.read_scan(code.translate(_TO_AZERTY)) == code
    assert tube.read_scan(code.translate(_TO_AZERTY).lower().replace("?", ",")) == code


@given(codes, st.integers(0, 9), st.sampled_from("0123456789BCDEFGHIJKLNOPRSTUVXY"))
def test_one_wrong_character_is_refused_or_no_code_of_ours(code, place, symbol):
    typed = code[:place] + symbol + code[place + 1 :]
    assume(typed != code and tube.has_own_shape(typed))
    with pytest.raises(InvalidInput):
        tube.read_scan(typed)


@given(codes, st.integers(1, 7))
def test_swapped_digits_are_refused(code, place):
    typed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assume(typed != code)
    with pytest.raises(InvalidInput):
        tube.read_scan(typed)


@given(codes)
def test_a_doubled_scan_is_refused(code):
    with pytest.raises(InvalidInput):
        tube.read_scan(code + code)


def test_the_check_character_is_never_a_star():
    assert all(tube.make("B", number) is None or "*" not in (tube.make("B", number) or "")
               for number in range(2_000))  # fmt: skip


@given(codes)
def test_the_check_character_agrees_with_an_independent_implementation(code):
    assert mod_37_2.calc_check_digit(code[:-1]) == code[-1]


@pytest.mark.parametrize("foreign", ["T07000001", "1034998087", "FR05653780"])
def test_foreign_codes_are_taken_as_they_are(foreign):
    assert tube.read_scan(foreign) == foreign


def test_the_hyphen_of_a_box_code_is_turned_back_too():
    assert tube.read_scan('BIO)PLQ)à&"') == "BIO-PLA-013"


@pytest.mark.parametrize("nothing", ["", "   ", "\r\n", "\x1d"])
def test_an_empty_scan_is_refused(nothing):
    with pytest.raises(InvalidInput):
        tube.read_scan(nothing)
