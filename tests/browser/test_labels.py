"""Labels in a real browser: the picture follows what is typed, and a scan and P print again."""

from collections.abc import Callable
from io import BytesIO

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, expect

from registry.labels import queue
from registry.persistence import registry_session
from tests.browser.accessibility import violations
from tests.browser.hands import Hands, scan, sign_in
from tests.factories.accounts import People, Sites
from tests.factories.custody import make_received
from tests.factories.printers import make_printer

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.usefixtures("app")


def test_the_picture_follows_what_is_typed(page: Page, actors: People):
    sign_in(page, "admin", "fr")
    page.goto("/labels/templates/aliquot")
    picture = page.locator("img[data-preview]")
    before = picture.get_attribute("src")

    page.locator("[name=width]").fill("60")

    expect(picture).not_to_have_attribute("src", str(before))
    drawn = page.request.get(str(picture.get_attribute("src"))).body()
    image = Image.open(BytesIO(drawn))
    assert image.width > 700
    assert len(zxingcpp.read_barcodes(image)) == 1
    assert violations(page) == []


def test_a_scan_and_one_key_print_a_label_again(
    page: Page, app: Flask, actors: People, sites: Sites
):
    code = make_received(actors).code
    make_printer(actors, site_id=sites.biobank, port=9100)
    sign_in(page, "technician")
    hands = Hands(page)

    scan(page, code)
    expect(page.get_by_role("heading", level=1)).to_have_text(code)
    hands.press("p")

    expect(page.get_by_text("Labels on their way to Zebra 1: 1.")).to_be_visible()
    assert hands.actions == 1
    registry_session.rollback()
    assert [job.codes for job in queue.page(actors.technician)] == [[code]]


def test_a_scan_that_begins_with_p_is_no_command(page: Page, actors: People, sites: Sites):
    code = make_received(actors).code
    make_printer(actors, site_id=sites.biobank, port=9100)
    sign_in(page, "technician")
    scan(page, code)
    expect(page.get_by_role("heading", level=1)).to_have_text(code)

    scan(page, "P0000001")

    expect(page.get_by_text("Nothing with the code “P0000001” is known")).to_be_visible()
    assert queue.page(actors.technician) == []
