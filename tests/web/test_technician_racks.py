"""A box filled from the file of a rack scanner: shown first, then recorded whole."""

import io

import pytest

from tests.factories.custody import make_aliquots, make_stored
from tests.factories.storage import make_box
from tests.web.pages import hidden_values, text_of

pytestmark = pytest.mark.usefixtures("app")

PATH = "/storage/from-file"


def rack(*lines: str):
    return io.BytesIO("\n".join(lines).encode()), "rack.csv"


def show(technician, *lines, **values):
    return technician.send(PATH, file=rack(*lines), **values)


def accept(technician, preview, **values):
    return technician.send(
        PATH, hidden=hidden_values(preview.text, PATH), **{"accept": "1", **values}
    )


class TestFilling:
    def test_the_box_of_the_file_is_shown_then_filled_in_two_actions(self, technician, actors, now):
        box = make_box(actors)
        one, two = make_aliquots(actors, "0.1", "0.1")

        preview = show(
            technician, f"{box.unit.code},A1,{one.code}", f"{box.unit.code},H12,{two.code}"
        )

        assert preview.status_code == 200
        assert "2 tubes : Fits 2" in text_of(preview).replace("tubes:", "tubes :")
        assert now.cell(one.code) is None
        answer = accept(technician, preview)
        assert answer.location == f"/storage/boxes/{box.id}"
        assert (now.cell(one.code), now.cell(two.code)) == ("A1", "H12")

    def test_sent_twice_it_is_recorded_once(self, technician, actors, now):
        box = make_box(actors)
        [one] = make_aliquots(actors)
        preview = show(technician, f"A1;{one.code}", box=box.unit.code)
        first, second = (accept(technician, preview) for _ in range(2))
        assert first.location == second.location
        assert [kind.value for kind in now.acts(one.code)].count("placed") == 1

    def test_a_tube_that_cannot_be_there_is_named_and_nothing_can_be_accepted(
        self, technician, actors, now
    ):
        box = make_box(actors)
        taken = make_stored(actors, box=box, cell="A2")
        one, two = make_aliquots(actors, "0.1", "0.1")
        preview = show(
            technician, f"A1,{one.code}", f"A2,{two.code}", "A3,NOBODY", box=box.unit.code
        )
        text = text_of(preview)
        assert "A2 Cell A2 is taken." in text
        assert "A3 There is no sample NOBODY at your sites." in text
        assert 'name="accept"' not in preview.text
        refused = accept(technician, preview)
        assert refused.status_code == 422
        assert now.cell(one.code) is None
        assert now.cell(taken.code) == "A2"

    def test_a_well_that_was_not_read_waits_until_somebody_has_looked(
        self, technician, actors, now
    ):
        box = make_box(actors)
        [one] = make_aliquots(actors)
        preview = show(technician, f"A1,{one.code}", "B1,NO READ", box=box.unit.code)
        refused = accept(technician, preview)
        assert "Line 2, well B1: no code was read" in text_of(refused)
        assert now.cell(one.code) is None
        assert accept(technician, refused, seen_empty="B1").status_code == 303
        assert now.cell(one.code) == "A1"

    def test_a_box_scanned_the_other_way_round_is_turned(self, technician, actors, now):
        box = make_box(actors, rows=2, columns=2)
        there = make_stored(actors, box=box, cell="A1")
        [one] = make_aliquots(actors)
        preview = show(technician, f"B2,{there.code}", f"B1,{one.code}", box=box.unit.code)
        assert "if the box were turned by 180°" in text_of(preview)
        turned = accept(technician, preview, accept="", turn="1")
        assert "if the box were turned" not in text_of(turned)
        accept(technician, turned)
        assert (now.cell(there.code), now.cell(one.code)) == ("A1", "A2")


class TestRefusing:
    def test_the_line_and_the_well_are_named(self, technician, actors):
        box = make_box(actors, rows=2, columns=2)
        page = show(technician, "A1,1034998087", "A2,1,03E+09", "A1,5", box=box.unit.code)
        assert page.status_code == 422
        assert "Line 3, well A1: an earlier line tells of this well." in text_of(page)
        page = show(technician, "H12,1034998087", box=box.unit.code)
        assert "Line 1, well H12: the box has no such cell" in text_of(page)

    def test_without_a_file_or_a_box_it_says_which_is_missing(self, technician, actors):
        assert "Choose the file" in text_of(technician.send(PATH))
        assert "Scan the label of the box" in text_of(show(technician, "A1,1034998087"))
        box = make_box(actors)
        assert "no tube at all" in text_of(show(technician, "A1,EMPTY", box=box.unit.code))

    def test_a_file_of_another_box_is_refused(self, technician, actors):
        box, other = make_box(actors), make_box(actors)
        page = show(technician, f"{other.unit.code},A1,1034998087", box=box.unit.code)
        assert f"The file is of the box {other.unit.code}" in text_of(page)

    def test_a_nurse_has_no_such_page(self, sign_in, actors):
        assert sign_in(actors.nurse).get(PATH).status_code == 403

    def test_what_the_file_holds_is_never_markup(self, technician, actors):
        box = make_box(actors)
        page = show(technician, "A1,<script>alert(1)</script>", box=box.unit.code)
        assert "<script>alert" not in page.text
