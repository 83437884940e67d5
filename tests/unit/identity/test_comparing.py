"""What is true of every comparison, whoever is compared: properties, and French names."""

import math
import string
from datetime import date

import pytest
from hypothesis import given, strategies as st
from rapidfuzz.distance import OSA, JaroWinkler

from registry.identity import agreement, scoring
from registry.identity.likeness import Likeness
from registry.identity.traits import HospitalId, Traits
from registry.identity.weighing import START
from registry.vocab.identity import WEIGHED, Agreement, Compared, Verdict
from registry.vocab.people import Sex
from tests.factories.identity import make_traits

WORDS = st.text(alphabet="ABCDEILMNORSTU", min_size=2, max_size=9)
NAMES = st.one_of(st.none(), WORDS, st.builds("{} {}".format, WORDS, WORDS))
TRAITS = st.builds(
    Traits,
    birth_name=NAMES,
    given_names=NAMES,
    used_name=NAMES,
    birth_date=st.one_of(st.none(), st.dates(date(1960, 1, 1), date(1961, 12, 31))),
    sex=st.one_of(st.none(), st.sampled_from(Sex)),
    postal_code=st.one_of(st.none(), st.sampled_from(["42000", "42100", "24000", "75014"])),
    town=st.one_of(st.none(), st.sampled_from(["Lyon", "Lyonn", "Paris"])),
)
NUMBERS = st.one_of(st.none(), st.integers(1_000, 1_050).map(str))


def likeness(traits: Traits, number: str | None) -> Likeness:
    return Likeness.of(traits, HospitalId("PAR", number) if number else None)


def compare(one: Likeness, other: Likeness) -> scoring.Comparison:
    held = {other.identifier} if other.identifier else set()
    return scoring.compare(one, other, numbers=held, population=1_000)


class TestProperties:
    @given(TRAITS, TRAITS, NUMBERS, NUMBERS)
    def test_it_does_not_matter_who_came_first(self, one, other, number, others):
        first, second = likeness(one, number), likeness(other, others)
        there, back = compare(first, second), compare(second, first)
        assert there.levels == back.levels
        assert math.isclose(there.bits, back.bits, abs_tol=1e-9)
        assert there.verdict is back.verdict

    @given(TRAITS, NUMBERS)
    def test_nobody_resembles_another_more_than_themselves(self, traits, number):
        mine = likeness(traits, number)
        levels = dict(compare(mine, mine).levels)
        home = levels.pop(Compared.RESIDENCE)
        assert set(levels.values()) <= {Agreement.EXACT, Agreement.MISSING}
        # A town without its code, or the code alone, is half a home.
        assert home in {Agreement.EXACT, Agreement.CLOSE, Agreement.MISSING}

    @given(TRAITS, TRAITS, st.sampled_from(["birth_date", "sex", "postal_code", "town"]))
    def test_agreeing_in_one_more_field_never_lowers_the_score(self, one, other, field):
        agreeing = Traits(**{**vars(other), field: getattr(one, field)})
        before = compare(likeness(one, None), likeness(other, None))
        after = compare(likeness(one, None), likeness(agreeing, None))
        if getattr(one, field) is not None and getattr(other, field) is not None:
            assert after.bits >= before.bits - 1e-9

    @pytest.mark.parametrize("which", WEIGHED)
    def test_within_a_field_full_agreement_weighs_most_and_none_least(self, which):
        bits = [START.of(which, level) for level in START.chances[which]]
        assert START.of(which, Agreement.EXACT) == max(bits)
        assert START.of(which, Agreement.DIFFERENT) == min(bits)

    @given(TRAITS, TRAITS, NUMBERS, NUMBERS)
    def test_the_fields_shown_explain_the_whole_score(self, one, other, number, others):
        comparison = compare(likeness(one, number), likeness(other, others))
        rarity = math.log2(START.population_min / START.duplicates)
        assert set(comparison.levels) == set(comparison.weights) == set(WEIGHED)
        assert comparison.bits == pytest.approx(sum(comparison.weights.values()) - rarity)

    @given(TRAITS, TRAITS, NUMBERS, NUMBERS)
    def test_another_sex_is_never_decided_without_a_person(self, one, other, number, others):
        comparison = compare(likeness(one, number), likeness(other, others))
        if comparison.levels[Compared.SEX] is Agreement.DIFFERENT:
            assert comparison.verdict is not Verdict.SAME

    @given(WORDS, st.data())
    def test_no_slip_resembles_so_little_that_it_is_not_looked_for(self, word, data):
        place = data.draw(st.integers(0, len(word) - 1))
        letter = data.draw(st.sampled_from(string.ascii_uppercase))
        exchanged = word[:place] + word[place + 1 : place + 2] + word[place] + word[place + 2 :]
        for slip in (
            word[:place] + letter + word[place:],
            word[:place] + word[place + 1 :],
            word[:place] + letter + word[place + 1 :],
            exchanged,
        ):
            if slip != word and agreement._is_slip(word, slip):
                assert OSA.distance(word, slip) == 1
                assert JaroWinkler.similarity(word, slip) >= agreement._SLIP_RESEMBLES_MIN


class TestFrenchNames:
    """Each way in which one name is written differently: what is seen, and what follows."""

    @pytest.mark.parametrize(
        ("changes", "field", "level"),
        [
            ({"birth_name": "LEFEBVRE DURAND"}, Compared.BIRTH_NAME, Agreement.EXACT),
            ({"birth_name": "Lefebvre–Durand"}, Compared.BIRTH_NAME, Agreement.EXACT),
            ({"birth_name": "Durand"}, Compared.BIRTH_NAME, Agreement.PART),
            ({"birth_name": "de Lefèbvre-Durand"}, Compared.BIRTH_NAME, Agreement.PART),
            ({"birth_name": "Lefèvre-Durant"}, Compared.BIRTH_NAME, Agreement.PHONETIC),
            ({"birth_name": "Lefèbvre-Durnad"}, Compared.BIRTH_NAME, Agreement.CLOSE),
            ({"birth_name": "Moreau"}, Compared.BIRTH_NAME, Agreement.DIFFERENT),
            ({"given_names": "AMELIE-ROSE"}, Compared.GIVEN_NAMES, Agreement.EXACT),
            ({"given_names": "Amélie"}, Compared.GIVEN_NAMES, Agreement.PART),
            ({"given_names": "Rose"}, Compared.GIVEN_NAMES, Agreement.SIMILAR),
            ({"birth_date": date(1962, 4, 11)}, Compared.BIRTH_DATE, Agreement.CLOSE),
            ({"birth_date": date(1926, 4, 17)}, Compared.BIRTH_DATE, Agreement.CLOSE),
            ({"birth_place": "St Etienne"}, Compared.BIRTH_PLACE, Agreement.EXACT),
            ({"town": "SAINT ETIENNE CEDEX 2"}, Compared.RESIDENCE, Agreement.EXACT),
        ],
    )
    def test_it_is_seen_as_what_it_is(self, changes, field, level):
        comparison = compare(likeness(make_traits(), None), likeness(make_traits(**changes), None))
        assert comparison.levels[field] is level

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Le Gall", "Legall"),
            ("d'Alembert", "Dalembert"),
            ("de La Tour", "Delatour"),
            ("N'Guyen", "Nguyen"),
            ("Bœuf", "Boeuf"),
            ("Müller", "MULLER"),
            ("Ben Ali", "Benali"),
            ("Saint-Exupéry", "St Exupéry"),
        ],
    )
    def test_particles_marks_and_ligatures_are_one_spelling(self, one, other):
        comparison = compare(
            likeness(make_traits(birth_name=one), None),
            likeness(make_traits(birth_name=other), None),
        )
        assert comparison.levels[Compared.BIRTH_NAME] is Agreement.EXACT

    def test_day_and_month_exchanged_are_seen(self):
        one, other = (
            likeness(make_traits(birth_date=born), None)
            for born in (date(1962, 4, 7), date(1962, 7, 4))
        )
        assert compare(one, other).levels[Compared.BIRTH_DATE] is Agreement.SWAPPED

    def test_a_surname_where_the_given_name_belongs_is_seen_though_the_other_name_is_new(self):
        one, other = (
            likeness(make_traits(birth_name=birth, given_names=first), None)
            for birth, first in (("Bordin", "Joël"), ("Brody", "Bordin"))
        )
        levels = compare(one, other).levels
        assert levels[Compared.BIRTH_NAME] is levels[Compared.GIVEN_NAMES] is Agreement.SWAPPED

    def test_she_who_took_her_husband_s_name_is_found_under_either(self):
        married = make_traits(birth_name="Petit", used_name="Moreau")
        under_his = make_traits(birth_name="Moreau")
        comparison = compare(likeness(married, None), likeness(under_his, None))
        assert comparison.levels[Compared.BIRTH_NAME] is Agreement.USED_NAME
        assert comparison.verdict is Verdict.SAME
