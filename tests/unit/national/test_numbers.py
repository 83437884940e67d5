"""Reading a national number: what has the right key, what was never assigned, what fits whom."""

from datetime import date

import pytest
from hypothesis import assume, given, strategies as st

from registry.identity.national import numbers
from registry.identity.national.numbers import NationalNumber
from registry.identity.traits import Traits
from registry.kernel.errors import InvalidInput
from registry.vocab.identity import Trait
from registry.vocab.national import OIDS, NumberKind
from registry.vocab.people import Sex
from tests.factories.national import make_number


@pytest.fixture(autouse=True)
def _real_numbers_alone():
    numbers.accept_test_numbers(False)


def read(number: str, kind: NumberKind = NumberKind.NIR) -> NationalNumber:
    return NationalNumber.read(number, kind)


def is_right(number: str, kind: NumberKind = NumberKind.NIR) -> bool:
    try:
        read(number, kind)
    except InvalidInput:
        return False
    return True


departments = st.sampled_from([f"{n:02d}" for n in range(1, 97)] + ["2A", "2B", "99"])
written = st.builds(
    make_number,
    sex=st.sampled_from("12"),
    year=st.integers(0, 99).map("{:02d}".format),
    month=st.sampled_from([*range(1, 13), *range(20, 43), *range(50, 100)]).map("{:02d}".format),
    place=st.tuples(departments, st.integers(1, 990)).map(lambda p: f"{p[0]}{p[1]:03d}"),
    order=st.integers(1, 999).map("{:03d}".format),
)


class TestTheKey:
    @given(written)
    def test_every_number_that_insee_can_form_is_read(self, number):
        assert read(number).value == number

    @given(written, st.integers(0, 14), st.sampled_from("0123456789"))
    def test_every_single_wrong_digit_is_refused(self, number, at, digit):
        assume(number[at] != digit)
        assert not is_right(number[:at] + digit + number[at + 1 :])

    @given(written, st.integers(0, 13))
    def test_every_exchange_of_two_neighbours_is_refused(self, number, at):
        assume(number[at] != number[at + 1])
        assert not is_right(number[:at] + number[at + 1] + number[at] + number[at + 2 :])

    @pytest.mark.parametrize("number", ["253072A07300443", "2 53 07 2b 073 004 70"])
    def test_corsica_counts_as_19_and_18(self, number):
        assert is_right(number)

    def test_the_key_of_one_half_of_corsica_is_not_the_others(self):
        assert not is_right("253072A07300470")

    @pytest.mark.parametrize(
        "number", ["", "2620442218123", "26204422181230000", "²62044221812300"]
    )
    def test_fifteen_signs_are_needed(self, number):
        assert not is_right(number)

    def test_a_refusal_repeats_nothing_of_the_number(self):
        wrong = make_number(month="13")
        with pytest.raises(InvalidInput) as refused:
            read(wrong)
        assert not any(part in repr(refused.value.errors) for part in (wrong, wrong[:13]))


class TestWhatWasNeverAssigned:
    @pytest.mark.parametrize("month", ["00", "13", "19", "43", "49"])
    def test_no_such_month(self, month):
        assert not is_right(make_number(month=month))

    @pytest.mark.parametrize("month", ["01", "12", "20", "30", "31", "42", "50", "99"])
    def test_the_months_of_incomplete_certificates_are_months(self, month):
        assert is_right(make_number(month=month))

    @pytest.mark.parametrize("sex", ["0", "5", "6", "9", "3", "7", "8", "4"])
    def test_a_nir_begins_with_1_or_2(self, sex):
        assert not is_right(make_number(sex=sex))

    @pytest.mark.parametrize(
        ("sex", "right"), [("3", True), ("4", True), ("7", True), ("8", True), ("1", False)]
    )
    def test_a_nia_begins_with_3_4_7_or_8(self, sex, right):
        assert is_right(make_number(sex=sex), NumberKind.NIA) is right

    @pytest.mark.parametrize("place", ["00123", "75000", "75991", "96900"[:2] + "999", "99991"])
    def test_no_such_place(self, place):
        assert not is_right(make_number(place=place))

    @pytest.mark.parametrize("place", ["97105", "98818", "20004", "96001", "99350"])
    def test_places_overseas_abroad_and_of_before_are_places(self, place):
        assert is_right(make_number(place=place))

    def test_no_such_order(self):
        assert not is_right(make_number(order="000"))


class TestTestNumbers:
    def test_they_are_refused_where_nobody_said_to_take_them(self):
        assert not is_right(make_number(), NumberKind.TEST_NIR)

    def test_they_are_taken_where_somebody_did(self):
        numbers.accept_test_numbers(True)
        assert is_right(make_number(), NumberKind.TEST_NIR)
        assert is_right(make_number(sex="7"), NumberKind.TEST_NIA)

    def test_each_kind_is_named_by_its_oid(self):
        assert OIDS[NumberKind.NIR] == "1.2.250.1.213.1.4.8"
        assert OIDS[NumberKind.NIA] == "1.2.250.1.213.1.4.9"
        assert len(set(OIDS.values())) == len(NumberKind)


class TestWhomItFits:
    def incoherent(self, number: str, **traits: object) -> tuple[Trait, ...]:
        whole = {"sex": Sex.FEMALE, "birth_date": date(1962, 4, 17), "birth_place": "42218"}
        return read(number).incoherent_with(Traits(**{**whole, **traits}))

    def test_its_own_person(self):
        assert self.incoherent(make_number()) == ()

    @pytest.mark.parametrize(
        ("changes", "trait"),
        [
            ({"sex": "1"}, Trait.SEX),
            ({"year": "63"}, Trait.BIRTH_DATE),
            ({"month": "05"}, Trait.BIRTH_DATE),
            ({"month": "35"}, Trait.BIRTH_DATE),
            ({"place": "69123"}, Trait.BIRTH_PLACE),
        ],
    )
    def test_not_somebody_of_another_trait(self, changes, trait):
        assert self.incoherent(make_number(**changes)) == (trait,)

    @pytest.mark.parametrize("month", ["34", "20", "99"])
    def test_an_incomplete_certificate_contradicts_no_month_that_it_does_not_name(self, month):
        assert self.incoherent(make_number(month=month)) == ()

    @pytest.mark.parametrize(
        ("of_number", "of_person"),
        [
            ("20004", "2A004"),
            ("75119", "92050"),
            ("92352", "99352"),
            ("95350", "99350"),
            ("96351", "99351"),
            ("97205", "97229"),
        ],
    )
    def test_places_that_are_the_same_under_an_earlier_code(self, of_number, of_person):
        assert self.incoherent(make_number(place=of_number), birth_place=of_person) == ()

    def test_a_birthplace_in_letters_contradicts_nothing(self):
        assert self.incoherent(make_number(place="69123"), birth_place="Saint-Étienne") == ()
