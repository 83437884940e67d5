"""Scanning without a network: kept in the browser, sent later, recorded once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from registry.vocab.custody import HolderKind
from tests.browser.accessibility import violations
from tests.browser.hands import scan, sign_in
from tests.factories.accounts import People
from tests.factories.custody import make_checked_out, make_received, make_stored
from tests.factories.samples import make_tubes, tube_in
from tests.factories.storage import make_box
from tests.web.technician import Now

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.usefixtures("app")

KEPT = """() => new Promise(resolve => {
    const asked = indexedDB.open("registry-queue", 1);
    asked.onsuccess = () => {
        const all = asked.result.transaction("lists").objectStore("lists").getAll();
        all.onsuccess = () => { asked.result.close(); resolve(all.result); };
    };
})"""


@pytest.fixture
def technician(page: Page, actors: People) -> Page:
    sign_in(page, "technician")
    return page


@pytest.fixture
def now(actors: People) -> Now:
    return Now(actors.technician)


def to_receive(actors: People, number: int) -> list[str]:
    return [tube.code for tube in make_tubes(actors, *[tube_in("5")] * number)]


def says(page: Page, sentence: str) -> None:
    expect(page.locator("#queue-told")).to_contain_text(sentence)


def lose_answers(page: Page, path: str) -> list[int]:
    """From now on the server does what is sent there, and its answers are lost."""
    statuses: list[int] = []

    def lose(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        statuses.append(route.fetch(max_redirects=0).status)
        return route.abort("internetdisconnected")

    page.route(f"**{path}", lose)
    return statuses


def test_scanning_goes_on_without_a_network_and_is_sent_in_its_order_afterwards(
    technician: Page, actors: People, now: Now
):
    page, tubes = technician, to_receive(actors, 3)
    box = make_box(actors).unit.code
    page.goto("/samples/receive")
    page.context.set_offline(True)

    scan(page, *tubes[:2], "VALIDER")
    says(page, "Not sent yet: 1 waiting")
    expect(page.locator("#queue")).to_have_class("queue queue-waits")
    expect(page.get_by_label("Tubes", exact=True)).to_be_focused()
    expect(page.get_by_label("Tubes", exact=True)).to_have_value("")
    expect(page.locator("#codes-echo")).to_be_empty()
    scan(page, tubes[2], "VALIDER")
    says(page, "Not sent yet: 2 waiting")
    assert {now.holder(code) for code in tubes} == {HolderKind.COLLECTION_SITE}
    page.context.set_offline(False)

    says(page, "Sent: nothing waits any more.")
    assert [len(now.acts(code)) for code in tubes] == [2, 2, 2]
    page.goto(f"/samples/place?box={box}")
    page.context.set_offline(True)
    scan(page, *tubes, "VALIDER")
    says(page, "Not sent yet: 1 waiting")
    page.context.set_offline(False)
    says(page, "Sent: nothing waits any more.")
    assert [now.cell(code) for code in tubes] == ["A1", "A2", "A3"]
    assert page.evaluate(KEPT) == []


def test_a_lost_answer_is_asked_for_again_without_a_second_effect(
    technician: Page, actors: People, now: Now
):
    page, tubes = technician, to_receive(actors, 2)
    page.goto("/samples/receive")
    statuses = lose_answers(page, "/samples/receive")

    scan(page, *tubes, "VALIDER")
    says(page, "Not sent yet: 1 waiting")
    assert statuses == [200]
    with page.expect_event("requestfailed"):
        page.goto("/samples/work")
    says(page, "Not sent yet: 1 waiting")
    page.unroute("**/samples/receive")
    page.reload()
    says(page, "Sent: nothing waits any more.")

    assert [len(now.acts(code)) for code in tubes] == [2, 2]


def test_two_tabs_that_send_the_same_list_record_it_once(
    technician: Page, actors: People, now: Now
):
    page, [tube] = technician, to_receive(actors, 1)
    page.goto("/samples/receive")
    other = page.context.new_page()
    other.goto("/samples/receive")
    page.context.set_offline(True)
    scan(page, tube, "VALIDER")
    says(page, "Not sent yet: 1 waiting")

    page.context.set_offline(False)
    other.reload()

    says(page, "Sent: nothing waits any more.")
    assert other.evaluate(KEPT) == []
    assert len(now.acts(tube)) == 2


def test_what_is_refused_stays_with_the_servers_sentence_until_somebody_deals_with_it(
    technician: Page, actors: People, now: Now
):
    page, lent = technician, make_checked_out(actors).code
    page.goto("/samples/take-back")
    page.context.set_offline(True)
    scan(page, lent, "UNKNOWN-7", "VALIDER")
    scan(page, lent, "VALIDER")
    says(page, "Not sent yet: 2 waiting")
    page.context.set_offline(False)

    says(page, "Refused, please look at it: 1")
    refused = page.locator("#queue-refused li")
    expect(refused).to_have_count(1)
    expect(refused).to_contain_text("There is no sample UNKNOWN-7")
    assert now.holder(lent) is not HolderKind.PERSON
    assert violations(page) == []
    page.goto("/")
    expect(refused).to_have_count(1)
    refused.get_by_role("button", name="Take off the list").click()
    refused.get_by_role("button", name="Take off: it will not be recorded").click()
    expect(refused).to_have_count(0)
    assert page.evaluate(KEPT) == []


def test_the_time_of_the_scan_is_recorded_and_a_wrong_clock_asks(
    technician: Page, actors: People, now: Now
):
    page, tube = technician, make_received(actors).code
    page.add_init_script(
        "Date.now = () => Math.round(performance.timeOrigin + performance.now()) - 3600000;"
    )
    page.goto("/samples/dispose")
    page.get_by_label("Nothing useful is left in it").check()
    page.get_by_label("Tubes", exact=True).focus()
    page.context.set_offline(True)
    scan(page, tube, "VALIDER")
    says(page, "Not sent yet: 1 waiting")
    page.context.set_offline(False)

    expect(page.locator("#queue-refused")).to_contain_text("clock of this computer")
    assert now.holder(tube) is HolderKind.BENCH
    page.get_by_role("button", name="The time is right: send").click()
    says(page, "Sent: nothing waits any more.")
    assert now.holder(tube) is HolderKind.DESTROYED


def test_nothing_is_sent_in_the_name_of_whoever_signs_in_next(
    technician: Page, actors: People, now: Now
):
    page, [tube] = technician, to_receive(actors, 1)
    page.goto("/samples/receive")
    page.context.set_offline(True)
    scan(page, tube, "VALIDER")
    says(page, "Not sent yet: 1 waiting")
    page.route("**/samples/receive", lambda route: route.abort("internetdisconnected"))
    page.context.set_offline(False)
    out = page.get_by_role("button", name="Sign out")
    out.click()
    says(page, "Not everything is sent.")
    out.click()
    page.wait_for_url("**/sign-in")
    page.unroute("**/samples/receive")

    sign_in(page, "nurse")
    says(page, "Scanned by somebody else and not sent: 1")
    assert now.holder(tube) is HolderKind.COLLECTION_SITE
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    sign_in(page, "technician")
    says(page, "Sent: nothing waits any more.")
    assert now.holder(tube) is HolderKind.BENCH


def test_when_the_session_has_ended_it_waits_for_the_person(
    technician: Page, actors: People, now: Now
):
    page, [tube] = technician, to_receive(actors, 1)
    page.goto("/samples/receive")
    page.context.clear_cookies()
    page.context.set_offline(True)
    scan(page, tube, "VALIDER")
    says(page, "Not sent yet: 1 waiting")
    page.context.set_offline(False)
    says(page, "Your session has ended: sign in again.")

    sign_in(page, "technician")
    says(page, "Sent: nothing waits any more.")
    assert now.holder(tube) is HolderKind.BENCH


def test_codes_are_kept_and_no_comment(technician: Page, actors: People, now: Now):
    page, [tube] = technician, to_receive(actors, 1)
    page.goto("/samples/receive")
    page.get_by_text("Another time, a comment").click()
    page.get_by_label("Comment").fill("of Mrs Martin")
    page.get_by_label("Tubes", exact=True).focus()
    page.context.set_offline(True)
    scan(page, tube, "VALIDER")
    says(page, "A list with a comment is not kept in this browser")

    assert page.evaluate(KEPT) == []
    page.get_by_label("Comment").fill("")
    page.get_by_role("button", name="Receive these tubes").click()
    says(page, "Not sent yet: 1 waiting")
    [one] = page.evaluate(KEPT)
    assert one["codes"] == [tube]
    assert {name for name, value in one["fields"] if value} == {
        "request_key", "codes", "site_id", "condition",
    }  # fmt: skip
    page.context.set_offline(False)
    says(page, "Sent: nothing waits any more.")


def test_a_refusal_with_a_network_is_shown_beside_the_field(technician: Page, actors: People):
    page, stored = technician, make_stored(actors).code
    page.goto("/samples/receive")

    scan(page, stored, "VALIDER")

    expect(page.locator(".error-summary")).to_contain_text(stored)
    assert page.evaluate(KEPT) == []
