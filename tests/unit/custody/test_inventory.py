"""An inventory tells what is not as recorded; accepted, it moves what was found, marks the rest."""

import pytest

from registry.custody import queries
from registry.custody.inventory import service
from registry.custody.inventory.comparing import compare
from registry.custody.inventory.models import InventoryLine
from registry.custody.inventory.queries import not_found
from registry.kernel.errors import InvalidInput, NotFound, RuleBroken
from registry.persistence import registry_session
from registry.vocab.storage import Finding
from tests.factories.custody import check_out, make_aliquots, make_checked_out, make_stored, place
from tests.factories.storage import make_box

REASON = "yearly inventory"


def cells(box, tubes):
    return {box.grid.read(name): code for name, code in tubes.items()}


def findings(actors, box, loose=(), **tubes) -> dict[str, Finding]:
    found = compare(actors.technician, box.id, cells(box, tubes), loose).found
    return {one.code: one.state for one in found}


def accept(actors, box, loose=(), reason=REASON, **tubes):
    wanted = cells(box, tubes)
    shown = compare(actors.technician, box.id, wanted, loose).digest
    return service.accept(
        actors.technician, box.id, tubes=wanted, loose=loose, shown=shown, reason=reason
    )


def cell(actors, code) -> str | None:
    return queries.sample_page(actors.technician, code).cell


@pytest.fixture
def box(app, actors):
    return make_box(actors, rows=3, columns=3)


class TestComparing:
    def test_every_kind_of_difference_is_told(self, actors, box):
        there, gone, shifted = (
            make_stored(actors, box=box, cell=name) for name in ("A1", "A2", "A3")
        )
        other, lent = make_stored(actors), make_checked_out(actors)
        assert findings(
            actors, box, A1=there.code, B3=shifted.code, C1=other.code, C2="NOBODY", C3=lent.code
        ) == {
            there.code: Finding.PRESENT,
            gone.code: Finding.MISSING,
            shifted.code: Finding.OTHER_CELL,
            other.code: Finding.UNEXPECTED,
            "NOBODY": Finding.UNKNOWN,
            lent.code: Finding.IMPOSSIBLE,
        }  # fmt: skip

    def test_tubes_scanned_one_by_one_are_in_their_own_cells(self, actors, box):
        there, gone = (make_stored(actors, box=box, cell=name) for name in ("A1", "A2"))
        [stray] = make_aliquots(actors)
        assert findings(actors, box, loose=[there.code, stray.code, "NOBODY"]) == {
            there.code: Finding.PRESENT,
            gone.code: Finding.MISSING,
            stray.code: Finding.UNEXPECTED,
            "NOBODY": Finding.UNKNOWN,
        }  # fmt: skip

    def test_a_tube_that_somebody_has_is_not_missed(self, actors, box):
        make_checked_out(actors, box=box, cell="A1")
        assert findings(actors, box) == {}

    def test_a_stranger_has_no_inventory_of_the_box(self, actors, box):
        with pytest.raises(NotFound):
            compare(actors.other_site_technician, box.id, {})


class TestAccepting:
    def test_what_was_found_is_moved_and_what_was_not_is_marked(self, actors, box, audit_tags):
        shifted, gone = (make_stored(actors, box=box, cell=name) for name in ("A1", "A2"))
        other = make_stored(actors)
        accept(actors, box, B1=shifted.code, B2=other.code, B3="NOBODY")
        assert (cell(actors, shifted.code), cell(actors, other.code)) == ("B1", "B2")
        assert cell(actors, gone.code) == "A2"
        assert not_found(actors.technician, gone.code).cell == "A2"
        assert not_found(actors.technician, shifted.code) is None
        assert queries.chain(actors.technician, shifted.code)[-1].comment == REASON
        assert audit_tags()[-2:] == ["sample:not_found", "inventory:taken"]
        lines = registry_session.query(InventoryLine.code, InventoryLine.finding).all()
        assert len(lines) == 4

    def test_a_tube_found_again_is_no_longer_missed(self, actors, box):
        gone = make_stored(actors, box=box, cell="A2")
        accept(actors, box)
        assert not_found(actors.technician, gone.code)
        accept(actors, box, A2=gone.code)
        assert not_found(actors.technician, gone.code) is None

    def test_an_act_on_the_tube_finds_it_too(self, actors, box):
        gone = make_stored(actors, box=box, cell="A2")
        accept(actors, box)
        check_out(actors, gone.code)
        assert not_found(actors.technician, gone.code) is None

    def test_two_tubes_that_changed_places_are_put_right(self, actors, box):
        one, two = (make_stored(actors, box=box, cell=name) for name in ("A1", "A2"))
        accept(actors, box, A1=two.code, A2=one.code)
        assert (cell(actors, one.code), cell(actors, two.code)) == ("A2", "A1")

    def test_a_cell_recorded_for_a_missing_tube_is_left_to_it(self, actors, box):
        first, second, gone = (
            make_stored(actors, box=box, cell=name) for name in ("A1", "A2", "A3")
        )
        accept(actors, box, A2=first.code, A3=second.code)
        assert [cell(actors, one.code) for one in (first, second, gone)] == ["A1", "A2", "A3"]

    def test_what_changed_since_it_was_shown_is_shown_again(self, actors, box):
        shown = compare(actors.technician, box.id, {}).digest
        [late] = make_aliquots(actors)
        place(actors, box, late.code)
        with pytest.raises(RuleBroken, match="changed"):
            service.accept(actors.technician, box.id, tubes={}, shown=shown, reason=REASON)
        assert not_found(actors.technician, late.code) is None

    def test_without_a_reason_nothing_is_recorded(self, actors, box):
        with pytest.raises(InvalidInput, match="reason"):
            accept(actors, box, reason=" ")
