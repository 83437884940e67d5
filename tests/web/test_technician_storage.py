"""Places and boxes: how full, what is in each cell, and setting them up."""

import pytest

from tests.factories.custody import make_checked_out, make_received, make_stored
from tests.factories.storage import make_box, make_freezer
from tests.web.pages import text_of

pytestmark = pytest.mark.usefixtures("app")


class TestTheTree:
    def test_each_place_says_how_full_it_is(self, technician, actors):
        box = make_box(actors, rows=2, columns=2)
        make_stored(actors, box=box)

        page = technician.get("/storage")

        assert "Freezer F1 F1 Freezer -60 to -85 °C 1 1 3 25 %" in text_of(page)
        assert '<rect class="full-taken" width="25.0"' in page.text

    def test_a_place_lists_what_is_in_it(self, technician, actors):
        box = make_box(actors)

        page = technician.get(f"/storage/{make_freezer(actors).id}")

        assert f'href="/storage/boxes/{box.id}"' in page.text

    def test_another_sites_places_are_not_found(self, sign_in, actors):
        box = make_box(actors)
        browser = sign_in(actors.other_site_technician)

        assert browser.get(f"/storage/boxes/{box.id}").status_code == 404
        assert browser.get(f"/storage/{make_freezer(actors).id}").status_code == 404
        assert "Freezer F1" not in browser.get("/storage").text

    @pytest.mark.parametrize(
        "path",
        [
            "/storage/0", "/storage/-1", "/storage/x", f"/storage/{10**30}",
            f"/storage/boxes/{2**63}", f"/storage/{2**31}/boxes/new", "/storage/boxes/%00",
        ],
    )  # fmt: skip
    def test_a_number_that_is_no_places_is_not_found(self, technician, path):
        assert technician.get(path).status_code == 404

    @pytest.mark.parametrize("inside", ["x", "-1", str(10**30), "%00"])
    def test_an_address_that_names_no_place_asks_for_the_site(self, technician, inside):
        assert 'name="site_id"' in technician.get(f"/storage/new?inside={inside}").text

    def test_a_box_has_its_own_page(self, technician, actors):
        box = make_box(actors)

        assert technician.get(f"/storage/{box.id}").location == f"/storage/boxes/{box.id}"

    def test_an_empty_site_says_so(self, technician):
        assert "No place has been set up" in text_of(technician.get("/storage"))


class TestTheMap:
    def test_it_is_a_table_with_headers_on_both_sides(self, technician, actors):
        box = make_box(actors, rows=8, columns=12)

        page = technician.get(f"/storage/boxes/{box.id}").text

        assert page.count('<th scope="col">') == 12
        assert page.count('<th scope="row">') == 8
        assert page.count("is free: place a tube here") == 96

    def test_each_state_has_its_letter_and_its_pattern(self, technician, actors):
        box = make_box(actors)
        stored = make_stored(actors, box=box, cell="A1")
        lent = make_checked_out(actors, box=box, cell="A2")

        page = technician.get(f"/storage/boxes/{box.id}")

        assert page.text.count('class="cell cell-filled') == 1
        assert page.text.count('class="cell cell-kept') == 1
        assert f"F PL2 {stored.code}" in text_of(page)
        assert f"K PL2 {lent.code}" in text_of(page)

    def test_an_empty_cell_leads_to_placing_a_tube_there(self, technician, actors, now):
        box, tube = make_box(actors), make_received(actors)
        page = technician.get(f"/storage/boxes/{box.id}").text
        url = f"/samples/place?box={box.unit.code}&cell=H12"
        assert url.replace("&", "&amp;") in page

        form = technician.get(url).text
        assert f'value="{box.unit.code}"' in form
        assert 'value="H12"' in form
        technician.send(url, box=box.unit.code, cell="H12", placements=tube.code)

        assert now.cell(tube.code) == "H12"

    def test_a_code_made_up_in_the_address_shows_nothing(self, technician, actors):
        box = make_box(actors)

        page = technician.get(f"/storage/boxes/{box.id}?placed=<script>&placed=NO")

        assert page.status_code == 200
        assert "cell-shown" not in page.text.split("legend")[0]
        assert "<script>&" not in page.text


class TestSettingUp:
    def test_a_room_a_freezer_and_a_box_are_set_up(self, technician, sites):
        room = technician.send(
            "/storage/new", site_id=str(sites.biobank), kind="room", code="salle-1", name="Salle 1"
        )
        room_id = room.location.rsplit("/", 1)[1]
        freezer = technician.send(
            f"/storage/new?inside={room_id}",
            kind="freezer",
            code="CONG-1",
            name="Congélateur 1",
            storage_class="-60to-85",
        )
        freezer_id = freezer.location.rsplit("/", 1)[1]
        box = technician.send(
            f"/storage/{freezer_id}/boxes/new",
            code="BX-1",
            name="Boîte 1",
            rows="9",
            columns="9",
            row_labels="letters",
            column_labels="numbers",
            accepts=["PL2", "SER"],
        )

        page = text_of(technician.get(box.location))
        assert "Storage Salle 1 Congélateur 1" in page
        assert "BX-1: 0 of 81 cells are taken." in page

    def test_a_taken_code_is_refused(self, technician, actors):
        box = make_box(actors)

        answer = technician.send(
            f"/storage/{make_freezer(actors).id}/boxes/new",
            code=box.unit.code.lower(),
            name="Again",
            rows="9",
            columns="9",
            row_labels="letters",
            column_labels="numbers",
        )

        assert answer.status_code == 422
        assert "There is a place with this code already." in text_of(answer)

    def test_a_place_of_the_wrong_kind_is_refused(self, technician, actors):
        answer = technician.send(
            f"/storage/new?inside={make_freezer(actors).id}", kind="room", code="R9", name="Room"
        )

        assert answer.status_code == 422
        assert "cannot be inside" in text_of(answer)

    @pytest.mark.parametrize(
        "values",
        [
            {"rows": "0"},
            {"rows": "33"},
            {"columns": "-1"},
            {"columns": "9.5"},
            {"rows": "lots"},
            {"code": ""},
            {"code": "日"},
            {"name": " "},
            {"row_labels": "roman"},
            {"accepts": ["BEER"]},
        ],
    )
    def test_nonsense_sets_up_nothing(self, technician, actors, values):
        freezer = make_freezer(actors)
        good = {
            "code": "BX-9",
            "name": "Box",
            "rows": "9",
            "columns": "9",
            "row_labels": "letters",
            "column_labels": "numbers",
        }

        answer = technician.send(f"/storage/{freezer.id}/boxes/new", **{**good, **values})

        assert answer.status_code == 422
        assert "BX-9" not in technician.get(f"/storage/{freezer.id}").text

    def test_only_technicians_set_up_places(self, sign_in, actors):
        for actor in (actors.nurse, actors.data_manager, actors.admin):
            assert sign_in(actor).get("/storage/new").status_code == 403
