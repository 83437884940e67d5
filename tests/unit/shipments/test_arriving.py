"""What arrives, what does not, and what comes back."""

from decimal import Decimal

import pytest

from registry.custody import queries as custody
from registry.custody.shipments import queries, receiving, returning
from registry.custody.shipments.receiving import Receipt
from registry.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from registry.vocab.consent import WithdrawalEffect
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.shipping import DifferenceKind, LineStatus, ShipmentState
from tests.factories.consents import make_withdrawal
from tests.factories.samples import make_consenting_participant
from tests.factories.shipments import make_sent, make_sharing_participant, make_tubes_to_send


def sent_to_site(actors, sites, number=2):
    tubes = make_tubes_to_send(actors, number, participant=make_consenting_participant(actors))
    return make_sent(actors, *[tube.code for tube in tubes], to=sites.lyon), tubes


def found(shipment):
    return [(one.kind, one.code) for one in shipment.differences]


class TestAtAnotherSite:
    def test_tubes_come_to_its_bench(self, app, actors, sites):
        shipment, tubes = sent_to_site(actors, sites)
        receiving.receive(
            actors.other_site_technician, shipment.id, Receipt([tube.code for tube in tubes])
        )
        assert shipment.state is ShipmentState.SETTLED
        assert found(shipment) == []
        for tube in tubes:
            line = custody.chain(actors.technician, tube.code)[-1]
            assert (line.kind, line.holder_after) == (ActKind.ARRIVED, HolderKind.BENCH)
            assert line.site == "Hôpital de Lyon"

    def test_a_part_may_come_later(self, app, actors, sites):
        shipment, (first, second) = sent_to_site(actors, sites)
        receiving.receive(actors.other_site_technician, shipment.id, Receipt([first.code]))
        assert shipment.state is ShipmentState.ARRIVED
        receiving.receive(actors.other_site_technician, shipment.id, Receipt([second.code]))
        assert shipment.state is ShipmentState.SETTLED

    def test_differences_are_kept(self, app, actors, sites):
        shipment, (first, second) = sent_to_site(actors, sites)
        receiving.receive(
            actors.other_site_technician,
            shipment.id,
            Receipt([first.code, "FOREIGN-1"], damaged=[first.code], temperature="-12 °C"),
        )
        receiving.settle(actors.other_site_technician, shipment.id)
        assert found(shipment) == [
            (DifferenceKind.EXTRA, "FOREIGN-1"),
            (DifferenceKind.DAMAGED, first.code),
            (DifferenceKind.TEMPERATURE, None),
            (DifferenceKind.MISSING, second.code),
        ]
        assert [line.status for line in queries.lines_of(shipment)] == [
            LineStatus.ARRIVED,
            LineStatus.MISSING,
        ]

    def test_only_what_arrived_can_be_damaged(self, app, actors, sites):
        shipment, (first, second) = sent_to_site(actors, sites)
        with pytest.raises(InvalidInput, match=second.code):
            receiving.receive(
                actors.other_site_technician,
                shipment.id,
                Receipt([first.code], damaged=[second.code]),
            )

    def test_scanned_again_nothing_happens_twice(self, app, actors, sites):
        shipment, (first, _) = sent_to_site(actors, sites)
        for _ in range(2):
            receiving.receive(actors.other_site_technician, shipment.id, Receipt([first.code]))
        kinds = [line.kind for line in custody.chain(actors.technician, first.code)]
        assert kinds.count(ActKind.ARRIVED) == 1

    def test_it_is_taken_in_where_it_goes(self, app, actors, sites):
        tubes = make_tubes_to_send(actors, 1, participant=make_consenting_participant(actors))
        shipment = make_sent(actors, tubes[0].code, to=sites.paris)
        with pytest.raises(NotPermitted):
            receiving.receive(actors.other_site_technician, shipment.id, Receipt([tubes[0].code]))

    def test_what_a_partner_gets_no_site_takes_in(self, app, actors):
        [tube] = make_tubes_to_send(actors, 1)
        with pytest.raises(RuleBroken, match="goes to a partner"):
            receiving.receive(
                actors.technician, make_sent(actors, tube.code).id, Receipt([tube.code])
            )


class TestComingBack:
    def test_what_was_not_delivered_is_on_the_bench_again(self, app, actors):
        tubes = make_tubes_to_send(actors, 2)
        shipment = make_sent(actors, *[tube.code for tube in tubes])
        returning.take_back(actors.technician, shipment.id, [tubes[0].code])
        assert shipment.state is ShipmentState.SENT
        returning.take_back(actors.technician, shipment.id, [tubes[1].code])
        assert shipment.state is ShipmentState.RETURNED
        listed = custody.listed(actors.technician, [tubes[0].code])[tubes[0].code]
        assert listed.status is HolderKind.BENCH

    def test_what_is_left_can_be_measured(self, app, actors):
        [tube] = make_tubes_to_send(actors, 1)
        shipment = make_sent(actors, tube.code)
        returning.take_back(actors.technician, shipment.id, [tube.code], remaining=Decimal("0.2"))
        listed = custody.listed(actors.technician, [tube.code])[tube.code]
        assert listed.remaining == Decimal("0.2")

    def test_no_more_comes_back_than_left(self, app, actors):
        [tube] = make_tubes_to_send(actors, 1)
        shipment = make_sent(actors, tube.code)
        with pytest.raises(RuleBroken, match=r"Only 0\.5"):
            returning.take_back(
                actors.technician, shipment.id, [tube.code], remaining=Decimal("0.6")
            )
        assert shipment.state is ShipmentState.SENT

    def test_a_tube_of_another_shipment_is_refused(self, app, actors):
        one, other = make_tubes_to_send(actors, 2)
        shipment = make_sent(actors, one.code)
        make_sent(actors, other.code)
        with pytest.raises(InvalidInput) as refusal:
            returning.take_back(actors.technician, shipment.id, [other.code])
        assert "not among the tubes" in str(refusal.value.errors["codes"][0])

    def test_a_withdrawn_tube_comes_back_into_quarantine(self, app, actors):
        participant = make_sharing_participant(actors)
        [tube] = make_tubes_to_send(actors, 1, participant=participant)
        shipment = make_sent(actors, tube.code)
        make_withdrawal(actors, participant, effects=[WithdrawalEffect.STOP_USE])
        returning.take_back(actors.technician, shipment.id, [tube.code])
        page = custody.sample_page(actors.technician, tube.code)
        assert page.barred is not None
