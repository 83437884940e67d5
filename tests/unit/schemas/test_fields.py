"""What the fields accept as it is written in French hospitals, and what they refuse to guess."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st
from marshmallow import ValidationError

from registry.kernel.codes import tube
from registry.kernel.messages import Message
from registry.vocab import limits
from registry.vocab.people import Sex
from schemas.fields import (
    Choice,
    Flag,
    FrenchDecimal,
    ScanCode,
    ScanCodes,
    Secret,
    TrimmedText,
    WholeNumber,
)


def refusal(field: Any, value: Any) -> str:
    """The sentence with which the field refuses the value."""
    with pytest.raises(ValidationError) as caught:
        field.deserialize(value)
    messages = caught.value.messages
    assert isinstance(messages, list)
    assert all(isinstance(message, Message) for message in messages)
    return " ".join(str(message) for message in messages)


class TestFrenchDecimal:
    field = FrenchDecimal()

    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("0,5", "0.5"),
            ("0.5", "0.5"),
            ("12", "12"),
            (" 1,25 ", "1.25"),
            ("1 234,5", "1234.5"),
            ("1\u202f234,5", "1234.5"),
            ("1\u00a0234", "1234"),
            ("-3,5", "-3.5"),
            ("\u22123,5", "-3.5"),
            ("0.250", "0.250"),
            ("1,250", "1.250"),
            ("10.25", "10.25"),
        ],
    )
    def test_it_reads_comma_and_point(self, written: str, meant: str):
        assert self.field.deserialize(written) == Decimal(meant)

    @pytest.mark.parametrize("number", [3, 0.1, Decimal("2.50")])
    def test_it_takes_the_numbers_of_a_spreadsheet_cell_exactly(self, number: Any):
        assert self.field.deserialize(number) == Decimal(str(number))

    @pytest.mark.parametrize("written", ["1.234", "12.500", "999.000"])
    def test_it_does_not_guess_whether_a_point_groups_thousands(self, written: str):
        assert "thousands or decimals" in refusal(self.field, written)

    @pytest.mark.parametrize("written", ["4,35E+09", "4.35E+09", "1e5"])
    def test_it_refuses_what_a_spreadsheet_has_shortened(self, written: str):
        assert "spreadsheet" in refusal(self.field, written)

    @pytest.mark.parametrize(
        "written",
        ["1,234.5", "1.234,5", "1,2,3", "abc", "1 23", "NaN", "Infinity", "0x10", "1,", "½", "٣"],
    )
    def test_it_refuses_what_is_no_number(self, written: str):
        assert "such as 0,5" in refusal(self.field, written)

    def test_it_refuses_a_truth_value(self):
        assert refusal(self.field, True) == "Text is expected here."

    def test_it_keeps_to_its_bounds(self):
        field = FrenchDecimal(above=0, maximum=10, places=2)

        assert "above 0" in refusal(field, "0")
        assert "at most 10" in refusal(field, "10,01")
        assert "2 decimal places" in refusal(field, "1,005")
        assert "at least 1" in refusal(FrenchDecimal(minimum=1), "0,9")

    @given(st.decimals(min_value=0, max_value=99_999, places=4, allow_nan=False))
    def test_what_is_written_with_a_comma_is_read_back_exactly(self, number: Decimal):
        assert self.field.deserialize(f"{number:f}".replace(".", ",")) == number


class TestTrimmedText:
    def test_it_trims_and_composes(self):
        assert TrimmedText(longest=10).deserialize(" \u00a0He\u0301le\u0300ne\t") == "Hélène"

    @pytest.mark.parametrize("sign", ["\x00", "\x1b", "\u0085", "\u202e", "\ud800", "\n", "\r"])
    def test_it_refuses_control_characters_without_repeating_them(self, sign: str):
        sentence = refusal(TrimmedText(longest=10), f"a{sign}b")

        assert "control characters" in sentence
        assert sign not in sentence

    def test_it_keeps_line_breaks_where_lines_are_wanted(self):
        assert TrimmedText(longest=20, lines=True).deserialize("one\r\ntwo\rthree") == (
            "one\ntwo\nthree"
        )

    def test_it_keeps_to_its_limits(self):
        field = TrimmedText(shortest=3, longest=5)

        assert "at least 3" in refusal(field, "ab")
        assert "at most 5 characters; there are 6" in refusal(field, "abcdef")
        assert field.deserialize("  abcde  ") == "abcde"

    def test_it_wants_text(self):
        assert refusal(TrimmedText(longest=5), 12) == "Text is expected here."


class TestSecret:
    def test_it_takes_the_password_as_it_was_typed(self):
        typed = "  é\u0065\u0301 " + "パ" * 60

        assert Secret().deserialize(typed) == typed

    def test_it_refuses_what_would_choke_the_hash(self):
        assert "at most 128" in refusal(Secret(), "x" * (limits.PASSWORD_MAX + 1))


class TestWholeNumber:
    field = WholeNumber(minimum=1, maximum=96)

    @pytest.mark.parametrize(("written", "meant"), [("1", 1), (" 96 ", 96), (12, 12), ("+3", 3)])
    def test_it_reads_whole_numbers(self, written: Any, meant: int):
        assert self.field.deserialize(written) == meant

    @pytest.mark.parametrize("written", ["0", "97", "-1"])
    def test_it_keeps_to_its_bounds(self, written: str):
        assert "from 1 to 96" in refusal(self.field, written)

    @pytest.mark.parametrize("written", ["1,5", "one", "1e2", "٣", True, 1.0, "9" * 30])
    def test_it_refuses_anything_else(self, written: Any):
        assert refusal(self.field, written)


class TestFlag:
    @pytest.mark.parametrize("yes", ["y", "on", "1", "true", "OUI", True])
    def test_it_knows_yes(self, yes: Any):
        assert Flag().deserialize(yes) is True

    @pytest.mark.parametrize("no", ["n", "0", "false", "Non", False])
    def test_it_knows_no(self, no: Any):
        assert Flag().deserialize(no) is False

    def test_it_asks_again_otherwise(self):
        assert refusal(Flag(), "maybe") == "Answer yes or no."


class TestChoice:
    def test_it_gives_the_member_for_its_value(self):
        assert Choice(Sex).deserialize("female") is Sex.FEMALE

    @pytest.mark.parametrize("given", ["Female", "F", "femme", 1])
    def test_it_refuses_what_is_not_offered(self, given: Any):
        assert refusal(Choice(Sex), given)

    def test_it_writes_the_value(self):
        assert Choice(Sex).serialize("sex", {"sex": Sex.MALE}) == "male"


class TestScanCode:
    own = tube.make("T", 700) or ""

    def test_it_takes_a_code_with_the_noise_of_a_scanner(self):
        assert ScanCode().deserialize(f"\x02 {self.own.lower()}\r\n") == self.own

    def test_it_repairs_a_scan_on_an_azerty_keyboard(self):
        typed = self.own.translate(str.maketrans("1234567890", "&é\"'(-è_çà"))

        assert ScanCode().deserialize(typed) == self.own

    @pytest.mark.parametrize("mangled", ["4,35E+09", "4.35E+09", " 7,0000001E+07 "])
    def test_it_refuses_a_code_that_a_spreadsheet_has_turned_into_a_number(self, mangled: str):
        assert "spreadsheet" in refusal(ScanCode(), mangled)

    def test_it_refuses_a_misread_code_of_our_own(self):
        wrong = self.own[:-1] + ("0" if self.own[-1] != "0" else "1")

        assert "misread" in refusal(ScanCode(), wrong)

    @pytest.mark.parametrize("odd", ["<B>T1</B>", "T1;DROP", "T\u200b1", "☃"])
    def test_it_refuses_signs_that_no_label_has(self, odd: str):
        assert refusal(ScanCode(), odd)

    def test_it_refuses_what_is_longer_than_any_label(self):
        assert "at most 40" in refusal(ScanCode(), "X" * 41)

    def test_it_takes_the_codes_of_others_as_they_are(self):
        assert ScanCode().deserialize("0123456789") == "0123456789"


class TestScanCodes:
    def test_it_reads_one_code_on_each_line(self):
        assert ScanCodes().deserialize("x1\r\n\n  x2\nx3\n") == ["X1", "X2", "X3"]

    def test_it_reads_a_list(self):
        assert ScanCodes().deserialize(["x1", "", "x2"]) == ["X1", "X2"]

    def test_it_names_the_line_of_a_repeated_code(self):
        assert refusal(ScanCodes(), "x1\nx2\nX1") == "Line 3: X1 was scanned before."

    def test_it_reports_every_faulty_line(self):
        sentence = refusal(ScanCodes(), "x1\n4,35E+09\n☃")

        assert "Line 2:" in sentence
        assert "Line 3:" in sentence

    def test_it_takes_no_more_than_can_be_done_at_once(self):
        assert refusal(ScanCodes(most=2), "x1\nx2\nx3") == "Scan at most 2 codes at once."

    def test_nothing_but_blank_lines_is_nothing(self):
        assert "at least one" in refusal(ScanCodes(required=True), [" ", ""])
