"""Placing, handing over, taking back and undoing: one cell, one holder, nothing erased."""

from collections.abc import Callable

import pytest

from registry.kernel.actor import Actor
from registry.vocab.custody import ActKind, HolderKind
from tests.factories.custody import (
    check_out,
    divide,
    make_checked_out,
    make_received,
    make_stored,
    place,
)
from tests.factories.storage import make_box
from tests.web.pages import Browser, text_of
from tests.web.technician import Now, lines

SignIn = Callable[[Actor], Browser]
NONSENSE = ["", " ", "'; --", "<b>x</b>", "B00000003X", "4,35E+09", "é" * 10, "\x00", "x" * 500]


pytestmark = pytest.mark.usefixtures("app")


class TestPlacing:
    URL = "/samples/place"

    def test_tubes_fill_the_free_cells_in_the_order_of_the_scans(self, technician, actors, now):
        box = make_box(actors, rows=2, columns=3)
        place(actors, box, make_received(actors).code, "A2")
        tubes = [child.code for child in divide(actors, make_received(actors).code, *["0.5"] * 3)]

        answer = technician.send(self.URL, box=box.unit.code, placements=lines(*reversed(tubes)))

        assert answer.status_code == 303
        assert [now.cell(code) for code in reversed(tubes)] == ["A1", "A3", "B1"]
        shown = text_of(technician.get(answer.location))
        assert all(code in shown for code in tubes)

    def test_a_tube_scanned_into_its_box_again_stays_in_its_cell(self, technician, actors, now):
        box = make_box(actors, rows=2, columns=3)
        tube = make_received(actors).code
        place(actors, box, tube, "B2")

        answer = technician.send(self.URL, box=box.unit.code, placements=tube)

        assert answer.status_code == 422
        assert "is in this box already, in cell B2" in text_of(answer)
        assert now.cell(tube) == "B2"

    def test_a_named_cell_is_taken_as_the_first(self, technician, actors, now):
        box = make_box(actors, rows=2, columns=3)
        tubes = [child.code for child in divide(actors, make_received(actors).code, "1", "1")]

        technician.send(self.URL, box=box.unit.code, cell="b1", placements=lines(*tubes))

        assert [now.cell(code) for code in tubes] == ["B1", "B2"]

    def test_an_occupied_cell_is_refused_and_names_what_is_in_it(self, technician, actors, now):
        box = make_box(actors)
        there, tube = make_stored(actors, box=box, cell="B3"), make_received(actors)

        answer = technician.send(self.URL, box=box.unit.code, cell="B3", placements=tube.code)

        assert answer.status_code == 422
        assert f"Cell B3 is taken by {there.code}." in text_of(answer)
        assert now.cell(tube.code) is None

    def test_a_cell_that_the_box_does_not_have_is_refused(self, technician, actors):
        box, tube = make_box(actors, rows=2, columns=2), make_received(actors)

        answer = technician.send(self.URL, box=box.unit.code, cell="H99", placements=tube.code)

        assert "its cells go from A1 to B2" in text_of(answer)

    def test_a_full_box_takes_none_of_several(self, technician, actors, now):
        box = make_box(actors, rows=1, columns=2)
        tubes = [child.code for child in divide(actors, make_received(actors).code, *["1"] * 3)]

        answer = technician.send(self.URL, box=box.unit.code, placements=lines(*tubes))

        assert answer.status_code == 422
        assert "is full" in text_of(answer)
        assert [now.cell(code) for code in tubes] == [None] * 3

    def test_tubes_in_store_are_moved_with_those_from_the_bench(self, technician, actors, now):
        old, new = make_box(actors), make_box(actors)
        stored, fresh = make_stored(actors, box=old), make_received(actors)

        technician.send(self.URL, box=new.unit.code, placements=lines(stored.code, fresh.code))

        assert [now.cell(one.code) for one in (stored, fresh)] == ["A1", "A2"]
        kinds = [now.acts(one.code)[-1] for one in (stored, fresh)]
        assert kinds == [ActKind.MOVED, ActKind.PLACED]

    def test_the_next_free_cell_is_proposed_once_the_box_is_known(self, technician, actors):
        box = make_box(actors, rows=2, columns=2)
        make_stored(actors, box=box, cell="A1")

        page = text_of(technician.get(f"{self.URL}?box={box.unit.code}"))

        assert "Next free cell A2" in page
        assert "3 free cells" in page

    def test_a_kept_cell_is_not_free(self, technician, actors):
        box = make_box(actors, rows=1, columns=1)
        make_checked_out(actors, box=box)

        assert "This box is full." in text_of(technician.get(f"{self.URL}?box={box.unit.code}"))

    @pytest.mark.parametrize("nonsense", NONSENSE)
    def test_nonsense_for_a_box_is_refused(self, technician, actors, nonsense, now):
        tube = make_received(actors)

        answer = technician.send(self.URL, box=nonsense, placements=tube.code)

        assert answer.status_code in (404, 422)
        assert now.cell(tube.code) is None


class TestHandingOver:
    def send(self, browser: Browser, code: str, **values: str):
        return browser.send(f"/samples/{code}/check-out", **values)

    def test_a_sample_is_handed_to_a_person_for_a_reason(self, technician, actors, now):
        sample = make_stored(actors)

        answer = self.send(
            technician,
            sample.code,
            to_user_id=str(actors.nurse.id),
            reason="analysis",
            comment="Interferon assay",
        )

        assert answer.status_code == 303
        assert now.holder(sample.code) is HolderKind.PERSON
        page = text_of(technician.get(answer.location))
        assert f"{actors.nurse.name} (Analysis)" in page
        assert "Interferon assay" in page

    def test_only_people_of_the_site_are_offered(self, technician, actors):
        page = technician.get(f"/samples/{make_stored(actors).code}/check-out").text

        assert f'value="{actors.nurse.id}"' in page
        assert f'value="{actors.other_site_nurse.id}"' not in page

    def test_another_reason_needs_a_word(self, technician, actors, now):
        sample = make_stored(actors)

        answer = self.send(technician, sample.code, to_user_id=str(actors.nurse.id), reason="other")

        assert "Say in the comment what for." in text_of(answer)
        assert now.holder(sample.code) is HolderKind.POSITION

    def test_it_is_not_handed_out_twice(self, technician, actors):
        sample = make_checked_out(actors)

        answer = self.send(
            technician, sample.code, to_user_id=str(actors.nurse.id), reason="analysis"
        )

        assert answer.status_code == 409
        assert "is checked out to" in text_of(answer)

    def test_without_a_person_or_a_reason_it_stays(self, technician, actors, now):
        sample = make_stored(actors)

        answer = self.send(technician, sample.code)

        assert text_of(answer).count("Fill in this field.") >= 2
        assert now.holder(sample.code) is HolderKind.POSITION

    def test_it_comes_back_to_the_cell_that_was_kept(self, technician, actors, now):
        sample = make_stored(actors, cell="C4")
        check_out(actors, sample.code)

        answer = technician.send(f"/samples/{sample.code}/return", condition="good")

        assert answer.status_code == 303
        assert now.holder(sample.code) is HolderKind.POSITION
        assert now.page(sample.code).cell == "C4"

    def test_it_can_come_back_to_another_cell(self, technician, actors, now):
        sample, box = make_checked_out(actors), make_box(actors)

        technician.send(
            f"/samples/{sample.code}/return", condition="thawed", box=box.unit.code, cell="D5"
        )

        found = now.page(sample.code)
        assert (found.box_id, found.cell) == (box.id, "D5")

    def test_what_nobody_has_does_not_come_back(self, technician, actors):
        sample = make_stored(actors)

        answer = technician.send(f"/samples/{sample.code}/return", condition="good")

        assert answer.status_code == 409
        assert "is in its place" in text_of(answer)


class TestUndoing:
    def url(self, now: Now, code: str) -> str:
        last = now.chain(code)[-1]
        return f"/samples/{code}/acts/{last.act_id}/undo"

    def test_the_last_act_is_undone_and_both_stay(self, technician, actors, now):
        sample = make_stored(actors)

        answer = technician.send(self.url(now, sample.code), reason="The wrong box")

        assert answer.status_code == 303
        assert now.holder(sample.code) is HolderKind.BENCH
        page = text_of(technician.get(answer.location))
        assert "Undone" in page
        assert "The wrong box" in page

    @pytest.mark.parametrize("reason", ["", "no", "x" * 501])
    def test_a_reason_is_needed(self, technician, actors, reason, now):
        sample = make_stored(actors)

        answer = technician.send(self.url(now, sample.code), reason=reason)

        assert answer.status_code == 422
        assert now.holder(sample.code) is HolderKind.POSITION

    def test_an_act_of_another_sample_is_not_found(self, technician, actors, now):
        one, other = make_stored(actors), make_stored(actors)
        foreign = self.url(now, other.code).replace(other.code, one.code)

        assert technician.get(foreign).status_code == 404
