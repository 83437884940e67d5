"""A cart that two colleagues share, and its pages, on a wide and a narrow screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.hands import scan, sign_in
from tests.factories.accounts import People, make_colleague
from tests.factories.carts import make_cart
from tests.factories.custody import make_received
from tests.factories.storage import make_box

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.usefixtures("app")


def test_two_colleagues_fill_a_cart_and_one_places_all_of_it(open_page: OpenPage, actors: People):
    one, two, three = (make_received(actors).code for _ in range(3))
    colleague = make_colleague(actors.technician)
    box = make_box(actors).unit.code
    bench = open_page()
    sign_in(bench, "technician")
    bench.goto("/carts")
    bench.get_by_label("Name").fill("Blue")
    bench.get_by_role("button", name="Begin this cart").click()
    expect(bench.get_by_role("heading", name="Blue")).to_be_visible()
    scan(bench, one, two, "VALIDER")
    expect(bench.locator("body")).to_contain_text("Tubes put on the cart: 2.")
    code = bench.url.rsplit("/", 1)[1]

    store = open_page()
    sign_in(store, colleague.login)
    scan(store, code)
    expect(store.get_by_role("heading", name="Blue")).to_be_visible()
    scan(store, two, three, "VALIDER")
    expect(store.locator("body")).to_contain_text(f"On the cart already: {two}.")
    store.get_by_role("link", name="Place or move").click()
    expect(store.get_by_label("Tubes")).to_have_value(f"{one}\n{two}\n{three}\n")
    store.get_by_label("Box").fill(box)
    store.get_by_role("button", name="Place these tubes").click()

    expect(store.locator("body")).to_contain_text("Tubes placed")
    expect(store.locator("body")).to_contain_text("This cart is closed.")


@pytest.mark.parametrize("width", [1280, 320])
def test_the_pages_of_carts_can_be_read_by_everybody(
    open_page: OpenPage, actors: People, width: int
):
    cart = make_cart(actors, make_received(actors).code)
    page = open_page(width=width)
    sign_in(page, "technician")
    for path in ("/carts", f"/carts/{cart.code}"):
        page.goto(path)
        assert violations(page) == [], path
