"""A box or rack moved from its page."""

import pytest

from tests.factories.custody import make_stored
from tests.factories.storage import make_box, make_freezer
from tests.web.pages import text_of

pytestmark = pytest.mark.usefixtures("app")


def test_a_box_moves_with_one_scan_and_its_tubes_with_it(technician, actors, now):
    box = make_box(actors)
    tube = make_stored(actors, box=box)
    other = make_freezer(actors, code="F2")
    path = f"/storage/{box.id}/move"
    assert f'href="{path}"' in technician.get(f"/storage/boxes/{box.id}").text
    assert "1 tube goes along" in text_of(technician.get(path))

    technician.send(path, to="F2")

    assert other.name in now.page(tube.code).sample.place
    assert f"Moved with {box.unit.name}" in text_of(technician.get(f"/samples/{tube.code}"))
    assert other.name in text_of(technician.get(f"/storage/boxes/{box.id}"))


@pytest.mark.parametrize("to", ["", "NOWHERE", "ROOM-F1"])
def test_a_place_that_cannot_take_it_is_refused_on_the_page(technician, actors, to):
    box = make_box(actors)
    page = technician.send(f"/storage/{box.id}/move", to=to)
    assert page.status_code in (404, 422)
    assert "Please check this" in text_of(page)


def test_how_many_places_fit_inside_is_set_up_with_the_place(technician, actors):
    freezer = make_freezer(actors)
    made = technician.send(
        f"/storage/new?inside={freezer.id}", kind="rack", code="R1", name="R1", capacity="1"
    )
    rack = made.location.rsplit("/", 1)[1]
    box = make_box(actors, freezer=freezer)
    other = make_box(actors, freezer=freezer)
    assert technician.send(f"/storage/{box.id}/move", to="R1").status_code == 303
    assert "is full" in text_of(technician.send(f"/storage/{other.id}/move", to="R1"))
    assert "Move it" in text_of(technician.get(f"/storage/{rack}"))
