"""The page that pools tubes: what was scanned is kept, and the pool tells where it comes from."""

from decimal import Decimal

import pytest

from tests.factories.carts import make_cart
from tests.factories.consents import make_withdrawal
from tests.factories.pools import make_alike, make_pool
from tests.web.pages import text_of
from tests.web.technician import lines

URL = "/samples/pools/new"

pytestmark = pytest.mark.usefixtures("app")


def send(browser, *tubes, **values):
    values.setdefault("container_type", "PPS")
    return browser.send(URL, codes=lines(*[one.code for one in tubes]), **values)


def test_the_pool_s_page_shows_what_was_poured_into_it(technician, actors, now):
    tubes = make_alike(actors, "0.5", "1")

    answer = send(technician, *tubes, pool="POOL-0001")
    page = text_of(technician.get(answer.location))

    assert answer.status_code == 303
    assert now.left("POOL-0001") == Decimal("1.5")
    assert "2 tubes are pooled into POOL-0001. Place it." in page
    assert "2 tubes, poured together into" in page
    assert all(one.code in page for one in tubes)
    assert f"Pooled from {tubes[0].code}, {tubes[1].code}" in page


def test_a_code_is_issued_when_no_label_was_scanned(technician, actors):
    answer = send(technician, *make_alike(actors, "0.5", "1"))

    assert "print its label, then place it" in text_of(technician.get(answer.location))


def test_so_much_of_each_in_another_unit_less_the_loss(technician, actors, now):
    tubes = make_alike(actors, "0.5", "1")

    send(technician, *tubes, pool="POOL-0001", volume="250", unit="uL", loss="20")

    assert now.left("POOL-0001") == 480
    assert [now.left(one.code) for one in tubes] == [Decimal("0.25"), Decimal("0.75")]


def test_what_is_refused_is_named_and_what_was_scanned_is_kept(technician, actors, now):
    [mine], [theirs] = make_alike(actors, "1"), make_alike(actors, "1")

    answer = send(technician, mine, theirs, pool="POOL-0001")

    assert answer.status_code == 422
    assert f"{theirs.code} is another participant’s than {mine.code}" in text_of(answer)
    assert mine.code in answer.text
    assert now.left(mine.code) == 1


@pytest.mark.parametrize("nonsense", ["", "'; --", "<b>x</b>", "4,35E+09", "x" * 500])
def test_nonsense_pools_nothing(technician, actors, now, nonsense):
    tubes = make_alike(actors, "1", "1")

    answer = technician.send(
        URL, codes=lines(tubes[0].code, tubes[1].code, nonsense or "?"), container_type=nonsense
    )

    assert answer.status_code == 422
    assert now.left(tubes[0].code) == 1


def test_sending_twice_has_one_effect(technician, actors, now):
    tubes = make_alike(actors, "1", "1")
    hidden = technician.hidden(URL)
    values = {"codes": lines(*[one.code for one in tubes]), "container_type": "PPS", "pool": "P-1"}

    first, second = (technician.post(URL, {**hidden, **values}) for _ in range(2))

    assert first.location == second.location
    assert now.left("P-1") == 2


def test_a_tube_s_page_offers_it_until_the_consent_is_withdrawn(technician, actors):
    [tube] = make_alike(actors, "1")
    offered = f"{URL}?code={tube.code}"
    assert offered in technician.get(f"/samples/{tube.code}").text

    make_withdrawal(actors, tube.participant)

    assert offered not in technician.get(f"/samples/{tube.code}").text


def test_a_cart_s_tubes_are_poured_together_and_leave_it(technician, actors, now):
    tubes = make_alike(actors, "1", "1")
    cart = make_cart(actors, *[one.code for one in tubes])
    page = technician.get(f"{URL}?cart={cart.code}")
    assert all(one.code in page.text for one in tubes)

    answer = technician.send(
        f"{URL}?cart={cart.code}",
        codes=lines(*[one.code for one in tubes]),
        container_type="PPS",
        pool="P-1",
    )

    assert answer.location.endswith(f"/carts/{cart.code}")
    assert now.left("P-1") == 2


def test_a_nurse_is_not_shown_it(sign_in, actors):
    assert sign_in(actors.nurse).get(URL).status_code == 403


def test_a_participant_s_list_says_that_a_tube_was_made_of_several(technician, actors):
    participant = make_pool(actors).participant

    page = text_of(technician.get(f"/participants/{participant.code}"))

    assert "and others" in page
