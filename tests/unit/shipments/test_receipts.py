"""A partner without an account records what arrived: by a link and a code that end."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from registry.custody import queries as custody, wording
from registry.custody.shipments import queries, receipts
from registry.custody.shipments.models import ReceiptLink
from registry.custody.shipments.receiving import Receipt
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, RuleBroken, TooManyAttempts, Unauthenticated
from registry.persistence import db, registry_session
from registry.vocab import limits
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.shipping import LineStatus, ShipmentState
from tests.factories.shipments import PARTNER, make_sent, make_shipment, make_tubes_to_send

HOME = "203.0.113.7"


def made(actors, number=2):
    tubes = [tube.code for tube in make_tubes_to_send(actors, number)]
    shipment = make_sent(actors, *tubes)
    return shipment, tubes, receipts.make_link(actors.technician, shipment.id)


def opened(link, code=None):
    return receipts.open_(link.token, code or link.code, address=HOME)


class TestTheLink:
    def test_the_address_with_its_code_opens_the_shipment(self, app, actors):
        shipment, _, link = made(actors)
        assert opened(link).shipment_id == shipment.id

    def test_neither_is_kept(self, app, actors):
        _, _, link = made(actors)
        with db.engines["registry"].connect() as connection:
            [row] = connection.execute(sa.select(ReceiptLink.__table__)).all()
        assert link.token not in str(row)
        assert link.code not in str(row)

    def test_a_wrong_code_ends_the_link_in_the_end(self, app, actors):
        _, _, link = made(actors)
        wrong = "0" * len(link.code) if link.code[0] != "0" else "1" * len(link.code)
        for _ in range(limits.LINK_WRONG_CODES_MAX):
            with pytest.raises(Unauthenticated):
                opened(link, wrong)
        with pytest.raises((Unauthenticated, TooManyAttempts)):
            opened(link)

    def test_a_new_link_ends_the_one_before(self, app, actors):
        shipment, _, link = made(actors)
        receipts.make_link(actors.technician, shipment.id)
        with pytest.raises(Unauthenticated):
            opened(link)

    def test_it_ends_by_itself(self, app, actors, monkeypatch):
        _, _, link = made(actors)
        later = clock.now() + timedelta(days=limits.LINK_DAYS)
        monkeypatch.setattr(clock, "now", lambda: later)
        with pytest.raises(Unauthenticated):
            opened(link)

    def test_there_is_none_before_the_bag_leaves(self, app, actors):
        [tube] = make_tubes_to_send(actors, 1)
        with pytest.raises(RuleBroken):
            receipts.make_link(actors.technician, make_shipment(actors, tube.code).id)


class TestTheReceipt:
    def test_what_arrived_is_with_the_partner(self, app, actors):
        shipment, tubes, link = made(actors)
        receipts.acknowledge(opened(link).id, Receipt(tubes, damaged=tubes[:1]))
        registry_session.refresh(shipment)
        assert shipment.state is ShipmentState.SETTLED
        line = custody.chain(actors.technician, tubes[0])[-1]
        assert (line.kind, line.holder_after) == (ActKind.DISTRIBUTED, HolderKind.PARTNER)
        assert line.place == f"{PARTNER} · {shipment.code}"
        assert line.actor.startswith("receipt:")
        assert "Damaged on the way" in [str(one) for one in wording.remarks(line)]

    def test_a_part_may_come_later_by_the_same_link(self, app, actors):
        shipment, (first, second), link = made(actors)
        receipts.acknowledge(opened(link).id, Receipt([first]))
        assert [line.status for line in queries.lines_of(shipment)] == [
            LineStatus.ARRIVED,
            LineStatus.SENT,
        ]
        receipts.acknowledge(opened(link).id, Receipt([second]))
        assert shipment.state is ShipmentState.SETTLED

    def test_an_empty_receipt_says_nothing(self, app, actors):
        _, _, link = made(actors)
        with pytest.raises(InvalidInput):
            receipts.acknowledge(opened(link).id, Receipt([]))

    def test_a_link_that_ended_meanwhile_records_nothing(self, app, actors):
        shipment, tubes, link = made(actors)
        link_id = opened(link).id
        receipts.make_link(actors.technician, shipment.id)
        with pytest.raises(RuleBroken, match="has ended"):
            receipts.acknowledge(link_id, Receipt(tubes))
