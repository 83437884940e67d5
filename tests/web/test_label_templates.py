"""The administrator's pages of label templates, without JavaScript."""

import re
from html import unescape
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from registry.labels import templates
from registry.labels.design import STARTERS
from registry.vocab.printing import LabelPurpose
from tests import rendered
from tests.factories.storage import make_box, make_freezer
from tests.web.pages import text_of

pytestmark = pytest.mark.usefixtures("app")

PAGE = "/labels/templates/aliquot"
TYPED = {
    "width": "40",
    "height": "20,5",
    "margin": "1",
    "symbol_side": "right",
    "symbol_size": "10",
    "lines-0-text": "{code}",
    "lines-0-height": "4",
    "lines-0-is_bold": "y",
    "lines-1-text": "Vol. {volume}",
    "lines-1-height": "3",
}


@pytest.fixture
def admin(sign_in, actors):
    return sign_in(actors.admin).speak("en")


def picture_of(browser, page) -> Image.Image:
    """The first picture of the page, fetched as a browser does."""
    address = unescape(re.search(r'<img class="label-picture" src="([^"]+)"', page.text)[1])
    answer = browser.get(address)
    assert answer.mimetype == "image/png"
    return Image.open(BytesIO(answer.data))


def test_every_template_is_shown_with_its_picture(admin):
    page = admin.get("/labels/templates")

    assert page.text.count("label-picture") == len(LabelPurpose)
    assert len(zxingcpp.read_barcodes(picture_of(admin, page))) == 1


def test_a_preview_shows_what_is_typed_and_keeps_nothing(admin):
    page = admin.send(PAGE, **TYPED, preview="y")

    image = picture_of(admin, page)
    assert image.size == (472, 242)
    [symbol] = zxingcpp.read_barcodes(image)
    assert symbol.position.top_left.x > image.width / 2
    assert 'value="Vol. {volume}"' in page.text
    assert templates.designs() == STARTERS


def test_what_is_kept_is_printed_from_then_on(admin):
    answer = admin.send(PAGE, **TYPED)

    assert answer.status_code == 303
    assert templates.designs()[LabelPurpose.ALIQUOT].lines[1].text == "Vol. {volume}"
    assert "Version 1 of “Aliquot” is printed from now on." in text_of(admin.get(PAGE))


def test_an_earlier_version_is_taken_up_again(admin):
    admin.send(PAGE, **TYPED)

    page = admin.get(f"{PAGE}?version=0")
    assert 'value="33"' in page.text
    assert 'value="{type} {type_name}"' in page.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"lines-1-text": "{birth_date}"}, "there is no {birth_date} here"),
        ({"lines-1-height": ""}, "Say how high this line is"),
        ({"lines-1-height": "19"}, "The lines are 23 mm high together"),
        ({"width": "x"}, "Write a number"),
        ({"symbol_side": "top"}, "Choose one of the values offered"),
        ({"lines-0-text": "", "lines-1-text": ""}, "Write 1 to 8 lines."),
        ({"after": "3"}, "Somebody else changed this"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(admin, changes, sentence):
    answer = admin.send(PAGE, **{**TYPED, **changes})

    assert answer.status_code in (409, 412, 422)
    assert sentence in text_of(answer)
    assert templates.designs() == STARTERS


def test_a_picture_of_nonsense_is_refused(admin):
    assert admin.get(f"{PAGE}/picture.png?width=5").status_code == 422
    assert admin.get("/labels/templates/none/picture.png").status_code == 404
    assert admin.get(f"{PAGE}/picture.png?version=9").status_code == 404


def test_a_technician_writes_none(technician):
    assert technician.get(PAGE).status_code == 403


def test_a_box_is_labelled_from_its_page(technician, actors):
    box = make_box(actors)

    answer = technician.send(
        f"/labels/places/{box.id}", page=f"/storage/boxes/{box.id}", stock="place_63x38_a4"
    )

    assert rendered.codes(answer.data) == [box.unit.code]
    assert "Freezer F1" in rendered.words(answer.data)


def test_all_boxes_of_a_freezer_are_labelled_at_once(technician, actors):
    boxes = [make_box(actors) for _ in range(3)]
    freezer = make_freezer(actors)

    answer = technician.send(
        f"/labels/places/{freezer.id}",
        page=f"/storage/{freezer.id}",
        stock="place_63x38_a4",
        inside="y",
    )

    assert sorted(rendered.codes(answer.data)) == sorted(box.unit.code for box in boxes)


def test_a_place_off_the_sheet_is_refused(technician, actors):
    box = make_box(actors)

    answer = technician.send(
        f"/labels/places/{box.id}",
        page=f"/storage/boxes/{box.id}",
        stock="place_63x38_a4",
        first="22",
    )

    assert answer.status_code == 422
    assert "This sheet has places 1 to 21." in text_of(answer)
