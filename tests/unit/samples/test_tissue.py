"""The SPREC 2.0 code of a solid: the bounds of each table, and nothing that is guessed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from registry.samples.tissue import Handling, Solid, elements, read
from registry.vocab.samples import SampleType
from registry.vocab.tissue import Collection, Fixation, SolidElement

TAKEN = datetime(2026, 3, 10, 8, tzinfo=UTC)
DAY = 1440

moments = st.none() | st.integers(-9000, 9000).map(lambda m: TAKEN + timedelta(minutes=m))
handlings = st.builds(
    Handling,
    st.none() | st.sampled_from(Collection),
    moments,
    st.none() | st.sampled_from(Fixation),
    moments,
    moments,
)


def at(minutes: float) -> datetime:
    return TAKEN + timedelta(minutes=minutes)


def of(kind: SampleType = SampleType.TISSUE, *, frozen_at: datetime | None = None, **known):
    known.setdefault("collection", Collection.SURGERY)
    return elements(Solid(kind, TAKEN, Handling(**known), frozen_at, "D"))


@pytest.mark.parametrize(
    ("lasted", "letter"),
    [
        (0, "A"), (1.99, "A"), (2, "B"), (9.9, "B"), (10, "C"), (19, "C"), (20, "D"), (29, "D"),
        (30, "E"), (59, "E"), (60, "F"), (9999, "F"), (-1, "X"),
    ],
)  # fmt: skip
def test_both_ischaemias(lasted: float, letter: str):
    assert of(clamped_at=at(-lasted))[SolidElement.WARM] == letter
    assert of(fixed_at=at(lasted))[SolidElement.COLD] == letter


@pytest.mark.parametrize(
    ("lasted", "letter"),
    [
        (0, "A"), (14.9, "A"), (15, "B"), (59, "B"), (60, "C"), (239, "C"), (240, "D"), (479, "D"),
        (480, "E"), (DAY - 1, "E"), (DAY, "F"), (2 * DAY - 1, "F"), (2 * DAY, "G"),
        (3 * DAY - 1, "G"), (3 * DAY, "Z"), (-1, "X"),
    ],
)  # fmt: skip
def test_the_fixation(lasted: float, letter: str):
    found = of(fixed_at=at(5), fixed_until=at(5 + lasted), fixation=Fixation.FORMALIN_NEUTRAL)
    assert found[SolidElement.FIXATION_TIME] == letter


def test_snap_freezing_fixes_by_freezing():
    found = of(fixation=Fixation.SNAP, frozen_at=at(12))
    assert (found[SolidElement.COLD], found[SolidElement.FIXATION_TIME]) == ("C", "N")


def test_freezing_what_was_fixed_otherwise_says_nothing_of_its_ischaemia():
    assert of(fixation=Fixation.OCT, frozen_at=at(12))[SolidElement.COLD] == "X"


def test_what_nobody_recorded_is_unknown():
    assert "-".join(of().values()) == "TIS-SRG-X-X-XXX-X-D"


def test_without_a_way_of_taking_there_is_no_code():
    assert of(collection=None) is None


@pytest.mark.parametrize(
    ("kind", "letters"),
    [
        (SampleType.TISSUE, "TIS"), (SampleType.CELLS_FRESH, "CEN"),
        (SampleType.CELLS_VIABLE, "CLN"), (SampleType.CELLS_NONVIABLE, "PEN"),
        (SampleType.EXOSOMES, "ZZZ"), (SampleType.OTHER, "ZZZ"),
    ],
)  # fmt: skip
def test_what_comes_of_tissue(kind: SampleType, letters: str):
    assert of(kind)[SolidElement.SAMPLE_TYPE] == letters


@given(handlings)
def test_what_an_act_says_is_read_as_it_was_said(handling: Handling):
    assert read({"condition": "good", **handling.as_fields()}) == handling


@given(handlings, moments)
def test_a_code_has_seven_whole_elements(handling: Handling, frozen_at: datetime | None):
    found = elements(Solid(SampleType.TISSUE, TAKEN, handling, frozen_at, "X"))
    assert (found is None) == (handling.collection is None)
    if found is not None:
        assert [len(one) for one in found.values()] == [3, 3, 1, 1, 3, 1, 1]
