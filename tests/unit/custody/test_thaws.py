"""Thaws along a lineage: what comes of a sample was thawed at least as often as it was."""

from types import SimpleNamespace

from hypothesis import given, strategies as st

from registry.custody.derived import thaws_in
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.samples import SampleCondition


def act(kind: ActKind, holder: HolderKind = HolderKind.BENCH, **fields: str) -> SimpleNamespace:
    return SimpleNamespace(kind=kind, holder_after=holder, fields=fields)


THAWED = act(ActKind.THAWED)
FROZEN = act(ActKind.FROZEN)
PLACED = act(ActKind.PLACED, HolderKind.POSITION)
SEEN = act(ActKind.RETURNED, condition=SampleCondition.THAWED.value)
PUT_BACK = act(ActKind.RETURNED, HolderKind.POSITION, condition=SampleCondition.THAWED.value)
SPUN = act(ActKind.CENTRIFUGED)

chains = st.lists(st.sampled_from([THAWED, FROZEN, PLACED, SEEN, PUT_BACK, SPUN]), max_size=12)


@given(chains, chains)
def test_what_is_made_of_a_sample_inherits_its_thaws(before: list, own: list):
    assert thaws_in(before) <= thaws_in(before + own) <= thaws_in(before) + thaws_in(own)


@given(chains, st.sampled_from([FROZEN, PLACED, SPUN]))
def test_nothing_else_thaws_a_sample(before: list, last: SimpleNamespace):
    assert thaws_in([*before, last]) == thaws_in(before)


@given(chains)
def test_an_act_of_thawing_is_always_one_more(before: list):
    assert thaws_in([*before, THAWED]) == thaws_in(before) + 1


@given(chains)
def test_what_is_seen_after_it_is_the_same_thaw(before: list):
    assert thaws_in([*before, THAWED, SEEN]) == thaws_in([*before, THAWED])
    assert thaws_in([*before, THAWED, PLACED, SEEN]) == thaws_in([*before, THAWED]) + 1
