"""The SPREC 2.0 code of a fluid: the bounds of each table, and nothing that is guessed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from registry.samples.sprec import Facts, Spin, code, elements
from registry.vocab.samples import ContainerType, SampleType
from registry.vocab.sprec import AFTER_SPIN, BEFORE_SPIN, SPUN, Ambient, Element
from registry.vocab.storage import StorageClass

ROOM, COOL = Ambient.ROOM, Ambient.COOL
PLASMA, SERUM = SampleType.PLASMA_SINGLE_SPUN, SampleType.SERUM
USUAL = Spin(minutes=10, g=2000, ambient=ROOM, brake=True)


def of(kind: SampleType = PLASMA, **known: Any) -> Mapping[Element, str]:
    found = elements(Facts(kind, ContainerType.EDTA_K, **known))
    assert found is not None
    return found


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("lasted", "ambient", "letter"),
    [
        (0, ROOM, "A"), (119.99, ROOM, "A"), (120, ROOM, "C"), (239.9, COOL, "D"),
        (240, COOL, "F"), (479, ROOM, "E"), (480, ROOM, "G"), (720, COOL, "J"),
        (1440, ROOM, "K"), (2879, COOL, "L"), (2880, ROOM, "M"), (2880, COOL, "N"),
        (99999, COOL, "N"), (119, Ambient.BODY, "O"), (120, Ambient.BODY, "Z"),
    ],
)  # fmt: skip
def test_the_delay_before_the_spin(lasted: float, ambient: Ambient, letter: str):
    found = of(before_spin=minutes(lasted), before_ambient=ambient)
    assert found[Element.BEFORE_SPIN] == letter


@pytest.mark.parametrize(
    ("lasted", "ambient", "letter"),
    [
        (0, COOL, "A"), (0, ROOM, "B"), (59.9, ROOM, "B"), (60, COOL, "C"), (119, ROOM, "D"),
        (120, COOL, "E"), (479, ROOM, "F"), (480, COOL, "G"), (1439, ROOM, "H"),
        (1440, COOL, "I"), (1440, ROOM, "J"), (5, Ambient.BODY, "Z"),
    ],
)  # fmt: skip
def test_the_delay_after_the_spin(lasted: float, ambient: Ambient, letter: str):
    found = of(spins=[USUAL], after_spin=minutes(lasted), after_ambient=ambient)
    assert found[Element.AFTER_SPIN] == letter


@pytest.mark.parametrize(
    ("spin", "letter"),
    [
        (Spin(10, 2999, ROOM, brake=False), "A"), (Spin(15, 2999, ROOM, brake=True), "B"),
        (Spin(10, 100, COOL, brake=False), "C"), (Spin(12, 100, COOL, brake=True), "D"),
        (Spin(10, 3000, ROOM, brake=True), "E"), (Spin(10, 5999, COOL, brake=True), "F"),
        (Spin(10, 6000, ROOM, brake=True), "G"), (Spin(10, 9999, COOL, brake=True), "H"),
        (Spin(10, 10000, ROOM, brake=True), "I"), (Spin(10, 90000, COOL, brake=True), "J"),
        (Spin(30, 999, ROOM, brake=False), "M"), (Spin(30, 1000, ROOM, brake=False), "Z"),
        (Spin(30, 900, COOL, brake=False), "Z"), (Spin(9, 2000, ROOM, brake=True), "Z"),
        (Spin(16, 2000, ROOM, brake=True), "Z"), (Spin(10, 3000, ROOM, brake=False), "Z"),
        (Spin(10, 2000, Ambient.BODY, brake=True), "Z"),
        (Spin(None, 2000, ROOM, brake=True), "X"), (Spin(10, None, ROOM, brake=True), "X"),
        (Spin(10, 2000, None, brake=True), "X"), (Spin(10, 2000, ROOM, None), "X"),
    ],
)  # fmt: skip
def test_the_centrifugation(spin: Spin, letter: str):
    assert of(spins=[spin])[Element.FIRST_SPIN] == letter


def test_the_gentle_spin_is_no_second_one():
    gentle = Spin(30, 500, ROOM, brake=False)
    found = of(SampleType.PLASMA_DOUBLE_SPUN, spins=[gentle, gentle])
    assert (found[Element.FIRST_SPIN], found[Element.SECOND_SPIN]) == ("M", "Z")


@pytest.mark.parametrize("kind", sorted(SPUN))
def test_what_must_have_been_spun_and_is_not_recorded_is_unknown(kind: SampleType):
    found = of(kind)
    spun = (Element.FIRST_SPIN, Element.SECOND_SPIN, Element.AFTER_SPIN)
    assert [found[one] for one in spun] == ["X", "X", "X"]


def test_what_need_not_be_spun_was_not():
    found = of(SampleType.URINE_SPOT, after_spin=minutes(3), after_ambient=ROOM)
    spun = (Element.FIRST_SPIN, Element.SECOND_SPIN, Element.AFTER_SPIN)
    assert [found[one] for one in spun] == ["N", "N", "N"]


def test_double_spun_plasma_lacks_its_second_spin():
    assert of(SampleType.PLASMA_DOUBLE_SPUN, spins=[USUAL])[Element.SECOND_SPIN] == "X"


@pytest.mark.parametrize(
    ("storage", "as_drawn", "letter"),
    [
        (StorageClass.ULTRA_LOW, True, "Y"), (StorageClass.FREEZER, True, "Y"),
        (StorageClass.NITROGEN, True, "Z"), (StorageClass.ROOM, True, "Z"),
        (StorageClass.ULTRA_LOW, False, "X"), (None, True, "X"),
    ],
)  # fmt: skip
def test_the_storage(storage: StorageClass | None, as_drawn: bool, letter: str):
    assert of(storage=storage, is_as_drawn=as_drawn)[Element.STORAGE] == letter


def test_worked_examples():
    serum = Facts(
        SERUM, ContainerType.SERUM_CLOT, minutes(45), ROOM, [Spin(10, 1500, ROOM, brake=True)],
        minutes(30), COOL,
    )  # fmt: skip
    assert code(serum) == "SER-SST-A-B-N-A-X"
    plasma = Facts(
        SampleType.PLASMA_DOUBLE_SPUN, ContainerType.CITRATE, minutes(180), COOL,
        [Spin(15, 2500, COOL, brake=False), Spin(10, 12000, COOL, brake=True)], minutes(70), ROOM,
    )  # fmt: skip
    assert code(plasma) == "PL2-SCI-D-C-J-D-X"
    blood = Facts(
        SampleType.BLOOD, ContainerType.EDTA_K, minutes(600), COOL,
        storage=StorageClass.ULTRA_LOW, is_as_drawn=True,
    )  # fmt: skip
    assert code(blood) == "BLD-PED-H-N-N-N-Y"
    assert code(Facts(SampleType.TISSUE, ContainerType.OTHER)) is None


known = st.builds(
    Facts,
    st.sampled_from([one for one in SampleType if one is not SampleType.TISSUE]),
    st.sampled_from(ContainerType),
    st.none() | st.timedeltas(minutes(-60), minutes(9999)),
    st.none() | st.sampled_from(Ambient),
    st.lists(
        st.builds(
            Spin,
            st.none() | st.integers(1, 60),
            st.none() | st.integers(1, 20000),
            st.none() | st.sampled_from(Ambient),
            st.none() | st.booleans(),
        ),
        max_size=3,
    ),
    st.none() | st.timedeltas(minutes(0), minutes(9999)),
    st.none() | st.sampled_from(Ambient),
    st.none() | st.sampled_from(StorageClass),
    st.booleans(),
)


@given(known)
def test_a_code_has_seven_elements_and_five_of_one_letter(facts: Facts):
    parts = (code(facts) or "").split("-")
    assert len(parts) == len(Element)
    assert all(len(part) == 1 and part.isupper() for part in parts[2:])


@given(known)
def test_what_is_not_recorded_is_never_guessed(facts: Facts):
    found = elements(facts)
    assert found is not None
    if facts.before_spin is None or facts.before_ambient is None:
        assert found[Element.BEFORE_SPIN] == "X"
    if facts.spins and (facts.after_spin is None or facts.after_ambient is None):
        assert found[Element.AFTER_SPIN] == "X"


def test_the_bins_leave_no_gap():
    for bins in (BEFORE_SPIN, AFTER_SPIN):
        assert bins[0].least == 0
        assert bins[-1].most is None
        assert [one.most for one in bins[:-1]] == [one.least for one in bins[1:]]
