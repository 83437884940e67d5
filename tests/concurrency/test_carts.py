"""A cart with two people at it: nothing that was scanned is lost, and nothing is there twice."""

import pytest

from registry.custody.carts import queries, service
from registry.persistence import registry_session
from tests.concurrency.racing import race, won
from tests.factories.accounts import make_colleague
from tests.factories.carts import make_cart
from tests.factories.custody import make_received

pytestmark = [pytest.mark.concurrency, pytest.mark.usefixtures("app")]


def codes_on(actors, cart_id):
    cart = registry_session.get_one(queries.Cart, cart_id)
    return queries.load(actors.technician, cart).codes


def test_two_colleagues_scan_at_once_and_nothing_is_lost(application, actors):
    codes = [make_received(actors).code for _ in range(6)]
    cart_id = make_cart(actors, codes[0]).id
    colleague = make_colleague(actors.technician)

    outcomes = race(
        application,
        lambda: service.add(actors.technician, cart_id, codes[:4]),
        lambda: service.add(colleague, cart_id, codes[2:]),
        lambda: service.take_off(colleague, cart_id, codes[:1]),
    )

    assert len(won(outcomes)) == 3, outcomes
    left = codes_on(actors, cart_id)
    assert len(left) == len(set(left))
    assert set(left) - set(codes[:1]) == set(codes[1:])


def test_the_last_tube_leaves_while_another_comes(application, actors):
    one, two = (make_received(actors).code for _ in range(2))
    cart_id = make_cart(actors, one).id

    outcomes = race(
        application,
        lambda: service.take_off(actors.technician, cart_id, [one]),
        lambda: service.add(actors.technician, cart_id, [two]),
    )

    assert len(won(outcomes)) == 2, outcomes
    assert codes_on(actors, cart_id) == [two]
    assert [used.tubes for used in queries.in_use(actors.technician)] == [1]
