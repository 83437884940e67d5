"""A bag packed with a scanner alone: the bag, its tubes and FERMER, n + 2 actions."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from registry.custody.exchange import taking_in
from registry.custody.exchange.guests import service
from registry.custody.exchange.recalls import obeying
from registry.custody.shipments import queries, receipts
from registry.custody.shipments.receiving import Receipt
from registry.persistence import registry_session
from registry.vocab.shipping import LineStatus, ShipmentState
from tests.browser.accessibility import violations
from tests.browser.hands import scan, sign_in
from tests.factories.accounts import People
from tests.factories.custody import biobank
from tests.factories.exchange import make_known, make_manifest, make_recall
from tests.factories.shipments import make_sent, make_shipment, make_tubes_to_send

pytestmark = pytest.mark.usefixtures("app")

PICTURES = Path(__file__).parents[2] / "build" / "screenshots"


def test_a_bag_of_n_tubes_is_packed_and_closed_with_n_plus_two_scans(page: Page, actors: People):
    tubes = [tube.code for tube in make_tubes_to_send(actors, 5)]
    code = make_shipment(actors).code
    sign_in(page, "technician")
    page.wait_for_load_state()

    scan(page, code)
    expect(page.get_by_label("Tubes", exact=True)).to_be_focused()
    scan(page, *tubes)
    expect(page.locator("#codes-echo")).to_contain_text("Scanned: 5")
    scan(page, "FERMER")

    expect(page.get_by_text("The bag is closed.")).to_be_visible()
    registry_session.rollback()
    shipment = queries.by_code(actors.technician, code)
    assert shipment.state is ShipmentState.SEALED
    assert {line.status for line in queries.lines_of(shipment)} == {LineStatus.PACKED}
    assert len([code, *tubes, "FERMER"]) == len(tubes) + 2


def test_a_wrong_tube_stops_the_bag_with_the_reason(page: Page, actors: People):
    one, other = make_tubes_to_send(actors, 2)
    sent = make_sent(actors, other.code)
    code = make_shipment(actors).code
    sign_in(page, "technician")
    page.goto(f"/shipments/{code}")

    scan(page, one.code, other.code, "FERMER")

    expect(page.get_by_role("alert")).to_contain_text(
        f"{other.code} is in shipment {sent.code} already"
    )
    expect(page.get_by_text("Being packed")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_can_be_read_by_everybody(open_page, actors: People, width: int):
    tubes = [tube.code for tube in make_tubes_to_send(actors, 3)]
    draft, sent = make_shipment(actors, *tubes[:2]).code, make_sent(actors, tubes[2]).code
    make_known(actors)
    manifest, found = make_manifest(actors), Receipt(["F-0001"])
    bag = taking_in.take_in(actors.technician, biobank(actors), manifest, found).id
    guest = f"/foreign-shipments/{bag}"
    service.put_away(actors.technician, bag, ["F-0001"], place="Congélateur 3")
    recall = obeying.take_in(actors.technician, make_recall(actors)).id
    page = open_page(width=width)
    sign_in(page, "technician", "fr")
    for name, path in (
        ("list", "/shipments?list=every"),
        ("new", "/shipments/new"),
        ("draft", f"/shipments/{draft}"),
        ("sent", f"/shipments/{sent}"),
        ("back", f"/shipments/{sent}/come-back"),
        ("partners", "/partners"),
        ("foreign", "/foreign-shipments"),
        ("foreign-new", "/foreign-shipments/new"),
        ("foreign-show", guest),
        ("guest-put-away", f"{guest}/put-away"),
        ("guest-use", f"{guest}/use"),
        ("guest-gone", f"{guest}/gone"),
        ("recalls", "/foreign-recalls"),
        ("recall-new", "/foreign-recalls/new"),
        ("recall", f"/foreign-recalls/{recall}"),
        ("receipt-of", f"/foreign-shipments/receipt-of/{sent}"),
    ):
        page.goto(path)
        assert violations(page) == [], name
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"shipments-{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_partner_confirms_the_receipt_without_an_account(open_page, actors: People, width: int):
    tubes = [tube.code for tube in make_tubes_to_send(actors, 3)]
    code = make_sent(actors, *tubes).code
    link = receipts.make_link(actors.technician, queries.by_code(actors.technician, code).id)
    page = open_page(width=width, locale="en-GB")
    page.goto(f"/receipt/{link.token}")
    assert violations(page) == []
    page.locator("[name=code]").fill(link.code)
    page.locator("main button[type=submit]").click()
    for tube in tubes:
        page.locator(f"[name=arrived][value={tube}]").check()
    page.locator(f"[name=damaged][value={tubes[0]}]").check()
    assert violations(page) == []
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"receipt-{width}.png", full_page=True)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/receipt/")
    registry_session.rollback()
    assert queries.by_code(actors.technician, code).state is ShipmentState.SETTLED
