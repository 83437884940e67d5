"""What samples have been through, kept beside the holder: thaws of a lineage, time out of store."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from registry.custody import courses, service as custody
from registry.custody.models import Holding
from registry.custody.wear import NEW, Wear, passed_on, told
from registry.persistence import registry_session
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.samples import SampleCondition
from tests.factories.accounts import People
from tests.factories.custody import DIVIDED, check_out, divide, make_received, make_stored, place
from tests.factories.samples import COLLECTED
from tests.factories.storage import make_box
from tests.statements import counted


@dataclass(frozen=True)
class Done:
    kind: ActKind
    holder_after: HolderKind = HolderKind.BENCH
    fields: dict[str, Any] = field(default_factory=dict)
    happened_at: datetime = datetime(2026, 3, 10, tzinfo=UTC)


THAWED = Done(ActKind.THAWED)
FROZEN = Done(ActKind.FROZEN)
PLACED = Done(ActKind.PLACED, HolderKind.POSITION)
SEEN = Done(ActKind.RETURNED, fields={"condition": SampleCondition.THAWED.value})
PUT_BACK = Done(ActKind.RETURNED, HolderKind.POSITION, {"condition": SampleCondition.THAWED.value})
SPUN = Done(ActKind.CENTRIFUGED)

chains = st.lists(st.sampled_from([THAWED, FROZEN, PLACED, SEEN, PUT_BACK, SPUN]), max_size=12)


def thaws(deeds: list[Done], before: Wear = NEW) -> int:
    return told(deeds, before=before).thaws


@given(chains, chains)
def test_what_is_made_of_a_sample_inherits_its_thaws(before: list[Done], own: list[Done]):
    inherited = passed_on([told(before)])
    assert thaws(before) <= thaws(own, inherited) <= thaws(before) + thaws(own)
    assert thaws(own, inherited) == thaws(before + own)


@given(chains, st.sampled_from([FROZEN, PLACED, SPUN]))
def test_nothing_else_thaws_a_sample(before: list[Done], last: Done):
    assert thaws([*before, last]) == thaws(before)


@given(chains)
def test_an_act_of_thawing_is_always_one_more(before: list[Done]):
    assert thaws([*before, THAWED]) == thaws(before) + 1


@given(chains)
def test_what_is_seen_after_it_is_the_same_thaw(before: list[Done]):
    assert thaws([*before, THAWED, SEEN]) == thaws([*before, THAWED])
    assert thaws([*before, THAWED, PLACED, SEEN]) == thaws([*before, THAWED]) + 1


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 500)), max_size=12))
def test_the_time_out_is_the_time_between_the_stays(stays: list[tuple[bool, int]]):
    moment, deeds, out, was_stored, is_in = COLLECTED, [], timedelta(0), False, False
    for goes_in, minutes in stays:
        step = timedelta(minutes=minutes)
        if was_stored and not is_in:
            out += step
        moment += step
        is_in = goes_in
        was_stored = was_stored or is_in
        holder = HolderKind.POSITION if goes_in else HolderKind.PERSON
        deeds.append(Done(ActKind.MOVED, holder, happened_at=moment))

    assert told(deeds).out_by(moment) == (out if was_stored else None)


def kept(sample_id: int) -> Wear:
    registry_session.expire_all()
    return registry_session.get_one(Holding, sample_id).wear


def assert_kept_as_told(*sample_ids: int) -> None:
    found = courses.of(sample_ids)
    assert {one: kept(one) for one in sample_ids} == {one: found[one].wear for one in sample_ids}


def thaw(actors: People, code: str) -> None:
    custody.process(
        actors.technician, [code], kind=ActKind.THAWED, happened_at=DIVIDED + timedelta(minutes=1)
    )


@pytest.mark.usefixtures("app")
class TestKept:
    def test_children_inherit_the_thaws_before_them_and_none_after(self, actors: People):
        parent = make_received(actors)
        [before] = divide(actors, parent.code, "1")
        thaw(actors, parent.code)
        [after] = divide(actors, parent.code, "1", at=DIVIDED + timedelta(minutes=2))
        [grandchild] = divide(
            actors, after.code, "0.1", sample_type=after.sample_type,
            at=DIVIDED + timedelta(minutes=3),
        )  # fmt: skip

        assert [kept(one.id).thaws for one in (parent, before, after, grandchild)] == [1, 0, 1, 1]
        assert_kept_as_told(parent.id, before.id, after.id, grandchild.id)

    def test_an_act_that_is_undone_leaves_it_as_it_was(self, actors: People):
        stored = make_stored(actors)
        before = kept(stored.id)
        check_out(actors, stored.code)
        custody.undo_latest(actors.technician)

        assert kept(stored.id) == before
        assert_kept_as_told(stored.id)

    def test_a_child_of_what_was_thawed_keeps_its_thaws_when_an_act_is_undone(self, actors: People):
        parent = make_received(actors)
        thaw(actors, parent.code)
        [child] = divide(actors, parent.code, "1", at=DIVIDED + timedelta(minutes=2))
        place(actors, make_box(actors), child.code)
        custody.undo_latest(actors.technician)

        assert kept(child.id) == Wear(1, is_thawed=True)
        assert_kept_as_told(child.id)

    def test_keeping_it_takes_no_statement(self, actors: People):
        stored = make_stored(actors)
        with counted() as seen:
            check_out(actors, stored.code)

        written = [one for one in seen if one.startswith("UPDATE holding")]
        assert len(written) == 1
        assert not [one for one in seen if "WITH RECURSIVE lineages" in one]
