"""What can be made of what."""

from hypothesis import given, strategies as st

from registry.vocab import derivation
from registry.vocab.samples import ContainerType, SampleType

types = st.sampled_from(SampleType)
tubes = st.sampled_from(ContainerType)


@given(types, tubes)
def test_everything_is_divided_into_its_own_kind(kind: SampleType, tube: ContainerType):
    assert derivation.is_possible(kind, tube, kind)
    assert derivation.possible(kind, tube)[0] is kind


@given(types, types, tubes)
def test_nothing_is_made_back_into_what_it_came_from(
    parent: SampleType, child: SampleType, tube: ContainerType
):
    if parent is not child and SampleType.OTHER not in (parent, child):
        assert not (
            derivation.is_possible(parent, tube, child)
            and derivation.is_possible(child, tube, parent)
        )


@given(tubes)
def test_no_tube_gives_both_serum_and_living_cells_unless_its_kind_is_unknown(tube: ContainerType):
    offered = derivation.possible(SampleType.BLOOD, tube)
    known = derivation.ANTICOAGULATED | derivation.CLOTTING
    both = SampleType.SERUM in offered and SampleType.PBMC_VIABLE in offered
    assert both == (tube not in known)


def test_no_tube_is_both_clotting_and_not():
    assert not derivation.ANTICOAGULATED & derivation.CLOTTING
