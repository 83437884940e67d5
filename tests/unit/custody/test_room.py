"""Where there is room, when there will be none, and the map that is printed."""

from datetime import timedelta

import pytest

from registry.custody import maps, queries, room, service as custody
from registry.custody.forms import Printing
from registry.custody.proposing import service as proposals
from registry.custody.service import Placement
from registry.custody.views import Occupancy
from registry.kernel import clock
from registry.storage import service as storage
from registry.vocab import limits
from registry.vocab.samples import SampleType
from registry.vocab.storage import StorageClass, UnitKind
from tests import rendered
from tests.factories.custody import (
    make_aliquots,
    make_checked_out,
    make_received,
    make_stored,
    place,
)
from tests.factories.storage import OPERATOR, make_box, make_freezer
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("app")


class TestFreeBoxes:
    def test_boxes_with_enough_free_cells_are_found_the_fullest_first(self, actors):
        large = make_box(actors, rows=3, columns=3)
        small = make_box(actors, rows=2, columns=2)
        make_stored(actors, box=small)

        def found(at_least):
            boxes = room.free_boxes(actors.technician, at_least=at_least)
            return [(one.box.id, one.free) for one in boxes]

        assert found(3) == [(small.id, 3), (large.id, 9)]
        assert found(4) == [(large.id, 9)]
        assert found(10) == []

    def test_a_box_that_does_not_take_the_type_is_left_out(self, actors):
        box = make_box(actors, accepts=[SampleType.SERUM])
        for kind, boxes in ((SampleType.SERUM, [box.id]), (SampleType.BLOOD, [])):
            found = room.free_boxes(actors.technician, at_least=1, sample_type=kind)
            assert [one.box.id for one in found] == boxes

    def test_a_cell_kept_for_a_loan_is_not_free(self, actors):
        box = make_box(actors, rows=1, columns=1)
        make_checked_out(actors, box=box)
        assert room.free_boxes(actors.technician, at_least=1) == []

    def test_a_cell_reserved_for_a_tube_on_its_way_is_not_free_until_that_ends(self, actors):
        make_box(actors, rows=1, columns=2)
        proposals.propose(actors.technician, [make_received(actors).code])
        assert [one.free for one in room.free_boxes(actors.technician, at_least=1)] == [1]
        assert room.free_boxes(actors.technician, at_least=2) == []
        with clock.frozen(clock.now() + timedelta(minutes=limits.CELL_RESERVED_MINUTES + 1)):
            assert [one.free for one in room.free_boxes(actors.technician, at_least=2)] == [2]

    def test_a_reserved_cell_to_which_a_tube_comes_back_is_counted_once(self, actors):
        box = make_box(actors, rows=1, columns=2)
        [moved, waiting] = make_aliquots(actors, "0.1", "0.1")
        place(actors, box, moved.code, "A1")
        custody.move(actors.technician, box_id=box.id, placements=[Placement(moved.code, 1, 2)])
        proposals.propose(actors.technician, [waiting.code])
        assert room.free_boxes(actors.technician, at_least=1) == []
        act = queries.chain(actors.technician, moved.code)[-1].act_id
        custody.correct(actors.technician, act, reason="Wrong cell")
        assert [one.free for one in room.free_boxes(actors.technician, at_least=1)] == [1]

    def test_a_stranger_finds_none(self, actors):
        make_box(actors)
        assert room.free_boxes(actors.other_site_technician, at_least=1) == []


class TestOutlook:
    @pytest.mark.parametrize("days", [20, 80])
    def test_a_freezer_is_full_when_as_many_come_as_of_late(self, actors, days):
        box = make_box(actors, rows=2, columns=2)
        for tube in make_aliquots(actors, "0.1", "0.1"):
            place(actors, box, tube.code)
        with clock.frozen(clock.now() + timedelta(days=days)):
            [one] = room.outlooks(actors.technician)
            assert (one.full.taken, one.placed, one.percent) == (2, 2, 50.0)
            assert one.full_on == clock.today() + timedelta(days=days)

    def test_of_a_freezer_in_use_for_a_few_days_nothing_is_foretold(self, actors):
        make_stored(actors)
        with clock.frozen(clock.now() + timedelta(days=limits.FORECAST_DAYS_MIN - 1)):
            [one] = room.outlooks(actors.technician)
        assert (one.placed, one.is_new, one.full_on) == (1, True, None)

    def test_without_placements_of_late_there_is_no_forecast(self, actors):
        make_stored(actors)
        with clock.frozen(clock.now() + timedelta(days=limits.FORECAST_DAYS + 1)):
            [one] = room.outlooks(actors.technician)
        assert (one.full.taken, one.placed, one.full_on) == (1, 0, None)

    def test_what_is_too_far_ahead_is_not_told(self, actors):
        make_stored(actors, box=make_box(actors, rows=32, columns=32))
        with clock.frozen(clock.now() + timedelta(days=limits.FORECAST_DAYS_MIN)):
            [one] = room.outlooks(actors.technician)
        assert (one.placed, one.full_on) == (1, None)

    def test_many_freezers_take_as_many_statements_as_one(self, actors):
        def statements():
            with counted() as made:
                room.outlooks(actors.technician)
                room.class_outlooks(actors.technician)
            return len(made)

        make_box(actors)
        first = statements()
        for number in range(2, 5):
            make_box(actors, freezer=make_freezer(actors, code=f"F{number}"))
        assert statements() == first


class TestOutlookByTemperature:
    def test_what_is_equally_cold_at_one_site_is_taken_together(self, actors, sites):
        make_box(actors, rows=1, columns=4, freezer=make_freezer(actors, code="F2"))
        make_stored(actors, box=make_box(actors, rows=1, columns=2))
        make_box(actors, freezer=make_freezer(actors, code="F3", site_id=sites.paris))
        with clock.frozen(clock.now() + timedelta(days=20)):
            found = room.class_outlooks(actors.technician)
            assert {one.site_id for one in found} == {sites.biobank, sites.paris}
            [cold] = [one for one in found if one.site_id == sites.biobank]
            assert cold.storage_class is StorageClass.ULTRA_LOW
            assert (cold.full, cold.placed) == (Occupancy(boxes=2, cells=6, taken=1), 1)
            assert cold.full_on == clock.today() + timedelta(days=5 * 20)

    def test_a_box_counts_for_the_class_of_the_nearest_place_that_has_one(self, actors):
        freezer = make_freezer(actors)
        make_box(actors, rows=1, columns=2)
        warmer = make_rack(freezer, StorageClass.FREEZER)
        make_stored(actors, box=make_box(actors, rows=1, columns=3, freezer=warmer))
        make_box(actors, rows=1, columns=4, freezer=make_rack(freezer.parent, None))
        found = room.class_outlooks(actors.technician)
        assert [(one.storage_class, one.full.cells, one.placed) for one in found] == [
            (StorageClass.FREEZER, 3, 1),
            (StorageClass.ULTRA_LOW, 2, 0),
            (None, 4, 0),
        ]

    def test_boxes_of_other_sites_are_not_in_it(self, actors):
        make_box(actors)
        assert room.class_outlooks(actors.other_site_technician) == []


def make_rack(outer, storage_class):
    return storage.create_unit(
        OPERATOR,
        site_id=outer.site_id,
        parent_id=outer.id,
        kind=UnitKind.RACK,
        code=f"IN-{outer.code}",
        name=f"Inside {outer.name}",
        storage_class=storage_class,
    )


class TestMap:
    @pytest.mark.parametrize(("rows", "columns"), [(1, 1), (8, 12), (32, 32)])
    def test_it_is_one_page_with_the_code_of_the_box(self, actors, rows, columns):
        box = make_box(actors, rows=rows, columns=columns)
        tube = make_stored(actors, box=box)
        printing = Printing(str, "en", "Technician")
        made = maps.box_sheet(queries.box_map(actors.technician, box.id), printing)
        assert len(list(rendered.pages(made))) == 1
        assert rendered.codes(made) == [box.unit.code]
        words = rendered.words(made).replace("\N{ZERO WIDTH SPACE}", "")
        assert tube.code in "".join(words.split())
        assert b"/StructTreeRoot" in made or b"/MarkInfo" in made
