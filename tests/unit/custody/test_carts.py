"""Carts: shared lists of tubes that hold nothing and lose nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from registry.custody import queries as custody
from registry.custody.carts import queries, service
from registry.custody.carts.models import CartTube
from registry.custody.models import CustodyAct
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from registry.persistence import registry_session
from registry.vocab import limits
from registry.vocab.consent import WithdrawalEffect
from tests.factories.accounts import People, Sites, make_colleague
from tests.factories.carts import make_cart
from tests.factories.consents import make_withdrawal
from tests.factories.custody import make_received, make_stored
from tests.factories.samples import make_consenting_participant
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("app")

Tags = Callable[[], list[str]]


def codes_on(actors: People, cart) -> list[str]:
    return list(queries.load(actors.technician, cart).codes)


class TestOpening:
    def test_it_is_the_sites_and_has_a_code(self, actors: People, audit_tags: Tags):
        cart = make_cart(actors)

        assert queries.by_code(actors.technician, cart.code).name == "Blue"
        assert audit_tags()[-1] == "cart:opened"

    def test_a_name_is_one_carts_of_a_site(self, actors: People):
        make_cart(actors)
        with pytest.raises(InvalidInput, match="cart of this name"):
            make_cart(actors)

    def test_only_technicians_of_the_site_use_it(self, actors: People, sites: Sites):
        with pytest.raises(NotPermitted):
            service.open_(actors.nurse, site_id=sites.paris, name="Red")
        with pytest.raises(NotPermitted):
            service.open_(actors.other_site_technician, site_id=sites.paris, name="Red")
        cart = make_cart(actors)
        with pytest.raises(NotFound):
            queries.by_code(actors.other_site_technician, cart.code)
        with pytest.raises(NotFound):
            service.add(actors.other_site_technician, cart.id, [make_received(actors).code])


class TestPuttingOn:
    def test_the_order_of_the_scans_stays_and_who_put_what(self, actors: People, sites: Sites):
        one, two, three = (make_received(actors).code for _ in range(3))
        cart = make_cart(actors, two)
        colleague = make_colleague(actors.technician)

        service.add(colleague, cart.id, [three, one])

        lines = queries.load(actors.technician, cart).lines
        assert [line.sample.code for line in lines] == [two, three, one]
        assert [line.added_by for line in lines] == [
            actors.technician.name, colleague.name, colleague.name,
        ]  # fmt: skip

    def test_a_second_scan_tells_that_it_is_there(self, actors: People):
        one, two = (make_received(actors).code for _ in range(2))
        cart = make_cart(actors, one)

        added = service.add(actors.technician, cart.id, [one, two])

        assert (added.new, added.there) == ([two], [one])
        assert codes_on(actors, cart) == [one, two]

    def test_unknown_tubes_are_each_named_and_nothing_is_put_on(self, actors: People):
        known = make_received(actors).code
        cart = make_cart(actors)
        with pytest.raises(InvalidInput) as refusal:
            service.add(actors.technician, cart.id, ["NO-1", known, "NO-2"])
        assert [str(one)[:4] for one in refusal.value.errors["codes"]] == ["NO-1", "NO-2"]
        assert codes_on(actors, cart) == []

    def test_custody_knows_nothing_of_it(self, actors: People):
        tube = make_stored(actors)
        acts = sa.select(sa.func.count()).select_from(CustodyAct)
        before = (registry_session.scalar(acts), custody.line(actors.technician, tube.code))

        cart = make_cart(actors, tube.code)
        service.take_off(actors.technician, cart.id, [tube.code])

        assert before == (
            registry_session.scalar(acts), custody.line(actors.technician, tube.code),
        )  # fmt: skip

    def test_it_takes_no_more_than_one_act_does(
        self, actors: People, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(limits, "SCANS_AT_ONCE_MAX", 2)
        codes = [make_received(actors).code for _ in range(3)]
        cart = make_cart(actors, *codes[:2])
        with pytest.raises(InvalidInput, match="takes 2 tubes"):
            service.add(actors.technician, cart.id, codes[2:])


class TestLeaving:
    def test_the_last_one_that_leaves_closes_it_and_the_next_opens_it(self, actors: People):
        one, two = (make_received(actors).code for _ in range(2))
        cart = make_cart(actors, one, two)
        service.take_off(actors.technician, cart.id, [one])
        assert [used.cart.id for used in queries.in_use(actors.technician)] == [cart.id]

        service.take_off(actors.technician, cart.id, [two])
        assert queries.in_use(actors.technician) == []

        service.add(actors.technician, cart.id, [one])
        assert [used.tubes for used in queries.in_use(actors.technician)] == [1]

    def test_what_is_not_on_it_cannot_leave_it(self, actors: People):
        one, two = (make_received(actors).code for _ in range(2))
        cart = make_cart(actors, one)
        assert service.take_off(actors.technician, cart.id, [two]) == 0
        assert codes_on(actors, cart) == [one]

    def test_it_is_not_closed_with_tubes_on_it(self, actors: People):
        cart = make_cart(actors, make_received(actors).code)
        with pytest.raises(RuleBroken, match="Tubes are on the cart"):
            service.close(actors.technician, cart.id)

    def test_an_empty_one_is_closed_by_hand_once(self, actors: People):
        cart = make_cart(actors)
        service.close(actors.technician, cart.id)
        with pytest.raises(RuleBroken, match="closed already"):
            service.close(actors.technician, cart.id)


class TestReading:
    def test_one_left_standing_is_told_of_and_keeps_its_tubes(self, actors: People):
        cart = make_cart(actors, make_received(actors).code)
        make_cart(actors, name="Empty")
        assert queries.count_idle(actors.technician) == 0
        with clock.frozen(clock.now() + timedelta(hours=limits.CART_IDLE_HOURS)):
            assert queries.count_idle(actors.technician) == 1
            assert {used.cart.name: used.is_idle for used in queries.in_use(actors.technician)} == {
                "Blue": True, "Empty": False,
            }  # fmt: skip
            assert len(codes_on(actors, cart)) == 1

    def test_a_withdrawn_tube_is_marked(self, actors: People):
        participant = make_consenting_participant(actors)
        tube = make_stored(actors, participant=participant)
        cart = make_cart(actors, tube.code)
        make_withdrawal(actors, participant, effects=[WithdrawalEffect.DESTROY_SAMPLES])

        [line] = queries.load(actors.technician, cart).lines
        assert line.is_in_quarantine

    def test_tubes_of_other_sites_are_counted_and_not_shown(self, actors: People, sites: Sites):
        tube = make_received(actors)
        cart = service.open_(actors.technician, site_id=sites.lyon, name="Shared")
        service.add(actors.technician, cart.id, [tube.code])

        load = queries.load(actors.other_site_technician, cart)

        assert (list(load.lines), load.hidden) == ([], 1)

    def test_the_number_of_statements_does_not_grow_with_the_tubes(self, actors: People):
        few = make_cart(actors, make_received(actors).code)
        many = make_cart(actors, *(make_received(actors).code for _ in range(6)), name="Many")
        with counted() as for_few:
            queries.load(actors.technician, few)
        with counted() as for_many:
            queries.load(actors.technician, many)
            assert len(for_few) == len(for_many)

    def test_a_refusal_stays_beside_the_tube_on_the_cart_alone(self, actors: People):
        one, two = (make_received(actors).code for _ in range(2))
        cart = make_cart(actors, one)
        said = {"fr": "Non.", "en": "No."}

        noted = service.note_refusals(actors.technician, cart.id, {one: said, two: said})

        assert noted == [one]
        assert queries.load(actors.technician, cart).lines[0].refusal == said
        assert registry_session.scalar(sa.select(sa.func.count()).select_from(CartTube)) == 1
