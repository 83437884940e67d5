"""What a comparison weighs, and what no weight may decide."""

import math
from dataclasses import replace
from datetime import date

import pytest

from registry.identity import scoring
from registry.identity.likeness import Likeness
from registry.identity.traits import HospitalId, Traits
from registry.vocab.identity import WEIGHED, Agreement, Compared, Verdict
from registry.vocab.people import Sex
from tests.factories.identity import make_traits

NUMBER = HospitalId("PAR", "7364009")


def compare(one: Traits, other: Traits, *, numbers=(None, None), population=1_000):
    first, second = (
        Likeness.of(traits, HospitalId("PAR", number) if number else None)
        for traits, number in zip((one, other), numbers, strict=True)
    )
    held = {second.identifier} if second.identifier else set()
    return scoring.compare(first, second, numbers=held, population=population)


def verdict(*, numbers=(None, None), **changes) -> Verdict:
    return compare(make_traits(), make_traits(**changes), numbers=numbers).verdict


class TestWeights:
    @pytest.mark.parametrize("field", WEIGHED)
    def test_what_is_seen_of_one_person_or_of_two_adds_up(self, field):
        chances = scoring.START.chances[field].values()
        assert math.isclose(sum(m for m, _ in chances), 1, abs_tol=0.02)
        assert sum(u for _, u in chances) <= 1.02

    @pytest.mark.parametrize("field", WEIGHED)
    def test_agreeing_weighs_for_and_differing_against(self, field):
        weights = {level: scoring.START.of(field, level) for level in scoring.START.chances[field]}
        assert weights[Agreement.EXACT] == max(weights.values()) > 0
        assert weights[Agreement.DIFFERENT] == min(weights.values()) < 0

    @pytest.mark.parametrize("field", WEIGHED)
    def test_what_is_missing_weighs_nothing(self, field):
        assert scoring.START.of(field, Agreement.MISSING) == 0

    def test_the_sum_less_the_rarity_of_a_duplicate_is_the_logarithm_of_the_odds(self):
        comparison = compare(make_traits(), make_traits())
        rarity = math.log2(scoring.START.population_min / scoring.START.duplicates)
        assert comparison.bits == pytest.approx(sum(comparison.weights.values()) - rarity)

    def test_weights_of_the_population_itself_reckon_with_no_more_than_ten_thousand(self):
        learnt = replace(scoring.START, version="v", population_min=10_000)
        one = Likeness.of(make_traits(), None)
        few, many = (
            scoring.compare(one, one, numbers=set(), population=population, weights=learnt)
            for population in (500, 20_000)
        )
        assert few.bits == pytest.approx(many.bits + 1)

    def test_the_more_people_are_known_the_less_an_agreement_proves(self):
        few = compare(make_traits(), make_traits(), population=1_000)
        many = compare(make_traits(), make_traits(), population=1_000_000)
        assert many.bits < few.bits


class TestWithoutANumber:
    def test_everything_alike_is_the_same_person(self):
        assert verdict() is Verdict.SAME

    def test_a_misspelt_surname_is_still_the_same_person(self):
        assert verdict(birth_name="Lefebvre Durant") is Verdict.SAME

    def test_names_given_in_the_other_order_are_still_the_same_person(self):
        assert verdict(birth_name="Amélie Rose", given_names="Lefèbvre-Durand") is Verdict.SAME

    def test_names_and_birth_date_alone_are_not_enough(self):
        bare = Traits("Martin", "Marie", birth_date=date(1962, 4, 17))
        assert compare(bare, bare).verdict is Verdict.REVIEW

    @pytest.mark.parametrize(
        "changes",
        [
            {"given_names": "Aurélie"},
            {"given_names": "Amélie"},
            {"given_names": "Amélia"},
            {"given_names": None},
            {"birth_name": "Petit"},
            {"birth_date": date(1962, 4, 1)},
            {"birth_date": date(1962, 4, 11)},
            {"sex": Sex.MALE},
        ],
    )
    def test_a_doubtful_trait_is_for_a_person_to_judge(self, changes):
        assert verdict(**changes) is Verdict.REVIEW

    def test_twins_are_never_attached_however_much_agrees(self):
        comparison = compare(
            make_traits(given_names="Louise"),
            make_traits(given_names="Louisa"),
            numbers=("8129413", "8129414"),
        )
        assert comparison.bits > scoring.AUTOMATIC_BITS
        assert comparison.verdict is Verdict.REVIEW

    def test_two_people_of_one_name_are_two_people(self):
        one = Traits("Martin", "Marie", birth_date=date(1962, 4, 17), town="Lyon")
        other = Traits("Martin", "Marie", birth_date=date(1987, 11, 3), town="Lille")
        assert compare(one, other).verdict is Verdict.NEW

    def test_a_name_of_which_too_little_is_known_proves_nothing(self):
        assert compare(Traits("Martin"), Traits("Martin")).verdict is Verdict.NEW


class TestWithTheVeryNumber:
    SAME = ("7364009", "7364009")

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"birth_name": "Lefebvre"},
            {"birth_name": "Petit"},
            {"birth_name": None},
            {"given_names": None},
            {"given_names": "Amelei Rose"},
            {"birth_date": None},
            {"birth_date": date(1962, 4, 11)},
            {"birth_date": date(1931, 12, 30)},
            {"birth_name": "Amélie Rose", "given_names": "Lefèbvre-Durand"},
            {"postal_code": "75014", "town": "Paris"},
        ],
    )
    def test_traits_that_bear_it_out_attach(self, changes):
        assert verdict(numbers=self.SAME, **changes) is Verdict.SAME

    @pytest.mark.parametrize(
        "changes",
        [
            {"given_names": "Charlotte"},
            {"sex": Sex.MALE},
            {"birth_name": "Petit", "given_names": "Charlotte"},
            {"birth_name": "Petit", "given_names": None},
            {"birth_name": "Petit", "birth_date": date(1931, 12, 30)},
            {"given_names": None, "birth_date": None},
            {
                "birth_date": date(1931, 12, 30),
                "postal_code": "75014",
                "town": "Paris",
                "birth_place": None,
            },
        ],
    )
    def test_traits_that_do_not_are_never_attached(self, changes):
        assert verdict(numbers=self.SAME, **changes) is Verdict.REVIEW

    def test_birth_date_and_home_bear_it_out_where_no_name_was_recorded(self):
        nameless = {"birth_name": None, "given_names": None}
        assert verdict(numbers=self.SAME, **nameless) is Verdict.SAME

    @pytest.mark.parametrize(
        "changes",
        [
            {"birth_date": date(1962, 4, 11)},
            {"birth_date": None},
            {"town": None, "postal_code": None},
            {"town": "Paris", "postal_code": "75014"},
            {"given_names": "Charlotte"},
            {"birth_name": "Petit"},
        ],
    )
    def test_without_a_name_less_than_that_never_attaches(self, changes):
        nameless = {"birth_name": None, "given_names": None}
        assert verdict(numbers=self.SAME, **nameless | changes) is Verdict.REVIEW

    def test_nothing_in_common_is_reviewed_and_not_taken_for_a_stranger(self):
        stranger = Traits("Nguyen", "Paul", birth_date=date(1990, 1, 2), sex=Sex.MALE)
        assert compare(make_traits(), stranger, numbers=self.SAME).verdict is Verdict.REVIEW


class TestWithANumberThatSlipped:
    NUMBERS = ("7364009", "7394009")

    def test_another_surname_at_the_same_home_is_attached(self):
        assert verdict(numbers=self.NUMBERS, birth_name="Castaing") is Verdict.SAME

    @pytest.mark.parametrize("home", [Agreement.DIFFERENT, Agreement.MISSING, Agreement.PART])
    def test_another_surname_elsewhere_is_for_a_person_to_judge_whatever_it_weighs(self, home):
        levels = dict.fromkeys(Compared, Agreement.EXACT) | {
            Compared.BIRTH_NAME: Agreement.DIFFERENT,
            Compared.IDENTIFIER: Agreement.CLOSE,
        }
        assert scoring.may_be_automatic(levels, against_twin=math.inf)
        assert not scoring.may_be_automatic(levels | {Compared.RESIDENCE: home}, math.inf)


class TestNames:
    def test_exchanged_names_are_seen_as_exchanged(self):
        comparison = compare(
            Traits("Beazley", "Anthony", birth_date=date(1973, 9, 24)),
            Traits("Anthony", "Beazley", birth_date=date(1973, 9, 24)),
        )
        assert comparison.levels[Compared.BIRTH_NAME] is Agreement.SWAPPED
        assert comparison.levels[Compared.GIVEN_NAMES] is Agreement.SWAPPED

    def test_a_used_name_given_as_birth_name_is_seen(self):
        comparison = compare(
            make_traits(birth_name="Moreau"), make_traits(used_name="Moreau", birth_name="Petit")
        )
        assert comparison.levels[Compared.BIRTH_NAME] is Agreement.USED_NAME
        assert comparison.weights[Compared.BIRTH_NAME] > 0

    def test_a_birth_name_that_agrees_is_not_explained_otherwise(self):
        comparison = compare(make_traits(used_name="Petit"), make_traits(used_name="Moreau"))
        assert comparison.levels[Compared.BIRTH_NAME] is Agreement.EXACT
