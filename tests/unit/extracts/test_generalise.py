"""k-anonymity: whoever leaves looks like at least ten others, or does not leave."""

from collections import Counter

import pytest
from hypothesis import given, settings, strategies as st

from registry.extracts.generalise import (
    LADDERS,
    RARE,
    Person,
    Tube,
    category,
    five_years,
    look,
    plan,
    smallest_group,
    twenty_years,
)
from registry.vocab import limits
from registry.vocab.applications import AgeBand, Variable, age_band

ALL = (
    Variable.COHORT,
    Variable.SEX,
    Variable.AGE_BAND,
    Variable.DIAGNOSIS,
    Variable.SAMPLE_TYPE,
    Variable.CONTAINER,
    Variable.COLLECTION_YEAR,
)


def given_in(*years: int, sample_type: str = "SER", container: str = "SST") -> frozenset[Tube]:
    return frozenset(Tube(sample_type, container, str(year)) for year in years)


def person(number: int, **facts: object) -> Person:
    usual = {
        "cohort": "SLE",
        "sex": "female",
        "age_band": AgeBand.FROM_30,
        "diagnosis": "M32.1",
        "tubes": given_in(2024),
    }
    return Person(participant_id=number, **{**usual, **facts})  # type: ignore[arg-type]


TUBES = st.frozensets(
    st.builds(
        Tube,
        st.sampled_from(["SER", "PL2", "CSF"]),
        st.sampled_from(["SST", "PED"]),
        st.integers(2019, 2026).map(str),
    ),
    min_size=1,
    max_size=3,
)


@st.composite
def crowds(draw: st.DrawFn) -> list[Person]:
    size = draw(st.integers(0, 120))
    return [
        person(
            number,
            cohort=draw(st.sampled_from(["SLE", "RA"])),
            sex=draw(st.sampled_from(["female", "male"])),
            age_band=draw(st.sampled_from(list(AgeBand))),
            diagnosis=draw(st.sampled_from(["M32.1", "M32.8", "M06.0", ""])),
            tubes=draw(TUBES),
        )
        for number in range(size)
    ]


@settings(deadline=None, max_examples=50)
@given(people=crowds(), asked=st.sets(st.sampled_from(ALL)))
def test_whoever_leaves_looks_like_ten_others(people: list[Person], asked: set[Variable]):
    found = plan(people, asked)

    looks = Counter(
        look(one, asked, found.steps, found.rare)
        for one in people
        if one.participant_id in found.kept
    )

    assert all(number >= limits.SMALL_CELL_MIN for number in looks.values())
    assert found.k == min(looks.values(), default=0)
    assert len(found.kept) + found.held_back == len(people)


@settings(deadline=None, max_examples=30)
@given(people=crowds(), asked=st.sets(st.sampled_from(ALL)))
def test_few_are_held_back_whenever_some_way_allows_it(people: list[Person], asked: set[Variable]):
    found = plan(people, asked)
    coarsest = {variable: len(LADDERS[variable]) - 1 for variable in LADDERS if variable in asked}
    looks = [look(one, asked, coarsest, {}) for one in people]
    unavoidable = sum(
        number for number in Counter(looks).values() if number < limits.SMALL_CELL_MIN
    )
    most = len(people) * limits.EXTRACT_HELD_BACK_PERCENT_MAX // 100

    assert found.held_back <= max(most, unavoidable)


def test_what_is_fine_leaves_as_asked():
    found = plan([person(number) for number in range(11)], ALL)

    assert found.held_back == 0
    assert not found.coarser
    assert found.k == 11


def test_ten_people_do_not_leave():
    assert plan([person(number) for number in range(10)], ALL).kept == frozenset()


def test_age_bands_are_widened_before_many_are_held_back():
    people = [
        person(number, age_band=AgeBand.FROM_40 if number % 2 else AgeBand.FROM_50)
        for number in range(20)
    ]

    found = plan(people, [Variable.AGE_BAND])

    assert found.held_back == 0
    assert found.value(Variable.AGE_BAND, "40-49") == "40-59"
    assert list(found.coarser) == [Variable.AGE_BAND]


def test_a_few_who_stand_out_are_held_back_and_the_others_stay_precise():
    people = [person(number) for number in range(98)]
    people += [person(number, sex="other") for number in range(98, 100)]

    found = plan(people, ALL)

    assert found.held_back == 2
    assert not found.coarser


def test_the_years_of_a_person_count_together():
    """Twelve people in 2023, twelve in 2024, but one alone came in both."""
    people = [person(number, tubes=given_in(2023)) for number in range(12)]
    people += [person(number, tubes=given_in(2024)) for number in range(12, 24)]
    people += [person(24, tubes=given_in(2023, 2024))]

    found = plan(people, [Variable.COLLECTION_YEAR])

    assert 24 not in found.kept or found.steps[Variable.COLLECTION_YEAR] > 0


def test_the_only_one_with_a_type_of_sample_does_not_leave():
    people = [person(number) for number in range(30)]
    people += [person(30, tubes=given_in(2024, sample_type="CSF"))]

    found = plan(people, [Variable.SAMPLE_TYPE])

    assert 30 not in found.kept
    assert found.k == 30


def test_the_only_one_with_a_container_does_not_leave():
    people = [person(number) for number in range(30)]
    people += [person(30, tubes=given_in(2024) | given_in(2024, container="ZZZ"))]

    found = plan(people, [Variable.CONTAINER])

    assert 30 not in found.kept
    assert found.k == 30


def test_a_type_of_one_year_is_not_that_type_of_another():
    """Everybody gave both types and came in both years; one alone the other way round."""
    usual = given_in(2023) | given_in(2024, sample_type="PL2")
    people = [person(number, tubes=usual) for number in range(30)]
    people += [person(30, tubes=given_in(2024) | given_in(2023, sample_type="PL2"))]

    found = plan(people, [Variable.SAMPLE_TYPE, Variable.COLLECTION_YEAR])

    assert 30 not in found.kept


def test_rare_types_are_masked_before_many_are_held_back():
    people = [person(number) for number in range(20)]
    people += [
        person(number, tubes=given_in(2024, sample_type="CSF" if number % 2 else "SYN"))
        for number in range(20, 36)
    ]

    found = plan(people, [Variable.SAMPLE_TYPE])

    assert found.held_back == 0
    assert found.value(Variable.SAMPLE_TYPE, "CSF") == RARE
    assert found.value(Variable.SAMPLE_TYPE, "SER") == "SER"
    assert found.k == 16


def test_types_are_left_out_when_masking_the_rare_is_not_enough():
    kinds = [
        frozenset({Tube(one, "SST", "2024") for one in some})
        for some in (["SER"], ["PL2"], ["SER", "PL2"])
    ]
    people = [person(number, tubes=kinds[number % 3]) for number in range(30)]

    found = plan(people, [Variable.SAMPLE_TYPE])

    assert found.held_back == 0
    assert found.withheld == {Variable.SAMPLE_TYPE}


def test_nobody_is_held_back_when_nothing_telling_is_asked():
    found = plan([person(number, sex=str(number)) for number in range(30)], [Variable.SAMPLE_TYPE])

    assert found.held_back == 0


@pytest.mark.parametrize(
    ("band", "wider"),
    [
        ("0-9", "0-19"),
        ("10-19", "0-19"),
        ("30-39", "20-39"),
        ("60-69", "60-79"),
        ("80-89", "80+"),
        ("90+", "80+"),
        ("unknown", "unknown"),
    ],
)
def test_bands_of_twenty_years(band: str, wider: str):
    assert twenty_years(band) == wider


def test_periods_and_categories():
    assert [five_years("2019"), five_years("2020")] == ["2015-2019", "2020-2024"]
    assert [category("M32.1"), category("M32"), category("")] == ["M32", "M32", ""]


@pytest.mark.parametrize(
    ("birth_year", "band"),
    [
        (2026, AgeBand.UNDER_10),
        (2017, AgeBand.UNDER_10),
        (2016, AgeBand.FROM_10),
        (1987, AgeBand.FROM_30),
        (1937, AgeBand.FROM_80),
        (1936, AgeBand.FROM_90),
        (1910, AgeBand.FROM_90),
        (2027, AgeBand.UNDER_10),
        (None, AgeBand.UNKNOWN),
    ],
)
def test_age_bands(birth_year: int | None, band: AgeBand):
    assert age_band(birth_year, 2026) is band


def test_the_bands_are_as_wide_and_as_high_as_the_limits_say():
    ages = [band for band in AgeBand if band is not AgeBand.UNKNOWN]
    firsts = [int(band.value.rstrip("+").split("-")[0]) for band in ages]

    assert firsts == list(range(0, limits.AGE_TOP_BAND_YEARS + 1, limits.AGE_BAND_YEARS))


def test_the_smallest_group_of_nobody_is_nothing():
    assert smallest_group([]) == 0
