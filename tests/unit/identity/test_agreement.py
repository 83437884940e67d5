"""How far two values of one field agree."""

import pytest

from registry.identity import agreement
from registry.identity.likeness import Likeness, Name
from registry.identity.traits import Traits
from registry.vocab.identity import Agreement


def words(one: str, other: str, *, leading: bool = False) -> Agreement:
    return agreement.of_names(Name.of(one), Name.of(other), leading=leading)


class TestNames:
    @pytest.mark.parametrize(
        ("one", "other", "level"),
        [
            ("MARTIN", "MARTIN", Agreement.EXACT),
            ("FINL AY", "FINLAY", Agreement.EXACT),
            ("LE GALL", "LEGALL", Agreement.EXACT),
            ("LE GALL", "GALL", Agreement.PART),
            ("LEFEBVRE DURAND", "DURAND", Agreement.PART),
            ("DUPONT", "DUPOND", Agreement.PHONETIC),
            ("MONTGOMERY", "MONTOGMERY", Agreement.CLOSE),
            ("KILMARTIN", "KILMARTN", Agreement.CLOSE),
            ("PANAGARIS", "PANAGAIS", Agreement.CLOSE),
            ("WEBB", "WEBV", Agreement.SIMILAR),
            ("MARTIN", "DURAND", Agreement.DIFFERENT),
            ("MARTIN", "", Agreement.MISSING),
            ("", "", Agreement.MISSING),
        ],
    )
    def test_surnames(self, one, other, level):
        assert words(one, other) is level
        assert words(other, one) is level

    @pytest.mark.parametrize(
        ("one", "other", "level"),
        [
            ("MARIE CHRISTINE", "MARIE", Agreement.PART),
            ("MARIE CHRISTINE", "CHRISTINE", Agreement.SIMILAR),
            ("MARIE CHRISTINE", "MARIE LOUISE", Agreement.SIMILAR),
            ("BEN", "BNE", Agreement.CLOSE),
            ("LEA", "LEO", Agreement.DIFFERENT),
            ("TIA", "MIA", Agreement.DIFFERENT),
        ],
    )
    def test_given_names_of_which_the_first_one_counts(self, one, other, level):
        assert words(one, other, leading=True) is level
        assert words(other, one, leading=True) is level


class TestBirthDates:
    @pytest.mark.parametrize(
        ("one", "other", "level"),
        [
            ("1962-04-07", "1962-04-07", Agreement.EXACT),
            ("1962-04-07", "1962-07-04", Agreement.SWAPPED),
            ("1962-04-07", "1962-04-08", Agreement.CLOSE),
            ("1962-04-07", "1926-04-07", Agreement.CLOSE),
            ("1962-04-17", "1985-04-17", Agreement.PART),
            ("1962-04-17", "1962-12-17", Agreement.PART),
            ("1962-04-17", "1951-12-30", Agreement.DIFFERENT),
            ("1962-04-17", "", Agreement.MISSING),
        ],
    )
    def test_they_agree(self, one, other, level):
        assert agreement.of_birth_dates(one, other) is level
        assert agreement.of_birth_dates(other, one) is level


class TestResidences:
    @pytest.mark.parametrize(
        ("one", "other", "level"),
        [
            (("4020", "Sea Lake"), ("4020", "Sea Lake"), Agreement.EXACT),
            (("4020", "Sea Lake"), ("4024", "Sea Lake"), Agreement.CLOSE),
            (("4020", "Sea Lake"), ("4020", ""), Agreement.CLOSE),
            (("3214", "Pennant Hills"), ("3241", "Pennantyhills"), Agreement.CLOSE),
            (("4020", "Sea Lake"), ("4020", "Wodonga"), Agreement.PART),
            (("4020", "Sea Lake"), ("2750", "Wodonga"), Agreement.DIFFERENT),
            (("4020", ""), ("", "Wodonga"), Agreement.MISSING),
            (("", ""), ("4020", "Sea Lake"), Agreement.MISSING),
        ],
    )
    def test_postal_code_and_town_count_once(self, one, other, level):
        first, second = (
            Likeness.of(Traits(postal_code=code, town=town), None) for code, town in (one, other)
        )
        assert agreement.of_residences(first, second) is level
        assert agreement.of_residences(second, first) is level


class TestOtherFields:
    def test_a_communes_code_says_nothing_about_its_name(self):
        assert agreement.of_places("42218", "SAINT ETIENNE") is Agreement.MISSING

    def test_an_unknown_sex_says_nothing(self):
        assert agreement.of_sexes("", "female") is Agreement.MISSING
        assert agreement.of_sexes("male", "female") is Agreement.DIFFERENT

    def test_numbers_are_compared_within_their_site(self):
        held = {("PAR", "7364009"), ("LYO", "12")}
        assert agreement.of_identifiers(("PAR", "7364009"), held) is Agreement.EXACT
        assert agreement.of_identifiers(("PAR", "7346009"), held) is Agreement.SWAPPED
        assert agreement.of_identifiers(("PAR", "7394009"), held) is Agreement.CLOSE
        assert agreement.of_identifiers(("PAR", "1111111"), held) is Agreement.DIFFERENT
        assert agreement.of_identifiers(("BIO", "7364009"), held) is Agreement.MISSING
        assert agreement.of_identifiers(None, held) is Agreement.MISSING

    @pytest.mark.parametrize("number", ["8129414", "8129412", "8129420"])
    def test_numbers_given_one_after_the_other_are_seen_to_follow(self, number):
        assert agreement.of_identifiers(("PAR", number), {("PAR", "8129413")}) is Agreement.NEXT

    @pytest.mark.parametrize(("one", "other"), [("8129413", "8129431"), ("19", "91")])
    def test_exchanged_digits_never_follow(self, one, other):
        assert agreement.of_identifiers(("PAR", one), {("PAR", other)}) is Agreement.SWAPPED

    def test_what_speaks_for_twins_is_said_of_somebody_with_two_numbers(self):
        held = {("PAR", "8129413"), ("PAR", "8129144")}
        assert agreement.of_identifiers(("PAR", "8129414"), held) is Agreement.NEXT
