"""Finding room, and printing the map of a box."""

import pytest

from tests import rendered
from tests.factories.custody import make_stored
from tests.factories.storage import make_box, make_freezer
from tests.web.pages import text_of

pytestmark = pytest.mark.usefixtures("app")


def test_boxes_with_room_are_found(technician, actors):
    box = make_box(actors, rows=2, columns=2)
    make_stored(actors, box=box)
    page = technician.get("/storage/room?free=3")
    assert f"{box.unit.code} Room F1 › Freezer F1 3" in text_of(page)  # noqa: RUF001
    assert '<rect class="full-taken"' in page.text
    assert "No box at your sites" in text_of(technician.get("/storage/room?free=4"))


def test_room_is_foretold_by_temperature(technician, actors):
    make_stored(actors, box=make_box(actors, rows=2, columns=2))
    shown = text_of(technician.get("/storage/room"))
    assert "By temperature" in shown
    assert "-60 to -85 °C" in shown


@pytest.mark.parametrize("free", ["x", "-1", "0", "99999"])
def test_what_is_no_number_of_cells_is_refused(technician, actors, free):
    assert technician.get(f"/storage/room?free={free}").status_code == 422


def test_the_list_of_a_freezer_is_a_pdf_with_its_code(technician, sign_in, actors):
    box, freezer = make_box(actors), make_freezer(actors)
    path = f"/storage/{freezer.id}/list.pdf"
    assert f'href="{path}"' in technician.get(f"/storage/{freezer.id}").text
    made = technician.get(path).data
    assert rendered.codes(made) == [freezer.code]
    assert box.unit.code in rendered.words(made)
    assert sign_in(actors.other_site_technician).get(path).status_code == 404


def test_the_map_is_a_pdf_of_the_sites_own_boxes_alone(technician, sign_in, actors):
    box = make_box(actors)
    path = f"/storage/boxes/{box.id}/map.pdf"
    assert f'href="{path}"' in technician.get(f"/storage/boxes/{box.id}").text
    assert technician.get(path).data.startswith(b"%PDF")
    assert sign_in(actors.other_site_technician).get(path).status_code == 404
