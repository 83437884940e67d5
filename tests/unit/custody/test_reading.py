"""Lists, the page of a sample and its chain: complete, scoped, in few statements."""

from datetime import timedelta
from itertools import pairwise

import pytest

from registry.custody import queries, service as custody
from registry.custody.queries import Wanted
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.samples import queries as samples
from registry.vocab import limits
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.samples import SampleType
from tests.factories.custody import (
    DIVIDED,
    check_out,
    divide,
    make_aliquots,
    make_checked_out,
    make_received,
    make_stored,
    place,
)
from tests.factories.participants import make_cohort
from tests.factories.samples import (
    COLLECTED,
    make_consenting_participant,
    make_tube,
    make_tubes,
    tube_in,
)
from tests.factories.storage import make_box
from tests.statements import counted


def codes(page):
    return [line.code for line in page.rows]


def cost(read):
    with counted() as statements:
        read()
    return len(statements)


class TestFinding:
    def test_a_scan_finds_its_sample_whatever_the_keyboard(self, app, actors):
        tube = make_tube(actors, code="B00000014")
        assert samples.by_scan(actors.technician, " b00000014\r\n").id == tube.id

    def test_a_misread_scan_finds_nothing_else(self, app, actors):
        make_tube(actors, code="T0001")
        with pytest.raises(InvalidInput):
            samples.by_scan(actors.technician, "B000000014")

    def test_another_site_s_sample_is_not_there(self, app, actors):
        tube = make_tube(actors)
        for look in (samples.get, samples.by_scan, queries.sample_page, queries.chain):
            with pytest.raises(NotFound):
                look(actors.other_site_technician, tube.code)
        assert queries.listed(actors.other_site_technician, [tube.code]) == {}

    @pytest.mark.parametrize("person", ["investigator", "admin"])
    def test_who_has_nothing_to_do_with_samples_sees_none(self, app, actors, person):
        tube = make_tube(actors)
        stranger = getattr(actors, person)
        for look in (samples.get, queries.sample_page, queries.chain):
            with pytest.raises(NotPermitted):
                look(stranger, tube.code)
        for read in (queries.to_receive, queries.to_place, queries.loans_out, queries.counts):
            with pytest.raises(NotPermitted):
                read(stranger)
        with pytest.raises(NotPermitted):
            queries.page(stranger, Wanted())

    def test_a_data_manager_sees_every_site(self, app, actors):
        tube = make_tube(actors)
        assert queries.sample_page(actors.data_manager, tube.code).sample.code == tube.code


class TestLists:
    def test_pages_follow_each_other_without_a_gap(self, app, actors, monkeypatch):
        monkeypatch.setattr(limits, "PAGE_ROWS", 3)
        tubes = make_tubes(actors, *[tube_in()] * 7)
        seen: list[str] = []
        after = None
        while True:
            page = queries.page(actors.nurse, Wanted(), after=after)
            seen += codes(page)
            after = page.next_after
            if after is None:
                break
        assert seen == [tube.code for tube in reversed(tubes)]

    def test_waiting_lists_are_paged_too(self, app, actors, monkeypatch):
        monkeypatch.setattr(limits, "PAGE_ROWS", 2)
        children = make_aliquots(actors, *["0.1"] * 5)
        first = queries.to_place(actors.technician)
        second = queries.to_place(actors.technician, after=first.next_after)
        third = queries.to_place(actors.technician, after=second.next_after)
        parent_and_children = codes(first) + codes(second) + codes(third)
        assert parent_and_children[1:] == [child.code for child in children]
        assert third.next_after is None

    def test_each_filter_narrows(self, app, actors):
        stored = make_stored(actors)
        participant = registry_session.get_one(Participant, stored.participant_id)
        other = make_consenting_participant(
            actors, cohort=make_cohort("RA"), by=actors.other_site_nurse
        )
        foreign = make_tube(actors, participant=other)
        everybody = actors.data_manager
        for wanted, expected in (
            (Wanted(sample_type=SampleType.PLASMA_DOUBLE_SPUN), {stored.code}),
            (Wanted(status=HolderKind.POSITION), {stored.code}),
            (Wanted(status=HolderKind.COLLECTION_SITE), {foreign.code}),
            (Wanted(site_id=other.site_id), {foreign.code}),
            (Wanted(cohort_id=other.cohort_id), {foreign.code}),
            (
                Wanted(participant_id=participant.id, sample_type=SampleType.PLASMA_DOUBLE_SPUN),
                {stored.code},
            ),
            (Wanted(site_id=other.site_id, status=HolderKind.POSITION), set()),
        ):
            assert set(codes(queries.page(everybody, wanted))) == expected
        assert foreign.code not in codes(queries.page(actors.nurse, Wanted()))

    def test_what_waits_is_where_it_waits(self, app, actors):
        expected = make_tube(actors)
        received = make_received(actors)
        lent = make_checked_out(actors)
        make_stored(actors)
        technician = actors.technician
        assert codes(queries.to_receive(technician)) == [expected.code]
        assert received.code in codes(queries.to_place(technician))
        [loan] = queries.loans_out(technician).rows
        assert (loan.code, loan.place) == (lent.code, "Technician")
        assert loan.loan_reason
        counts = queries.counts(technician)
        assert (counts[HolderKind.COLLECTION_SITE], counts[HolderKind.PERSON]) == (1, 1)
        assert counts[HolderKind.BENCH] == len(codes(queries.to_place(technician)))

    def test_a_tube_shared_out_to_the_last_drop_waits_for_no_cell(self, app, actors):
        parent = make_received(actors)
        shared = str(parent.remaining / 2)
        children = divide(actors, parent.code, shared, shared)
        waiting = codes(queries.to_place(actors.technician))
        assert sorted(waiting) == sorted(child.code for child in children)
        assert queries.counts(actors.technician)[HolderKind.BENCH] == 2

    def test_the_longest_waiting_comes_first(self, app, actors):
        late = make_tube(actors, collected_at=COLLECTED + timedelta(days=2))
        early = make_tube(actors, collected_at=COLLECTED + timedelta(days=1))
        assert codes(queries.to_receive(actors.technician)) == [early.code, late.code]

    def test_a_list_takes_as_many_statements_for_many_samples_as_for_few(self, app, actors):
        children = make_aliquots(actors, *["0.01"] * 2)
        participant_id = children[0].participant_id
        reads = (
            lambda: queries.page(actors.technician, Wanted()),
            lambda: queries.to_place(actors.technician),
            lambda: queries.of_participant(actors.technician, participant_id),
        )
        few = [cost(read) for read in reads]
        divide(
            actors,
            queries.page(actors.technician, Wanted(sample_type=SampleType.BLOOD)).rows[0].code,
            *["0.01"] * 40,
        )
        assert [cost(read) for read in reads] == few
        assert few == [1, 1, 1]

    def test_no_line_carries_more_of_the_person_than_the_code(self, app, actors):
        stored = make_stored(actors)
        participant = registry_session.get_one(Participant, stored.participant_id)
        shown = str(queries.page(actors.technician, Wanted()).rows)
        assert participant.code in shown
        assert participant.person_uid not in shown

    def test_a_participant_s_samples_come_parents_first(self, app, actors):
        child = make_stored(actors)
        found = queries.of_participant(actors.nurse, child.participant_id)
        assert [line.code for line in found][-1] == child.code
        assert found[0].parent_code is None
        assert found[-1].parent_code == found[0].code


class TestSamplePage:
    def test_it_says_which_acts_are_possible(self, app, actors):
        stored = make_stored(actors)
        allowed = queries.sample_page(actors.technician, stored.code).allowed
        assert {ActKind.CHECKED_OUT, ActKind.MOVED} <= allowed
        assert not {ActKind.RECEIVED, ActKind.PLACED, ActKind.RETURNED} & allowed
        check_out(actors, stored.code)
        allowed = queries.sample_page(actors.technician, stored.code).allowed
        assert ActKind.RETURNED in allowed
        assert ActKind.CHECKED_OUT not in allowed

    def test_it_takes_as_many_statements_for_a_large_family_as_for_a_small_one(self, app, actors):
        parent = make_received(actors)
        divide(actors, parent.code, "0.01")
        small = cost(lambda: queries.sample_page(actors.technician, parent.code))
        divide(actors, parent.code, *["0.01"] * 30)
        assert cost(lambda: queries.sample_page(actors.technician, parent.code)) == small


class TestChain:
    def test_it_begins_with_the_collection_of_the_tube_it_came_from(self, app, actors):
        parent = make_received(actors)
        [child] = divide(actors, parent.code, "1")
        [grandchild] = divide(actors, child.code, "0.5", at=DIVIDED + timedelta(hours=1))
        lines = queries.chain(actors.technician, grandchild.code)
        assert [(line.sample_code, line.kind) for line in lines] == [
            (parent.code, ActKind.COLLECTED),
            (parent.code, ActKind.RECEIVED),
            (parent.code, ActKind.DERIVED),
            (child.code, ActKind.DERIVED),
            (child.code, ActKind.ALIQUOTED),
            (grandchild.code, ActKind.ALIQUOTED),
        ]
        assert [line.is_inherited for line in lines] == [True] * 5 + [False]

    def test_what_an_ancestor_went_through_later_is_marked(self, app, actors):
        parent = make_received(actors)
        [child] = divide(actors, parent.code, "1")
        place(actors, make_box(actors), parent.code)
        marked = [
            line.kind
            for line in queries.chain(actors.technician, child.code)
            if line.is_after_separation
        ]
        assert marked == [ActKind.PLACED]

    def test_every_line_says_who_when_where_and_from_whom_to_whom(self, app, actors):
        lent = make_checked_out(actors)
        custody.return_(actors.technician, lent.code)
        own = [line for line in queries.chain(actors.nurse, lent.code) if not line.is_inherited]
        assert own[0].holder_before is None
        for before, after in pairwise(own):
            assert (after.holder_before, after.place_before, after.site_before) == (
                before.holder_after,
                before.place,
                before.site,
            )
            assert after.seq == before.seq + 1
            assert before.happened_at <= after.happened_at <= after.recorded_at
        assert {line.actor for line in own} == {"Technician"}

    def test_a_time_put_right_backwards_keeps_the_order_of_the_acts(self, app, actors):
        tube = make_received(actors)
        received = queries.chain(actors.technician, tube.code)[-1]
        custody.correct(actors.technician, received.act_id, reason="Wrong time")
        custody.receive(
            actors.technician,
            [tube.code],
            received_at=received.happened_at - timedelta(minutes=20),
            site_id=tube.site_id,
        )
        lines = queries.chain(actors.technician, tube.code)
        assert [line.seq for line in lines] == [1, 2, 3, 4]
        assert [line.can_be_corrected for line in lines] == [False, False, False, True]

    def test_it_takes_as_many_statements_for_many_acts_as_for_few(self, app, actors):
        stored = make_stored(actors)
        few = cost(lambda: queries.chain(actors.technician, stored.code))
        for _ in range(5):
            check_out(actors, stored.code)
            custody.return_(actors.technician, stored.code)
        assert cost(lambda: queries.chain(actors.technician, stored.code)) == few
