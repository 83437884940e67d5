"""The inventory of a box on its pages: compare, read the differences, accept."""

import io

import pytest

from tests.factories.custody import make_stored
from tests.factories.storage import make_box
from tests.web.pages import hidden_values, text_of
from tests.web.technician import lines

pytestmark = pytest.mark.usefixtures("app")

PATH = "/storage/inventory"


def accept(technician, page, **values):
    hidden = hidden_values(page.text, PATH)
    return technician.send(PATH, hidden=hidden, accept="1", reason="yearly", **values)


def test_a_rack_file_is_compared_and_accepted_in_three_actions(technician, actors, now):
    box = make_box(actors, rows=2, columns=2)
    shifted, gone = (make_stored(actors, box=box, cell=name) for name in ("A1", "A2"))
    file = io.BytesIO(f"{box.unit.code},B2,{shifted.code}".encode()), "rack.csv"

    page = technician.send(PATH, file=file)

    assert "In another cell 1 , Not found 1" in text_of(page)
    assert now.cell(shifted.code) == "A1"
    assert accept(technician, page).location == f"/storage/boxes/{box.id}"
    assert now.cell(shifted.code) == "B2"
    assert f"Not found at the inventory of {box.unit.name}" in text_of(
        technician.get(f"/samples/{gone.code}")
    )


def test_tubes_scanned_one_by_one_are_an_inventory_too(technician, actors, now):
    box = make_box(actors, rows=2, columns=2)
    one, two = (make_stored(actors, box=box, cell=name) for name in ("A1", "A2"))
    page = technician.send(PATH, box=box.unit.code, codes=lines(one.code, two.code))
    assert "Everything is as it is recorded." in text_of(page)
    assert accept(technician, page).status_code == 303
    assert (now.cell(one.code), now.cell(two.code)) == ("A1", "A2")


def test_a_well_that_was_not_read_waits_until_somebody_has_looked(technician, actors):
    box = make_box(actors, rows=2, columns=2)
    file = io.BytesIO(b"A1,NO READ"), "rack.csv"
    page = technician.send(PATH, box=box.unit.code, file=file)
    refused = accept(technician, page)
    assert "Line 1, well A1: no code was read" in text_of(refused)
    assert accept(technician, refused, seen_empty="A1").status_code == 303


def test_nothing_sent_says_what_is_missing(technician, actors):
    box = make_box(actors)
    assert "Choose the file" in text_of(technician.send(PATH, box=box.unit.code))
    assert "Scan the label of the box." in text_of(technician.send(PATH, codes="S1"))
