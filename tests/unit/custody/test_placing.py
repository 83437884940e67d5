"""One sample in a cell, and a cell only in its box."""

from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from registry.custody import queries, service as custody
from registry.custody.models import Holding
from registry.custody.service import Placement
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted
from registry.persistence import db
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.samples import SampleType
from registry.vocab.storage import CellStatus
from tests.factories.custody import (
    RECEIVED,
    check_out,
    divide,
    make_aliquots,
    make_checked_out,
    make_received,
    make_stored,
    place,
)
from tests.factories.samples import make_tube
from tests.factories.storage import make_box, make_freezer
from tests.statements import counted


def reasons(refused) -> Sequence[str]:
    [found] = refused.value.errors.values()
    return [str(reason) for reason in found]


def cells_of(actors, box) -> dict[str, str]:
    """What is where in a box, by the cells' names."""
    return {
        cell.label: cell.code
        for row in queries.box_map(actors.technician, box.id).rows
        for cell in row
        if cell.code
    }


class TestPlacing:
    def test_a_sample_goes_where_it_is_put(self, app, actors, audit_tags):
        box = make_box(actors)
        [aliquot] = make_aliquots(actors)
        place(actors, box, aliquot.code, "B3")
        line = queries.listed(actors.technician, [aliquot.code])[aliquot.code]
        assert line.status is HolderKind.POSITION
        assert line.place == f"Room F1 › Freezer F1 › {box.unit.name} · B3"  # noqa: RUF001
        assert cells_of(actors, box) == {"B3": aliquot.code}
        assert audit_tags()[-1] == "sample:placed"

    def test_without_a_cell_the_next_free_one_is_taken(self, app, actors):
        box = make_box(actors, rows=2, columns=2)
        first, second, third = make_aliquots(actors, "0.1", "0.1", "0.1")
        custody.place(
            actors.technician,
            box_id=box.id,
            placements=[
                Placement(first.code),
                Placement(second.code, 1, 1),
                Placement(third.code),
            ],
        )
        assert cells_of(actors, box) == {"A1": second.code, "A2": first.code, "B1": third.code}

    def test_an_occupied_cell_is_refused_and_its_sample_named(self, app, actors):
        box = make_box(actors)
        there = make_stored(actors, box=box, cell="B3")
        [aliquot] = make_aliquots(actors)
        with pytest.raises(InvalidInput) as refused:
            place(actors, box, aliquot.code, "B3")
        assert reasons(refused) == [f"{aliquot.code}: Cell B3 is taken by {there.code}."]

    def test_a_cell_kept_for_a_loan_is_occupied(self, app, actors):
        box = make_box(actors)
        make_checked_out(actors, box=box, cell="B3")
        [aliquot] = make_aliquots(actors)
        with pytest.raises(InvalidInput, match="refused"):
            place(actors, box, aliquot.code, "B3")

    def test_two_samples_of_one_scan_do_not_share_a_cell(self, app, actors):
        box = make_box(actors)
        first, second = make_aliquots(actors, "0.1", "0.1")
        with pytest.raises(InvalidInput) as refused:
            custody.place(
                actors.technician,
                box_id=box.id,
                placements=[Placement(first.code, 1, 1), Placement(second.code, 1, 1)],
            )
        assert reasons(refused) == [f"{second.code}: Cell A1 is taken by {first.code}."]
        assert cells_of(actors, box) == {}

    @pytest.mark.parametrize("cell", [(99, 1), (1, 13), (0, 1), (-1, 1), (1, None)])
    def test_a_cell_outside_the_box_is_refused(self, app, actors, cell):
        box = make_box(actors, rows=8, columns=12)
        [aliquot] = make_aliquots(actors)
        with pytest.raises(InvalidInput) as refused:
            custody.place(
                actors.technician, box_id=box.id, placements=[Placement(aliquot.code, *cell)]
            )
        assert "from A1 to H12" in reasons(refused)[0]

    def test_a_full_box_says_so(self, app, actors):
        box = make_box(actors, rows=1, columns=1)
        make_stored(actors, box=box)
        [aliquot] = make_aliquots(actors)
        with pytest.raises(InvalidInput) as refused:
            place(actors, box, aliquot.code)
        assert "is full" in reasons(refused)[0]

    def test_a_type_that_the_freezer_does_not_accept_is_refused(self, app, actors):
        freezer = make_freezer(actors, accepts=[SampleType.SERUM])
        box = make_box(actors, freezer=freezer)
        [aliquot] = make_aliquots(actors)
        with pytest.raises(InvalidInput) as refused:
            place(actors, box, aliquot.code)
        assert "does not accept this type: Plasma, double spun" in reasons(refused)[0]

    def test_what_was_not_received_has_no_place(self, app, actors):
        tube = make_tube(actors)
        with pytest.raises(InvalidInput) as refused:
            place(actors, make_box(actors), tube.code)
        assert "receive it first" in reasons(refused)[0]

    def test_what_has_a_place_is_moved_not_placed(self, app, actors):
        stored = make_stored(actors)
        with pytest.raises(InvalidInput) as refused:
            place(actors, make_box(actors), stored.code)
        assert "is in its place" in reasons(refused)[0]

    def test_another_site_s_box_is_not_there(self, app, actors):
        box = make_box(actors)
        with pytest.raises(NotFound):
            custody.place(actors.other_site_technician, box_id=box.id, placements=[Placement("T1")])

    def test_a_tube_at_another_site_is_not_placed_here(self, app, actors, sites):
        box = make_box(actors, freezer=make_freezer(actors, code="F-PARIS", site_id=sites.paris))
        [aliquot] = make_aliquots(actors)
        with pytest.raises(InvalidInput) as refused:
            place(actors, box, aliquot.code)
        assert reasons(refused) == [f"{aliquot.code} is at another site: Biobanque."]

    def test_a_nurse_places_nothing(self, app, actors):
        box = make_box(actors)
        with pytest.raises(NotPermitted):
            custody.place(actors.nurse, box_id=box.id, placements=[Placement("T1")])

    def test_dividing_a_stored_tube_does_not_take_it_out_of_its_box(self, app, actors):
        box = make_box(actors)
        parent = make_received(actors)
        place(actors, box, parent.code, "A1")
        divide(actors, parent.code, "1", at=None)
        assert cells_of(actors, box) == {"A1": parent.code}


class TestMoving:
    def test_the_old_cell_becomes_free(self, app, actors, audit_tags):
        box, other = make_box(actors), make_box(actors)
        stored = make_stored(actors, box=box, cell="A1")
        custody.move(actors.technician, box_id=other.id, placements=[Placement(stored.code, 2, 2)])
        assert cells_of(actors, box) == {}
        assert cells_of(actors, other) == {"B2": stored.code}
        line = queries.chain(actors.technician, stored.code)[-1]
        assert line.kind is ActKind.MOVED
        assert line.place_before
        assert line.place_before.endswith("A1")
        assert audit_tags()[-1] == "sample:moved"

    def test_what_is_on_the_bench_is_placed_not_moved(self, app, actors):
        [aliquot] = make_aliquots(actors)
        with pytest.raises(InvalidInput) as refused:
            custody.move(
                actors.technician,
                box_id=make_box(actors).id,
                placements=[Placement(aliquot.code)],
            )
        assert "on the bench" in reasons(refused)[0]

    def test_it_moves_to_no_box_of_another_site(self, app, actors, sites):
        box = make_box(actors, freezer=make_freezer(actors, code="F-PARIS", site_id=sites.paris))
        stored = make_stored(actors)
        with pytest.raises(InvalidInput) as refused:
            custody.move(actors.technician, box_id=box.id, placements=[Placement(stored.code)])
        assert "is at another site" in reasons(refused)[0]

    def test_it_moves_to_no_occupied_cell(self, app, actors):
        box = make_box(actors)
        make_stored(actors, box=box, cell="A1")
        second = make_stored(actors, box=box, cell="A2")
        with pytest.raises(InvalidInput):
            custody.move(
                actors.technician, box_id=box.id, placements=[Placement(second.code, 1, 1)]
            )
        assert len(cells_of(actors, box)) == 2


class TestTheDatabase:
    def test_two_samples_share_no_cell_whatever_the_program_does(self, app, actors):
        box = make_box(actors)
        make_stored(actors, box=box, cell="A1")
        second = make_stored(actors, box=box, cell="A2")
        with (
            pytest.raises(sa.exc.IntegrityError),
            db.engines["registry"].begin() as connection,
        ):
            connection.execute(
                sa.update(Holding).where(Holding.sample_id == second.id).values(row=1, col=1)
            )

    @pytest.mark.parametrize(
        "values",
        [
            {"kind": HolderKind.PERSON},  # nobody named
            {"box_id": None},  # half a cell
            {"box_id": None, "row": None, "col": None},  # in store, but nowhere
            {"kind": HolderKind.BENCH},  # on the bench, but in a cell
            {"row": 33},  # beyond any box
        ],
    )
    def test_a_holder_is_whole(self, app, actors, values):
        stored = make_stored(actors)
        with (
            pytest.raises(sa.exc.IntegrityError),
            db.engines["registry"].begin() as connection,
        ):
            connection.execute(
                sa.update(Holding).where(Holding.sample_id == stored.id).values(**values)
            )


class TestBoxMap:
    def test_each_cell_says_what_is_in_it(self, app, actors):
        box = make_box(actors, rows=2, columns=2)
        stored = make_stored(actors, box=box, cell="A1")
        lent = make_checked_out(actors, box=box, cell="B2")
        shown = queries.box_map(actors.technician, box.id)
        assert [[cell.status for cell in row] for row in shown.rows] == [
            [CellStatus.FILLED, CellStatus.FREE],
            [CellStatus.FREE, CellStatus.KEPT],
        ]
        assert shown.rows[0][0].code == stored.code
        assert shown.rows[0][0].sample_type is SampleType.PLASMA_DOUBLE_SPUN
        assert shown.rows[1][1].code == lent.code
        assert shown.taken == 2
        assert queries.free_cells(actors.technician, box.id) == [(1, 2), (2, 1)]

    def test_of_another_site_s_sample_only_its_presence_is_shown(self, app, actors, sites):
        freezer = make_freezer(actors, code="LYON", site_id=sites.lyon)
        box = make_box(actors, freezer=freezer)
        tube = make_tube(actors)
        custody.receive(actors.technician, [tube.code], received_at=RECEIVED, site_id=sites.lyon)
        place(actors, box, tube.code, "A1")
        cell = queries.box_map(actors.other_site_technician, box.id).rows[0][0]
        assert (cell.status, cell.code, cell.sample_type) == (CellStatus.FILLED, None, None)

    def test_it_takes_as_many_statements_for_a_full_box_as_for_an_empty_one(self, app, actors):
        full, empty = make_box(actors), make_box(actors)
        codes = [child.code for child in make_aliquots(actors, *["0.01"] * 20)]
        custody.place(
            actors.technician, box_id=full.id, placements=[Placement(code) for code in codes]
        )
        counts = []
        for box_id in (full.id, empty.id):
            with counted() as statements:
                queries.box_map(actors.technician, box_id)
            counts.append(len(statements))
        assert counts[0] == counts[1]


class TestOccupancy:
    def test_a_place_counts_all_the_boxes_in_it(self, app, actors):
        freezer = make_freezer(actors)
        box = make_box(actors, rows=2, columns=3)
        make_box(actors, rows=8, columns=12)
        make_stored(actors, box=box)
        lent = make_stored(actors, box=box)
        check_out(actors, lent.code)
        found = queries.occupancy(actors.technician, [freezer.id, freezer.parent_id, box.id])
        for unit_id in (freezer.id, freezer.parent_id):
            assert (found[unit_id].boxes, found[unit_id].cells, found[unit_id].taken) == (2, 102, 2)
        assert (found[box.id].cells, found[box.id].taken) == (6, 2)

    def test_an_empty_place_is_empty_and_another_site_s_is_absent(self, app, actors):
        freezer = make_freezer(actors)
        assert queries.occupancy(actors.technician, [freezer.id])[freezer.id].cells == 0
        assert queries.occupancy(actors.other_site_technician, [freezer.id]) == {}
