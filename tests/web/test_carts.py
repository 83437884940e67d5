"""Carts on the pages: scanned onto, acted on as a whole, refused tubes kept with the reason."""

import re
from collections.abc import Callable

import pytest

from registry.custody import queries as custody
from registry.custody.carts import queries
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.persistence.database import remove_sessions
from registry.vocab.custody import ActKind, HolderKind
from tests.factories.accounts import People, make_colleague
from tests.factories.carts import make_cart
from tests.factories.custody import make_received, make_stored
from tests.factories.defined import make_act
from tests.factories.samples import make_tube
from tests.factories.storage import make_box
from tests.statements import counted
from tests.web.pages import Browser, text_of

pytestmark = pytest.mark.usefixtures("app")

SignIn = Callable[[Actor], Browser]


def offered(page: str) -> list[str]:
    """The codes in the scan field of a page."""
    field = r"<textarea[^>]*name=\"(?:codes|placements)\"[^>]*>\s*(.*?)</textarea>"
    found = re.search(field, page, re.DOTALL)
    assert found is not None
    return found[1].split()


class TestSharing:
    def test_one_begins_it_and_a_colleague_goes_on_elsewhere(
        self, technician: Browser, sign_in: SignIn, actors: People
    ):
        one, two = (make_received(actors).code for _ in range(2))
        site = str(min(actors.technician.sites().ids))
        begun = technician.send("/carts", name="Blue", site_id=site)
        technician.send(begun.location, codes=one)

        colleague = sign_in(make_colleague(actors.technician)).speak("en")
        assert "Blue" in text_of(colleague.get("/carts"))
        answer = colleague.send(begun.location, codes=f"{one}\n{two}")

        page = text_of(colleague.get(answer.location))
        assert f"On the cart already: {one}." in page
        assert "Tubes put on the cart: 1." in page
        assert [line.sample.code for line in _lines(actors)] == [one, two]

    def test_it_is_for_technicians_alone(self, sign_in: SignIn, actors: People):
        cart = make_cart(actors)
        assert sign_in(actors.nurse).get("/carts").status_code == 403
        elsewhere = sign_in(actors.other_site_technician)
        assert elsewhere.get(f"/carts/{cart.code}").status_code == 404

    def test_its_label_leads_to_it(self, technician: Browser, actors: People):
        cart = make_cart(actors)

        assert technician.get(f"/carts/{cart.code}/label.pdf").data.startswith(b"%PDF")
        scanned = technician.send("/scan", page="/", code=cart.code.lower())
        assert scanned.location == f"/carts/{cart.code}"

    def test_a_tube_is_taken_off_and_the_empty_cart_closed(
        self, technician: Browser, actors: People
    ):
        tube = make_received(actors)
        cart = make_cart(actors, tube.code)
        at = f"/carts/{cart.code}"

        technician.send(f"{at}/take-off", page=at)

        page = text_of(technician.get(at))
        assert f"{tube.code} is no longer on the cart." in page
        assert "This cart is closed." in page

    def test_an_empty_one_is_closed_by_hand(self, technician: Browser, actors: People):
        cart = make_cart(actors)
        technician.send(f"/carts/{cart.code}/close", page=f"/carts/{cart.code}")
        assert "No cart is in use." in text_of(technician.get("/carts"))

    def test_the_page_asks_as_many_statements_for_many_tubes_as_for_one(
        self, technician: Browser, actors: People
    ):
        one = make_cart(actors, make_received(actors).code)
        many = make_cart(actors, *(make_received(actors).code for _ in range(6)), name="Many")
        numbers = []
        for cart in (one, many):
            with counted() as statements:
                assert technician.get(f"/carts/{cart.code}").status_code == 200
            numbers.append(len(statements))
        assert numbers[0] == numbers[1]


class TestActing:
    @pytest.mark.parametrize(
        "path",
        [
            "/samples/receive", "/samples/process?kind=frozen", "/samples/place",
            "/samples/take-back", "/samples/dispose", "/samples/destroy", "/picks/new",
            "/incidents/new", "/labels",
        ],
    )  # fmt: skip
    def test_every_page_for_lists_has_the_tubes_in_its_scan_field(
        self, technician: Browser, actors: People, path: str
    ):
        codes = [make_received(actors).code for _ in range(2)]
        cart = make_cart(actors, *codes)
        joined = "&" if "?" in path else "?"

        page = technician.get(f"{path}{joined}cart={cart.code}")

        assert (
            f"{path}{joined}cart={cart.code}".replace("&", "&amp;")
            in technician.get(f"/carts/{cart.code}").text
        )
        assert offered(page.text) == codes

    def test_an_act_that_was_defined_is_done_with_all_of_them(
        self, technician: Browser, actors: People
    ):
        codes = [make_received(actors).code for _ in range(2)]
        cart, act = make_cart(actors, *codes), make_act(actors, fields=())
        at = f"/samples/acts/SONIC?cart={cart.code}"
        assert at in technician.get(f"/carts/{cart.code}").text
        assert offered(technician.get(at).text) == codes

        done = technician.send(at, codes="\n".join(codes), version=str(act.number))

        assert done.location == f"/carts/{cart.code}"
        assert "No tube is on the cart." in text_of(technician.get(done.location))
        remove_sessions()
        assert all(
            custody.chain(actors.technician, code)[-1].kind is ActKind.DEFINED for code in codes
        )

    def test_done_tubes_leave_the_cart_which_is_closed_with_the_last(
        self, technician: Browser, actors: People
    ):
        codes = [make_received(actors).code for _ in range(2)]
        cart, box = make_cart(actors, *codes), make_box(actors)

        done = technician.send(
            f"/samples/place?cart={cart.code}", box=box.unit.code, placements="\n".join(codes)
        )

        assert done.location == f"/carts/{cart.code}"
        page = text_of(technician.get(done.location))
        assert "Tubes placed" in page
        assert "No tube is on the cart." in page
        remove_sessions()
        found = custody.listed(actors.technician, codes)
        assert {one.status for one in found.values()} == {HolderKind.POSITION}

    def test_refused_ones_stay_with_the_reason_and_the_others_are_ready(
        self, technician: Browser, sign_in: SignIn, actors: People
    ):
        good, bad = make_tube(actors).code, make_stored(actors).code
        cart = make_cart(actors, good, bad)
        at = f"/samples/receive?cart={cart.code}"
        typed = {"site_id": str(max(actors.technician.sites().ids)), "condition": "good"}

        refused = technician.send(at, **typed, codes=f"{good}\n{bad}")

        assert refused.status_code == 422
        assert offered(refused.text) == [good]
        assert "The refused tubes stay on the cart Blue" in text_of(refused)
        colleague = sign_in(make_colleague(actors.technician)).speak("fr")
        kept = text_of(colleague.get(f"/carts/{cart.code}"))
        assert re.search(rf"{bad}.*(?:déjà|rang|congél|place)", kept)

        done = technician.send(at, **typed, codes="\n".join(offered(refused.text)))

        assert done.location == f"/carts/{cart.code}"
        assert [line.sample.code for line in _lines(actors)] == [bad]

    def test_a_page_that_sends_by_itself_first_says_it_once(
        self, technician: Browser, actors: People
    ):
        good, bad = make_tube(actors).code, make_stored(actors).code
        cart = make_cart(actors, good, bad)
        at = f"/samples/receive?cart={cart.code}"
        typed = {
            **technician.hidden(at), "codes": f"{good}\n{bad}", "condition": "good",
            "site_id": str(max(actors.technician.sites().ids)),
        }  # fmt: skip
        now = str(int(clock.now().timestamp() * 1000))
        says = {
            "Queue-Scanned": now, "Queue-Clock": now, "Queue-Ahead": "0",
            "Queue-Person": str(actors.technician.id),
        }  # fmt: skip

        by_itself = technician.post(at, typed, headers=says)
        by_hand = technician.post(at, typed)

        assert by_itself.status_code == by_hand.status_code == 422
        assert text_of(by_hand).count("The refused tubes stay on the cart") == 1

    def test_what_was_done_without_the_cart_leaves_it_as_it_was(
        self, technician: Browser, actors: People
    ):
        code = make_received(actors).code
        make_cart(actors, code)
        technician.send("/samples/process?kind=centrifuged", codes=code, kind="frozen")
        assert [line.sample.code for line in _lines(actors)] == [code]

    def test_a_cart_of_another_site_hands_over_nothing(self, sign_in: SignIn, actors: People):
        cart = make_cart(actors, make_received(actors).code)
        elsewhere = sign_in(actors.other_site_technician)
        assert offered(elsewhere.get(f"/samples/receive?cart={cart.code}").text) == []


def _lines(actors: People) -> list[queries.Line]:
    remove_sessions()
    [used] = queries.in_use(actors.technician)
    return list(queries.load(actors.technician, used.cart).lines)
