"""A box filled from a rack scan: all tubes or none, and what was shown is what is done."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from registry.custody import filling, queries, service as custody
from registry.custody.recording import look_at_holdings
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.samples import SampleType
from registry.vocab.storage import Fit
from tests.factories.custody import (
    make_aliquots,
    make_checked_out,
    make_received,
    make_stored,
    times_of,
)
from tests.factories.samples import make_tube
from tests.factories.storage import make_box, make_freezer
from tests.statements import counted


def fits(actors, box, **tubes) -> dict[str, Fit]:
    """What comes of each tube, by the name of its cell."""
    judged = filling.judge(actors.technician, box.id, cells(box, tubes))
    return {one.label: one.state for one in judged}


def cells(box, tubes):
    return {box.grid.read(name): code for name, code in tubes.items()}


def contents(actors, box) -> dict[str, str]:
    return {
        cell.label: cell.code
        for row in queries.box_map(actors.technician, box.id).rows
        for cell in row
        if cell.code
    }


def fill(actors, box, **tubes):
    return custody.fill(actors.technician, box_id=box.id, tubes=cells(box, tubes))


class TestFilling:
    def test_tubes_go_where_the_scan_shows_them(self, app, actors, audit_tags):
        box = make_box(actors)
        stored = make_stored(actors)
        there = make_stored(actors, box=box, cell="H12")
        one, two = make_aliquots(actors, "0.1", "0.1")
        tubes = {"A1": one.code, "C3": two.code, "B2": stored.code, "H12": there.code}
        assert fits(actors, box, **tubes) == {
            "A1": Fit.FITS, "B2": Fit.MOVES, "C3": Fit.FITS, "H12": Fit.THERE,
        }  # fmt: skip
        filled = fill(actors, box, **tubes)
        assert (filled.placed, filled.moved, filled.there) == (2, 1, 1)
        assert contents(actors, box) == tubes
        assert audit_tags()[-3:] == ["sample:placed", "sample:moved", "sample:placed"]
        chain = queries.chain(actors.technician, stored.code)
        assert [line.kind for line in chain if not line.is_inherited][-2:] == [
            ActKind.PLACED,
            ActKind.MOVED,
        ]
        assert chain[-1].place.endswith(f"{box.unit.name} · B2")

    def test_tubes_may_take_each_others_cells(self, app, actors):
        box = make_box(actors, rows=2, columns=2)
        one, two = (make_stored(actors, box=box, cell=cell) for cell in ("A1", "A2"))
        fill(actors, box, A1=two.code, A2=one.code)
        assert contents(actors, box) == {"A1": two.code, "A2": one.code}

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.permutations(range(4)))
    def test_any_order_is_reached_from_any_other(self, app, actors, order):
        box = make_box(actors, rows=2, columns=2)
        tubes = make_aliquots(actors, *["0.1"] * 4)
        names = ["A1", "A2", "B1", "B2"]
        fill(actors, box, **{name: one.code for name, one in zip(names, tubes, strict=True)})
        wanted = {name: tubes[place].code for name, place in zip(names, order, strict=True)}
        fill(actors, box, **wanted)
        assert contents(actors, box) == wanted

    def test_a_box_takes_as_many_statements_full_as_with_two_tubes(self, app, actors):
        def statements(count):
            box = make_box(actors)
            tubes = make_aliquots(actors, *["0.01"] * count)
            wanted = dict(zip(box.grid.cells(), (one.code for one in tubes), strict=False))
            with counted() as made:
                custody.fill(actors.technician, box_id=box.id, tubes=wanted)
            return len([one for one in made if "audit" not in one])

        assert statements(2) == statements(20)

    def test_the_moment_is_not_before_the_tube_came_to_the_bench(self, app, actors):
        box = make_box(actors)
        [one] = make_aliquots(actors)
        fill(actors, box, A1=one.code)
        [placed] = times_of(one.id, ActKind.PLACED)
        since = look_at_holdings(actors.technician, [one.code])[one.code].since
        assert since == placed
        assert timedelta() <= since - one.collected_at


class TestRefusing:
    def test_everything_that_cannot_be_is_shown_for_what_it_is(self, app, actors):
        box = make_box(
            actors, freezer=make_freezer(actors, accepts=[SampleType.PLASMA_DOUBLE_SPUN])
        )
        occupant = make_stored(actors, box=box, cell="A1")
        [one] = make_aliquots(actors)
        lent = make_checked_out(actors)
        tube, blood = make_tube(actors), make_received(actors)
        assert occupant
        assert fits(
            actors, box, A1=one.code, A2="NOBODY", A3=lent.code, A4=tube.code, A5=blood.code
        ) == {
            "A1": Fit.OCCUPIED,
            "A2": Fit.UNKNOWN,
            "A3": Fit.AWAY,
            "A4": Fit.NOT_RECEIVED,
            "A5": Fit.NOT_ACCEPTED,
        }  # fmt: skip

    def test_one_that_cannot_be_leaves_all_where_they_were(self, app, actors, audit_tags):
        box = make_box(actors)
        one, two = make_aliquots(actors, "0.1", "0.1")
        before = audit_tags()
        with pytest.raises(InvalidInput) as refused:
            fill(actors, box, A1=one.code, A2="NOBODY", A3=two.code)
        assert "NOBODY" in str(refused.value.errors["file"][0])
        assert contents(actors, box) == {}
        assert audit_tags() == before
        held = look_at_holdings(actors.technician, [one.code])[one.code]
        assert held.kind is HolderKind.BENCH

    def test_a_cell_kept_for_a_loan_is_taken(self, app, actors):
        box = make_box(actors)
        lent = make_checked_out(actors, box=box, cell="A1")
        [one] = make_aliquots(actors)
        assert fits(actors, box, A1=one.code) == {"A1": Fit.OCCUPIED}
        assert fits(actors, box, A1=lent.code) == {"A1": Fit.AWAY}

    def test_a_tube_held_at_another_site_is_not_placed_here(self, app, actors, sites):
        freezer = make_freezer(actors, code="F-PARIS", site_id=sites.paris)
        box = make_box(actors, freezer=freezer)
        [one] = make_aliquots(actors)
        assert fits(actors, box, A1=one.code) == {"A1": Fit.OTHER_SITE}

    def test_a_strangers_tube_is_unknown_and_his_box_too(self, app, actors, sites):
        box = make_box(actors)
        [one] = make_aliquots(actors)
        with pytest.raises(NotFound):
            filling.judge(actors.other_site_technician, box.id, {(1, 1): one.code})
        with pytest.raises((NotFound, NotPermitted)):
            custody.fill(actors.nurse, box_id=box.id, tubes={(1, 1): one.code})


class TestTurning:
    def test_a_box_scanned_the_other_way_round_is_noticed(self, app, actors):
        box = make_box(actors, rows=2, columns=3)
        one, two = (make_stored(actors, box=box, cell=cell) for cell in ("A1", "A2"))
        scanned = {(2, 3): one.code, (2, 2): two.code}
        assert filling.seems_turned(actors.technician, box.id, scanned)
        assert not filling.seems_turned(
            actors.technician, box.id, filling.turned(scanned, box.grid)
        )

    def test_turned_twice_it_is_as_before(self, app, actors):
        box = make_box(actors, rows=3, columns=5)
        tubes = dict(zip(box.grid.cells(), "ABCDEFGH", strict=False))
        assert filling.turned(filling.turned(tubes, box.grid), box.grid) == tubes
