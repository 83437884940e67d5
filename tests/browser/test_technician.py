"""The technician's whole job in a real browser, with a scanner and as few presses as can be."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from registry.custody.picking import service as picking
from registry.vocab.custody import CheckoutReason
from tests import rendered
from tests.browser.accessibility import violations
from tests.browser.hands import scan, sign_in
from tests.factories.accounts import People
from tests.factories.custody import divide, make_checked_out, make_received, make_stored
from tests.factories.incidents import report
from tests.factories.samples import make_consenting_participant, make_tubes, tube_in
from tests.factories.storage import make_box, make_freezer
from tests.web.technician import Now

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def technician(page: Page, actors: People) -> Page:
    sign_in(page, "technician")
    return page


@pytest.fixture
def now(actors: People) -> Now:
    return Now(actors.technician)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


class TestTheWholeJob:
    def test_from_the_arrival_of_tubes_to_the_printed_chain(
        self, technician: Page, actors: People, now: Now
    ):
        page = technician
        box = make_box(actors, rows=9, columns=9)
        tubes = [tube.code for tube in make_tubes(actors, *[tube_in("5")] * 3)]

        self.receive(page, tubes)
        self.divide(page, tubes[0])
        aliquots = now.children(tubes[0])
        self.print_labels(page, aliquots)
        self.place(page, box.unit.code, aliquots)
        self.find(page, aliquots[2], "A3")
        self.check_out(page, aliquots[2], actors.nurse.name)
        self.take_back(page, aliquots[2])

        chain = page.request.get(f"/samples/{aliquots[2]}/custody.pdf").body()
        words = rendered.words(chain)
        for act in ("Collected", "Received", "Derived", "Placed", "Checked out", "Returned"):
            assert act in words
        assert rendered.codes(chain) == [aliquots[2]]
        assert now.left(tubes[0]) == Decimal("3.0")

    def receive(self, page: Page, tubes: list[str]) -> None:
        """n tubes are n + 1 actions from the page on: the scans and one press."""
        page.goto("/samples/receive")
        scan(page, *tubes)
        expect(page.locator("#codes-echo")).to_contain_text("Scanned: 3")
        press(page, "Receive these tubes")
        expect(page.get_by_text("Tubes received: 3.")).to_be_visible()
        expect(page.get_by_label("Tubes", exact=True)).to_be_focused()

    def divide(self, page: Page, parent: str) -> None:
        page.keyboard.press("Escape")
        page.goto("/")
        scan(page, parent)
        page.get_by_role("link", name="Make aliquots").click()
        expect(page.get_by_text("5 mL left in this tube")).to_be_visible()
        page.keyboard.type("0,5")
        page.get_by_label("Codes to issue").fill("4")
        page.get_by_label("Type", exact=True).select_option("PL2")
        press(page, "Make these aliquots")
        expect(page.get_by_text("4 new aliquots")).to_be_visible()

    def print_labels(self, page: Page, aliquots: list[str]) -> None:
        form = page.locator("form[action='/labels']").filter(has_text="Print the new labels")
        values = form.locator("input").evaluate_all(
            "inputs => Object.fromEntries(inputs.map(one => [one.name, one.value]))"
        )
        sheet = page.request.post("/labels", form=values)
        assert sheet.headers["content-type"] == "application/pdf"
        assert rendered.codes(sheet.body()) == aliquots

    def place(self, page: Page, box: str, aliquots: list[str]) -> None:
        """The box and n tubes are n + 2 actions from the page on."""
        page.goto("/samples/place")
        scan(page, box)
        expect(page.get_by_label("Tubes", exact=True)).to_be_focused()
        scan(page, *aliquots)
        press(page, "Place these tubes")
        expect(page.locator(".cell-shown .cell-code")).to_have_text(aliquots)

    def find(self, page: Page, code: str, cell: str) -> None:
        page.goto("/")
        scan(page, code)
        expect(page.get_by_role("heading", level=1)).to_have_text(code)
        page.get_by_role("link", name=cell).click()
        expect(page.locator("#shown")).to_contain_text(code)

    def check_out(self, page: Page, code: str, person: str) -> None:
        page.goto(f"/samples/{code}")
        page.get_by_role("link", name="Check out").click()
        page.get_by_label("Handed to").select_option(label=person)
        page.get_by_label("Analysis").check()
        press(page, "Check out")
        expect(page.get_by_text(f"{code} is checked out.")).to_be_visible()
        page.goto("/samples/work?list=person")
        expect(page.get_by_role("row", name=code)).to_contain_text(person)

    def take_back(self, page: Page, code: str) -> None:
        page.goto(f"/samples/{code}")
        page.get_by_role("link", name="Take back").click()
        press(page, "Take it back")
        expect(page.get_by_text(f"{code} is back.")).to_be_visible()


class TestScanning:
    def test_enter_never_sends_half_a_form(self, technician: Page, actors: People, now: Now):
        page, parent = technician, make_received(actors)
        page.goto(f"/samples/{parent.code}/aliquots/new")
        expect(page.get_by_label("Volume of each")).to_be_focused()

        scan(page, "0,5")
        expect(page.get_by_label("Aliquots")).to_be_focused()
        scan(page, "C1", "C2")

        expect(page.get_by_role("button", name="Make these aliquots")).to_be_visible()
        assert now.children(parent.code) == []
        press(page, "Make these aliquots")
        expect(page.get_by_text("2 new aliquots")).to_be_visible()
        assert now.children(parent.code) == ["C1", "C2"]

    def test_a_tube_scanned_twice_counts_once(self, technician: Page, actors: People, now: Now):
        page, [tube] = technician, make_tubes(actors, tube_in("5"))
        page.goto("/samples/receive")

        scan(page, tube.code, tube.code)
        expect(page.locator("#codes-echo")).to_have_class("scan-echo scan-bad")
        page.get_by_role("button", name="Receive these tubes").dblclick()
        expect(page.get_by_text("Tubes received: 1.")).to_be_visible()

        assert len(now.acts(tube.code)) == 2

    def test_one_scan_takes_back_the_last_line_then_what_was_done_last(
        self, technician: Page, actors: People, now: Now
    ):
        page, [one, other] = technician, make_tubes(actors, tube_in("5"), tube_in("5"))
        page.goto("/samples/receive")

        scan(page, one.code, other.code, "ANNULER")
        expect(page.get_by_label("Tubes", exact=True)).to_have_value(f"{one.code}\n")
        press(page, "Receive these tubes")
        expect(page.get_by_text("Tubes received: 1.")).to_be_visible()
        page.goto("/samples/receive")
        scan(page, "ANNULER")

        expect(page.get_by_text(f"Undone: {one.code}")).to_be_visible()
        assert [len(now.acts(code)) for code in (one.code, other.code)] == [3, 1]

    def test_a_refused_tube_is_named_and_the_others_stay_in_the_field(
        self, technician: Page, actors: People
    ):
        page, [tube] = technician, make_tubes(actors, tube_in("5"))
        page.goto("/samples/receive")
        scan(page, tube.code, "UNKNOWN-7")
        press(page, "Receive these tubes")

        expect(page.locator(".error-summary")).to_be_focused()
        expect(page.locator(".error-summary")).to_contain_text("UNKNOWN-7")
        expect(page.get_by_label("Tubes", exact=True)).to_have_value(f"{tube.code}\nUNKNOWN-7\n")

    def test_an_unknown_code_says_so_and_the_next_scan_can_follow(
        self, technician: Page, actors: People
    ):
        page, tube = technician, make_received(actors)
        page.goto("/samples/find")
        scan(page, "UNKNOWN-7")
        expect(page.locator(".error-summary")).to_contain_text("no sample with this code")
        scan(page, tube.code)

        expect(page.get_by_role("heading", level=1)).to_have_text(tube.code)

    def test_a_scan_is_heard_wherever_the_focus_is(self, technician: Page, actors: People):
        page, one, other = technician, make_received(actors), make_received(actors)
        page.goto(f"/samples/{one.code}")
        page.get_by_role("link", name="Make aliquots").focus()
        scan(page, other.code)

        expect(page.get_by_role("heading", level=1)).to_have_text(other.code)


class TestTheMap:
    def test_an_occupied_cell_is_refused_where_it_was_named(
        self, technician: Page, actors: People, now: Now
    ):
        page, box = technician, make_box(actors)
        there, tube = make_stored(actors, box=box, cell="B3"), make_received(actors)
        page.goto(f"/samples/place?box={box.unit.code}&cell=B3")
        scan(page, tube.code)
        press(page, "Place these tubes")

        expect(page.locator(".error-summary")).to_contain_text(f"B3 is taken by {there.code}")
        assert now.cell(tube.code) is None

    def test_an_empty_cell_takes_the_next_scan(self, technician: Page, actors: People, now: Now):
        page, box, tube = technician, make_box(actors), make_received(actors)
        page.goto(f"/storage/boxes/{box.id}")
        page.get_by_role("link", name="H12 is free").click()
        expect(page.get_by_label("Tubes", exact=True)).to_be_focused()
        scan(page, tube.code)
        press(page, "Place these tubes")
        expect(page.locator("#shown")).to_contain_text(tube.code)

        assert now.cell(tube.code) == "H12"

    def test_arrow_keys_walk_the_cells(self, technician: Page, actors: People):
        page, box = technician, make_box(actors, rows=3, columns=3)
        page.goto(f"/storage/boxes/{box.id}")
        page.get_by_role("link", name="A1 is free").focus()
        for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowLeft"):
            page.keyboard.press(key)

        expect(page.get_by_role("link", name="C1 is free")).to_be_focused()


class TestEverybody:
    @pytest.mark.parametrize(("language", "width"), [("fr", 1280), ("en", 320)])
    def test_the_pages_are_accessible_and_fit(
        self, app: Flask, open_page: OpenPage, actors: People, language: str, width: int
    ):
        page = open_page(width=width)
        sign_in(page, "technician", language)
        box = make_box(actors, rows=9, columns=9)
        lent = make_checked_out(actors, box=box)
        parent = make_received(actors, participant=make_consenting_participant(actors))
        divide(actors, parent.code, *["0.5"] * 3)
        freezer = make_freezer(actors).id
        waits = make_stored(actors, box=box, cell="B2")
        picked = picking.open_(
            actors.technician, [waits.code], title="ELISA", to_user_id=actors.technician.id,
            reason=CheckoutReason.ANALYSIS,
        ).code  # fmt: skip
        wrong = report(actors, make_stored(actors, box=box, cell="C3")).code
        for path in (
            "/samples", "/samples/find", "/samples/work", "/samples/receive", "/samples/process",
            "/samples/aliquots/new", "/samples/place", f"/samples/place?box={box.unit.code}",
            f"/samples/{parent.code}?made=2", f"/samples/{parent.code}/aliquots/new",
            f"/samples/{lent.code}", f"/samples/{lent.code}/return",
            f"/samples/{parent.code}/check-out", "/labels", "/storage", "/storage/new",
            f"/storage/{freezer}", f"/storage/{freezer}/boxes/new",
            f"/storage/boxes/{box.id}?placed={lent.code}", "/picks", "/picks/new",
            f"/picks/{picked}", f"/picks/{picked}/leave-out?tube={waits.code}",
            "/custody/mine", "/incidents", f"/incidents/new?code={parent.code}",
            f"/incidents/{wrong}", f"/incidents/{wrong}/tubes",
        ):  # fmt: skip
            page.goto(path)
            assert violations(page) == [], path
