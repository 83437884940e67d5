"""A cell for each tube: with its like where there is room, and nobody else's."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given, settings, strategies as st

from registry.custody import queries, service as custody
from registry.custody.filling import fill
from registry.custody.proposing import queries as proposing, service as proposals
from registry.custody.proposing.choosing import Room, Tube, choose
from registry.custody.proposing.models import CellReservation
from registry.custody.service import Placement
from registry.kernel import clock
from registry.kernel.errors import InvalidInput
from registry.persistence import registry_session
from registry.storage.grid import Grid
from registry.storage.queries import Rules
from registry.vocab import limits
from registry.vocab.samples import SampleType
from registry.vocab.storage import CellStatus, Ground, StorageClass
from tests.factories.accounts import make_colleague
from tests.factories.custody import divide, make_aliquots, make_received, place
from tests.factories.storage import make_box
from tests.statements import counted

KINDS = [SampleType.SERUM, SampleType.BLOOD]


def a_tube(number, parent=None, person=1, cohort=1, kind=SampleType.SERUM):
    return Tube(f"T{number}", kind, parent, person, cohort)


def a_room(box_id, *there, rows=2, columns=3, accepts=None):
    """A box with these tubes in its first cells."""
    grid = Grid(rows, columns)
    filled = dict(zip(grid.cells(), there, strict=False))
    rules = Rules(accepts, StorageClass.ULTRA_LOW)
    return Room(box_id, f"BOX-{box_id}", grid, rules, list(grid.free(filled)), filled)


def chosen(tube, *rooms):
    found = choose([tube], rooms)[tube.code]
    return found.box_id, found.cell, found.ground, found.near


class TestChoosing:
    def test_siblings_lie_together(self):
        sibling = a_tube(1, parent=7)
        fuller = a_room(1, *(a_tube(n, person=2) for n in range(10, 14)))
        assert chosen(a_tube(2, parent=7), fuller, a_room(2, sibling)) == (
            2, (1, 2), Ground.SIBLING, "T1",
        )  # fmt: skip

    def test_then_tubes_of_one_participant(self):
        other = a_room(1, a_tube(1, person=2), a_tube(3, person=2))
        assert chosen(a_tube(2), other, a_room(2, a_tube(4))) == (
            2, (1, 2), Ground.PARTICIPANT, "T4",
        )  # fmt: skip

    def test_then_the_fullest_begun_box_of_the_cohort(self):
        rooms = [
            a_room(1),
            a_room(2, a_tube(1, person=2)),
            a_room(3, a_tube(3, person=3), a_tube(4, person=4)),
            a_room(4, *(a_tube(n, person=n, cohort=2) for n in range(10, 14))),
        ]
        assert chosen(a_tube(9), *rooms) == (3, (1, 3), Ground.COHORT, None)

    def test_then_an_empty_box_and_at_last_whatever_has_room(self):
        foreign = a_room(1, a_tube(1, person=2, cohort=2))
        assert chosen(a_tube(9), foreign, a_room(2))[0::2] == (2, Ground.EMPTY)
        assert chosen(a_tube(9), foreign)[0::2] == (1, Ground.LEFT)

    def test_new_siblings_go_where_there_is_room_for_all(self):
        nearly_full = a_room(1, *(a_tube(n, person=n) for n in range(10, 15)))
        roomy = a_room(2, a_tube(20, person=20))
        found = choose([a_tube(1, parent=7), a_tube(2, parent=7)], [nearly_full, roomy])
        assert {one.box_id for one in found.values()} == {2}

    def test_the_cell_nearest_to_the_sibling_is_taken(self):
        room = a_room(1, a_tube(1, person=2), a_tube(2, parent=7), rows=3, columns=3)
        room.there[3, 1] = a_tube(3, parent=7)
        room.free.remove((3, 1))
        room.free.remove((1, 3))
        assert chosen(a_tube(4, parent=7), room)[1] == (3, 2)

    @settings(max_examples=150, deadline=None)
    @given(st.data())
    def test_never_a_taken_cell_a_box_that_refuses_or_two_in_one_cell(self, data):
        def drawn(number):
            return a_tube(
                number,
                data.draw(st.sampled_from([None, 1, 2])),
                data.draw(st.integers(1, 3)),
                data.draw(st.integers(1, 2)),
                data.draw(st.sampled_from(KINDS)),
            )

        def rooms():
            return [
                a_room(box_id, *there, accepts=accepts)
                for box_id, (there, accepts) in enumerate(drawn_rooms, start=1)
            ]

        drawn_rooms = [
            (
                [drawn(100 * box + n) for n in range(data.draw(st.integers(0, 6)))],
                data.draw(st.sampled_from([None, frozenset(KINDS[:1]), frozenset(KINDS)])),
            )
            for box in range(1, data.draw(st.integers(1, 4)) + 1)
        ]
        tubes = [drawn(number) for number in range(data.draw(st.integers(1, 10)))]

        found = choose(tubes, rooms())

        before = {room.box_id: room for room in rooms()}
        kinds = {tube.code: tube.sample_type for tube in tubes}
        for one in found.values():
            room = before[one.box_id]
            assert one.cell in room.free
            assert room.rules.accepts is None or kinds[one.code] in room.rules.accepts
        assert len({(one.box_id, one.cell) for one in found.values()}) == len(found)
        assert choose(tubes, rooms()) == found
        filled = sum(len(room.free) for room in before.values()) == len(found)
        assert filled or all(
            tube.code in found
            for tube in tubes
            if any(room.rules.accepts is None or tube.sample_type in room.rules.accepts
                   for room in before.values() if len(room.free) >= len(tubes))
        )  # fmt: skip


def where(actor):
    return {
        tube.code: (one.box.unit.code, tube.cell)
        for one in proposing.own(actor)
        for tube in one.going
    }


@pytest.mark.usefixtures("app")
class TestReserving:
    def test_aliquots_are_proposed_beside_their_sibling_and_placed_there(self, actors, audit_tags):
        make_box(actors)
        box = make_box(actors)
        parent = make_received(actors).code
        first, *others = (one.code for one in divide(actors, parent, "0.1", "0.1", "0.1"))
        place(actors, box, first, "C1")

        proposals.propose(actors.technician, others)

        assert where(actors.technician) == {
            others[0]: (box.unit.code, "C2"),
            others[1]: (box.unit.code, "C3"),
        }
        assert audit_tags()[-1] == "cells:reserved"
        place(actors, box, others[1])
        assert queries.listed(actors.technician, [others[1]])[others[1]].place.endswith("· C3")
        assert list(where(actors.technician)) == [others[0]]

    def test_a_colleague_finds_the_cell_taken_by_name_and_time(self, actors):
        box = make_box(actors, rows=1, columns=2)
        mine, theirs, third = (one.code for one in make_aliquots(actors, "0.1", "0.1", "0.1"))
        proposals.propose(actors.technician, [mine])
        colleague = make_colleague(actors.technician)

        def put(code, cell=None):
            row, col = (None, None) if cell is None else cell
            custody.place(colleague, box_id=box.id, placements=[Placement(code, row, col)])

        with pytest.raises(InvalidInput) as refused:
            put(theirs, (1, 1))
        [reason] = refused.value.errors["placements"]
        assert "is reserved for technician until" in str(reason).lower()
        with pytest.raises(InvalidInput):
            fill(colleague, box_id=box.id, tubes={(1, 1): theirs})
        put(theirs)
        assert queries.listed(colleague, [theirs])[theirs].place.endswith("· A2")
        with pytest.raises(InvalidInput):
            put(third)
        with pytest.raises(InvalidInput):
            proposals.propose(colleague, [third])

    def test_the_map_shows_who_holds_it(self, actors):
        box = make_box(actors, rows=1, columns=2)
        [aliquot] = make_aliquots(actors)
        proposals.propose(actors.technician, [aliquot.code])
        colleague = make_colleague(actors.technician)
        [[first, second]] = queries.box_map(colleague, box.id).rows
        assert (first.status, second.status) == (CellStatus.RESERVED, CellStatus.FREE)
        assert first.held is not None
        assert first.held.user_id == actors.technician.id
        assert queries.free_cells(colleague, box.id) == [(1, 2)]

    def test_expired_and_given_back_cells_are_free(self, actors):
        box = make_box(actors, rows=1, columns=1)
        first, second = (one.code for one in make_aliquots(actors, "0.1", "0.1"))
        colleague = make_colleague(actors.technician)
        proposals.propose(actors.technician, [first])
        assert proposals.let_go(actors.technician) == 1
        proposals.propose(colleague, [second])
        with pytest.raises(InvalidInput):
            proposals.propose(actors.technician, [first])
        with clock.frozen(clock.now() + timedelta(minutes=limits.CELL_RESERVED_MINUTES + 1)):
            assert where(colleague) == {}
            proposals.propose(actors.technician, [first])
            assert where(actors.technician) == {first: (box.unit.code, "A1")}
            place(actors, box, first)
        assert not registry_session.scalar(sa.select(sa.func.count(CellReservation.id)))

    def test_own_reserved_cells_may_be_used_for_another_tube(self, actors):
        box = make_box(actors, rows=1, columns=2)
        first, second = (one.code for one in make_aliquots(actors, "0.1", "0.1"))
        proposals.propose(actors.technician, [first])
        place(actors, box, second, "A1")
        assert where(actors.technician) == {}

    def test_a_box_that_does_not_accept_the_type_is_passed_over(self, actors):
        make_box(actors, accepts=[SampleType.SERUM])
        [aliquot] = make_aliquots(actors)
        with pytest.raises(InvalidInput) as refused:
            proposals.propose(actors.technician, [aliquot.code])
        assert "No box of the site" in str(refused.value.errors["codes"][0])

    def test_looking_for_room_takes_as_many_statements_for_many_boxes(self, actors):
        codes = [one.code for one in make_aliquots(actors, "0.1", "0.1")]
        make_box(actors)
        with counted() as few:
            proposals.propose(actors.technician, codes[:1])
        for _ in range(5):
            make_box(actors)
        with counted() as many:
            proposals.propose(actors.technician, codes[:1])
        assert len(many) <= len(few) + 1
