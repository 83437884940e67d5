"""Each task by keyboard and scanner alone, and how many actions it takes."""

from collections.abc import Callable, Iterable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from registry.custody import service as custody
from registry.custody.picking import service as picking
from registry.samples.kits import service as printed_kits
from registry.storage.grid import Cell
from registry.vocab.custody import CheckoutReason, HolderKind
from registry.vocab.racks import RackPreset
from tests import actions
from tests.browser.hands import Hands, sign_in
from tests.factories.accounts import People, Sites
from tests.factories.consents import make_template
from tests.factories.custody import make_aliquots, make_checked_out, make_received, make_stored
from tests.factories.participants import make_cohort, make_participant
from tests.factories.pools import make_alike
from tests.factories.printers import make_printer
from tests.factories.racks import written
from tests.factories.samples import make_consenting_participant, make_tubes, tube_in
from tests.factories.shipments import make_shipment, make_tubes_to_send
from tests.factories.storage import make_box
from tests.web.technician import Now

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.usefixtures("app")

TUBES = 3


@pytest.fixture
def hands(page: Page, actors: People) -> Hands:
    """A technician's, on the home page."""
    sign_in(page, "technician")
    return Hands(page)


@pytest.fixture
def now(actors: People) -> Now:
    return Now(actors.technician)


def told(hands: Hands, sentence: str) -> None:
    expect(hands.page.get_by_text(sentence)).to_be_visible()


def a_file(wells: Iterable[tuple[Cell, str]]) -> bytes:
    """What a rack scanner wrote of these wells."""
    return written(RackPreset.POSITION_TUBE, wells)


def opened(hands: Hands, path: str) -> None:
    """Open the page of the task, whose first field listens."""
    hands.page.goto(path)
    expect(hands.page.locator("[data-scan][data-first]")).to_be_focused()


def test_the_home_page_listens(hands: Hands):
    expect(hands.page.get_by_label("Scan or type a code")).to_be_focused()
    assert hands.actions == actions.HOME.actions()


def test_a_kit(page: Page, actors: People):
    participant = make_consenting_participant(actors)
    site_id = next(grant.site_id for grant in actors.nurse.grants)
    [kit] = printed_kits.print_kits(
        actors.nurse, kit_id=make_cohort().kits[0].id, site_id=site_id, count=1
    )
    code = kit.code
    sign_in(page, "nurse")
    hands = Hands(page)

    hands.scan(participant.code)
    expect(page.get_by_role("heading", level=1)).to_contain_text(participant.shown_code)
    hands.scan(code)
    expect(page.get_by_label("Scan VALIDER to register the kit")).to_be_focused()
    hands.scan("VALIDER")

    told(hands, "3 tubes are registered")
    assert hands.actions == actions.KIT.actions()


def test_loose_tubes(page: Page, actors: People):
    participant = make_consenting_participant(actors)
    sign_in(page, "nurse")
    hands = Hands(page)

    hands.scan(participant.code)
    expect(page.get_by_role("heading", level=1)).to_contain_text(participant.shown_code)
    hands.scan("T0001")
    expect(page.get_by_label("Tube 2, code")).to_be_focused()
    hands.scan("T0002", "T0003")

    told(hands, f"{TUBES} tubes are registered")
    assert hands.actions == actions.LOOSE.actions(TUBES)


def test_a_consent(page: Page, actors: People):
    participant, template = make_participant(actors), make_template()
    sign_in(page, "nurse")
    page.goto(f"/participants/{participant.code}/consents/new?form={template.id}")
    hands = Hands(page)
    questions = page.locator("fieldset.question")
    asked = questions.count()

    expect(questions.first.get_by_label("Accepted")).to_be_focused()
    hands.press(*["1"] * asked, "Enter")

    told(hands, "Samples may be collected.")
    assert hands.actions == actions.CONSENT.actions(asked)


def test_a_rack(hands: Hands, actors: People, now: Now):
    box = make_box(actors)
    tubes = [tube.code for tube in make_aliquots(actors, "0.1", "0.1")]
    hands.page.goto(f"/storage/from-file?box={box.unit.code}")

    hands.choose("File of the rack scanner", a_file(zip(box.grid.cells(), tubes, strict=False)))
    expect(hands.page.get_by_role("button", name="Record these tubes")).to_be_focused()
    hands.press("Enter")

    told(hands, "2 tubes placed, 0 moved")
    assert [now.cell(code) for code in tubes] == ["A1", "A2"]
    assert hands.actions == actions.RACK.actions()


def test_an_inventory(hands: Hands, actors: People):
    box = make_box(actors)
    there = make_stored(actors, box=box, cell="A1")
    missing = make_stored(actors, box=box, cell="A2")
    opened(hands, "/storage/inventory")

    hands.scan(box.unit.code)
    hands.choose("File of the rack scanner", a_file([((1, 1), there.code)]))
    expect(hands.page.get_by_label("Reason")).to_be_focused()
    hands.type("yearly inventory")
    hands.press("Control+Enter")

    told(hands, f"The inventory of {box.unit.code} is recorded.")
    hands.page.goto(f"/samples/{missing.code}")
    told(hands, "Not found at the inventory")
    assert hands.actions == actions.INVENTORY.actions()


def test_a_bag(hands: Hands, actors: People):
    tubes = [tube.code for tube in make_tubes_to_send(actors, TUBES)]
    bag = make_shipment(actors).code

    hands.scan(bag)
    expect(hands.page.get_by_label("Tubes", exact=True)).to_be_focused()
    hands.scan(*tubes, "FERMER")

    told(hands, "The bag is closed.")
    assert hands.actions == actions.BAG.actions(TUBES)


def test_undoing(hands: Hands, actors: People):
    tubes = make_tubes(actors, tube_in("5"))
    opened(hands, "/samples/receive")
    hands.scan(tubes[0].code, "VALIDER")
    told(hands, "Tubes received: 1.")
    hands.actions = 0

    hands.scan("ANNULER")

    told(hands, f"Undone: {tubes[0].code}")
    assert hands.actions == actions.UNDO.actions()


def test_receiving(hands: Hands, actors: People, now: Now):
    tubes = [tube.code for tube in make_tubes(actors, *[tube_in("5")] * TUBES)]
    opened(hands, "/samples/receive")

    hands.scan(*tubes, "VALIDER")

    told(hands, f"Tubes received: {TUBES}.")
    assert {now.holder(code) for code in tubes} == {HolderKind.BENCH}
    assert hands.actions == actions.RECEIVE.actions(TUBES)


def test_dividing_with_the_usual_volume(hands: Hands, actors: People, now: Now):
    first, second = make_received(actors).code, make_received(actors).code
    hands.page.goto(f"/samples/{first}/aliquots/new")
    expect(hands.page.get_by_label("Volume of each")).to_be_focused()
    hands.scan("0,5", "C1", "VALIDER")
    told(hands, "1 new aliquot")
    hands.actions = 0
    opened(hands, "/samples/aliquots/new")

    hands.scan(second)
    expect(hands.page.get_by_label("Aliquots")).to_be_focused()
    hands.scan("C2", "C3", "C4", "VALIDER")

    told(hands, f"{TUBES} new aliquots")
    assert now.children(second) == ["C2", "C3", "C4"]
    assert hands.actions == actions.DIVIDE.actions(TUBES)


def test_pooling(hands: Hands, actors: People, now: Now):
    tubes = [tube.code for tube in make_alike(actors, *["1"] * TUBES)]
    opened(hands, "/samples/pools/new")

    hands.scan("POOL-0001")
    expect(hands.page.get_by_label("Poured into it", exact=True)).to_be_focused()
    hands.scan(*tubes, "VALIDER")

    told(hands, f"{TUBES} tubes are pooled into POOL-0001")
    assert now.left("POOL-0001") == TUBES
    assert hands.actions == actions.POOL.actions(TUBES)


def test_placing(hands: Hands, actors: People, now: Now):
    box = make_box(actors).unit.code
    tubes = [make_received(actors).code for _ in range(TUBES)]
    opened(hands, "/samples/place")

    hands.scan(box)
    expect(hands.page.get_by_label("Tubes", exact=True)).to_be_focused()
    hands.scan(*tubes, "VALIDER")

    expect(hands.page.locator(".cell-shown .cell-code")).to_have_text(tubes)
    assert [now.cell(code) for code in tubes] == ["A1", "A2", "A3"]
    assert hands.actions == actions.PLACE.actions(TUBES)


def test_finding(hands: Hands, actors: People):
    tube = make_stored(actors, cell="A3")

    hands.scan(tube.code)

    expect(hands.page.get_by_role("link", name="A3")).to_be_visible()
    assert hands.actions == actions.FIND.actions()


def test_fetching(hands: Hands, actors: People, now: Now):
    tubes = [make_stored(actors).code for _ in range(TUBES)]
    picked = picking.open_(
        actors.technician, tubes, title="ELISA", to_user_id=actors.technician.id,
        reason=CheckoutReason.ANALYSIS,
    ).code  # fmt: skip

    hands.scan(picked)
    expect(hands.page.get_by_label("Tubes", exact=True)).to_be_focused()
    hands.scan(*tubes)

    told(hands, f"Fetched: {TUBES} tubes.")
    assert {now.holder(code) for code in tubes} == {HolderKind.PERSON}
    assert hands.actions == actions.PICK.actions(TUBES)


def test_taking_back(hands: Hands, actors: People, now: Now):
    tube = make_checked_out(actors).code
    opened(hands, "/samples/take-back")

    hands.scan(tube, "VALIDER")

    told(hands, "Tubes taken back: 1.")
    assert now.holder(tube) is HolderKind.POSITION
    assert hands.actions == actions.RETURN.actions()


def test_throwing_away(hands: Hands, actors: People, now: Now):
    tube = make_received(actors, "2")
    custody.consume(actors.technician, tube.code, volume=Decimal(2), reason=CheckoutReason.ANALYSIS)
    opened(hands, "/samples/dispose")

    hands.scan(tube.code, "VALIDER")

    told(hands, "Thrown away: 1 tubes.")
    assert now.holder(tube.code) is HolderKind.DESTROYED
    assert hands.actions == actions.DISPOSE.actions()


def test_printing_again(hands: Hands, actors: People, sites: Sites):
    tube = make_received(actors).code
    make_printer(actors, site_id=sites.biobank, port=9100)

    hands.scan(tube)
    expect(hands.page.get_by_role("heading", level=1)).to_have_text(tube)
    hands.page.wait_for_load_state()
    hands.press("p")

    told(hands, "Labels on their way to Zebra 1: 1.")
    assert hands.actions == actions.LABEL.actions()


def test_sending_after_the_network_is_back(hands: Hands, actors: People, now: Now):
    [tube] = make_tubes(actors, tube_in("5"))
    opened(hands, "/samples/receive")
    hands.page.context.set_offline(True)
    hands.scan(tube.code, "VALIDER")
    expect(hands.page.locator("#queue-told")).to_contain_text("Not sent yet: 1 waiting")
    hands.actions = 0

    hands.page.context.set_offline(False)

    told(hands, "Sent: nothing waits any more.")
    assert now.holder(tube.code) is HolderKind.BENCH
    assert hands.actions == actions.OFFLINE.actions()


def test_the_page_about_actions_is_this_table():
    assert actions.DOCUMENT.read_text(encoding="utf-8") == actions.page()
