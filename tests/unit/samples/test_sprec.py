"""The SPREC 2.0 code of a fluid: the bounds of each table, and nothing that is guessed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from registry.samples.sprec import Facts, Spin, code as joined, elements
from registry.vocab.samples import ContainerType, SampleType
from registry.vocab.sprec import AFTER_SPIN, BEFORE_SPIN, SPUN, Ambient, Element, Vessel
from registry.vocab.storage import StorageClass

ROOM, COOL = Ambient.ROOM, Ambient.COOL
PLASMA, SERUM = SampleType.PLASMA_SINGLE_SPUN, SampleType.SERUM
USUAL = Spin(minutes=10, g=2000, ambient=ROOM, brake=True)


def of(kind: SampleType = PLASMA, **known: Any) -> Mapping[Element, str]:
    return elements(Facts(kind, ContainerType.EDTA_K, **known))


def code(facts: Facts) -> str:
    return joined(elements(facts))


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


@pytest.mark.parametrize(("is_followed", "letter"), [(True, "N"), (False, "X")])
def test_what_need_not_be_spun_was_not_if_its_way_is_recorded(is_followed: bool, letter: str):
    found = of(SampleType.URINE_SPOT, is_followed=is_followed)
    spun = (Element.FIRST_SPIN, Element.SECOND_SPIN, Element.AFTER_SPIN)
    assert [found[one] for one in spun] == [letter] * 3


def test_what_only_later_versions_have_is_something_else_in_this_one():
    sweat = Facts(SampleType.SWEAT, ContainerType.GLASS)
    assert code(sweat).startswith("ZZZ-ZZZ-")


def test_double_spun_plasma_lacks_its_second_spin():
    found = of(
        SampleType.PLASMA_DOUBLE_SPUN, spins=[USUAL], after_spin=minutes(5), after_ambient=ROOM
    )
    assert (found[Element.SECOND_SPIN], found[Element.AFTER_SPIN]) == ("X", "X")


def test_more_than_two_spins_have_no_letter():
    assert of(spins=[USUAL] * 3)[Element.SECOND_SPIN] == "Z"


@pytest.mark.parametrize(
    ("vessel", "letters"),
    [
        (Vessel.AS_DRAWN, "ZZYYZ"), (Vessel.PP_SMALL, "ZZTSW"), (Vessel.PP_MEDIUM, "ZZBAV"),
        (Vessel.PP_LARGE, "ZZKJZ"), (Vessel.CRYOTUBE, "ZZZDC"), (Vessel.STRAW, "ZZHGF"),
        (Vessel.PLATE, "ZZMLZ"), (Vessel.BAG, "ZZZZQ"), (Vessel.BLOCK, "PPZZZ"),
        (Vessel.DRY, "RZZZZ"),
    ],
)  # fmt: skip
def test_each_vessel_at_room_temperature_cool_cold_colder_and_in_nitrogen(
    vessel: Vessel, letters: str
):
    found = [of(storage=one, vessel=vessel)[Element.STORAGE] for one in StorageClass]
    assert "".join(found) == letters


@pytest.mark.parametrize(
    ("vessel", "known", "letter"),
    [
        (Vessel.CRYOTUBE, {"is_programmed": True}, "E"),
        (Vessel.STRAW, {"is_programmed": True}, "I"),
        (Vessel.CRYOTUBE, {"earlier": [StorageClass.ULTRA_LOW]}, "N"),
        (Vessel.STRAW, {"earlier": [StorageClass.ULTRA_LOW]}, "O"),
        (Vessel.CRYOTUBE, {"earlier": [None]}, "X"),
        (Vessel.CRYOTUBE, {"earlier": [StorageClass.FREEZER]}, "C"),
        (Vessel.BAG, {"earlier": [StorageClass.ULTRA_LOW]}, "Q"),
    ],
)
def test_how_it_came_into_the_nitrogen(vessel: Vessel, known: dict[str, Any], letter: str):
    found = of(storage=StorageClass.NITROGEN, vessel=vessel, **known)
    assert found[Element.STORAGE] == letter


@pytest.mark.parametrize("known", [{"storage": StorageClass.FREEZER}, {"vessel": Vessel.BAG}])
def test_without_vessel_or_place_the_storage_is_unknown(known: dict[str, Any]):
    assert of(**known)[Element.STORAGE] == "X"


def test_worked_examples():
    serum = Facts(
        SERUM, ContainerType.SERUM_CLOT, minutes(45), ROOM, [Spin(10, 1500, ROOM, brake=True)],
        after_spin=minutes(30), after_ambient=COOL,
        storage=StorageClass.NITROGEN, vessel=Vessel.CRYOTUBE,
    )  # fmt: skip
    assert code(serum) == "SER-SST-A-B-N-A-C"
    plasma = Facts(
        SampleType.PLASMA_DOUBLE_SPUN, ContainerType.CITRATE, minutes(180), COOL,
        [Spin(15, 2500, COOL, brake=False), Spin(10, 12000, COOL, brake=True)],
        after_spin=minutes(70), after_ambient=ROOM,
    )  # fmt: skip
    assert code(plasma) == "PL2-SCI-D-C-J-D-X"
    blood = Facts(
        SampleType.BLOOD, ContainerType.EDTA_K, minutes(600), COOL,
        is_followed=True, storage=StorageClass.ULTRA_LOW, vessel=Vessel.AS_DRAWN,
    )  # fmt: skip
    assert code(blood) == "BLD-PED-H-N-N-N-Y"


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
    st.booleans(),
    st.none() | st.timedeltas(minutes(-60), minutes(9999)),
    st.none() | st.sampled_from(Ambient),
    st.none() | st.sampled_from(StorageClass),
    st.lists(st.none() | st.sampled_from(StorageClass), max_size=2),
    st.none() | st.sampled_from(Vessel),
    st.booleans(),
)


@given(known)
def test_a_code_has_seven_elements_and_five_of_one_letter(facts: Facts):
    parts = code(facts).split("-")
    assert len(parts) == len(Element)
    assert all(len(part) == 1 and part.isupper() for part in parts[2:])


@given(known)
def test_what_is_not_recorded_is_never_guessed(facts: Facts):
    found = elements(facts)
    if facts.before_spin is None or facts.before_ambient is None:
        assert found[Element.BEFORE_SPIN] == "X"
    if facts.spins and (facts.after_spin is None or facts.after_ambient is None):
        assert found[Element.AFTER_SPIN] == "X"
    if facts.storage is None or facts.vessel is None:
        assert found[Element.STORAGE] == "X"
    if not facts.is_followed:
        assert facts.spins or found[Element.FIRST_SPIN] == "X"


@given(st.timedeltas(minutes(0), minutes(5000)), st.timedeltas(minutes(0), minutes(5000)))
def test_a_longer_delay_never_has_an_earlier_letter(one: timedelta, other: timedelta):
    found = [
        of(before_spin=lasted, before_ambient=ROOM)[Element.BEFORE_SPIN]
        for lasted in sorted((one, other))
    ]
    assert found == sorted(found)


def test_the_bins_leave_no_gap():
    for bins in (BEFORE_SPIN, AFTER_SPIN):
        assert bins[0].least == 0
        assert bins[-1].most is None
        assert [one.most for one in bins[:-1]] == [one.least for one in bins[1:]]
