"""The technician has cells proposed for tubes, and takes the tubes there by scans alone."""

import pytest

from registry.custody.proposing import service as proposals
from registry.persistence.database import remove_sessions
from tests.factories.accounts import make_colleague
from tests.factories.custody import divide, make_received, place
from tests.factories.storage import make_box
from tests.web.pages import Browser, text_of
from tests.web.technician import Now, lines

pytestmark = pytest.mark.usefixtures("app")

NEW = "/samples/proposed/new"


def two_siblings(actors):
    """A box with a tube in B1, and two of its siblings on the bench."""
    box = make_box(actors, rows=2, columns=3)
    first, *others = (one.code for one in divide(actors, make_received(actors).code, *["0.5"] * 3))
    place(actors, box, first, "B1")
    return box, first, others


def test_tubes_are_proposed_then_placed_where_they_were_proposed(
    technician: Browser, actors, now: Now
):
    box, first, tubes = two_siblings(actors)

    answer = technician.send(NEW, codes=lines(*tubes))
    shown = text_of(technician.get(answer.location))
    assert box.unit.name in shown
    assert f"with its sibling {first}" in shown

    at_box = technician.get(f"/samples/place?box={box.unit.code}")
    assert all(f'data-going="{code}"' in at_box.text for code in tubes)

    technician.send("/samples/place", box=box.unit.code, placements=lines(*reversed(tubes)))
    assert {now.cell(code) for code in tubes} == {"B2", "B3"}
    assert "No cell is reserved for you." in text_of(technician.get("/samples/proposed"))


def test_the_cells_can_be_given_back(technician: Browser, actors):
    _, _, tubes = two_siblings(actors)
    technician.send(NEW, codes=tubes[0])
    answer = technician.send("/samples/proposed/let-go", page="/samples/proposed")
    assert "Cells free again: 1." in text_of(technician.get(answer.location))


def test_a_colleague_reads_who_has_reserved_a_cell_and_until_when(technician: Browser, actors):
    box, _, tubes = two_siblings(actors)
    colleague = make_colleague(actors.technician)
    proposals.propose(colleague, [tubes[0]])
    box_id, code = box.id, box.unit.code
    remove_sessions()

    seen = technician.get(f"/storage/boxes/{box_id}").text
    assert "cell-reserved" in seen
    assert "Technician.2, until" in text_of(technician.get(f"/storage/boxes/{box_id}"))
    assert "data-going" not in seen
    refused = technician.send("/samples/place", box=code, cell="B2", placements=tubes[1])
    assert refused.status_code == 422
    assert "Cell B2 is reserved for Technician.2 until" in text_of(refused)


def test_a_tube_that_is_not_on_the_bench_is_named(technician: Browser, actors):
    _, first, _ = two_siblings(actors)
    refused = technician.send(NEW, codes=first)
    assert refused.status_code == 422
    assert first in text_of(refused)
