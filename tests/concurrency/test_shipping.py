"""A withdrawal while tubes are being packed and sent: nothing leaves after it commits."""

import pytest
import sqlalchemy as sa

from registry.consents.withdrawals.followup.models import RecallNoticeItem
from registry.custody import service as custody
from registry.custody.models import CustodyAct
from registry.custody.shipments import sending, service
from registry.custody.shipments.models import Shipment, ShipmentLine
from registry.vocab.consent import WithdrawalEffect
from registry.vocab.custody import ActKind, CheckoutReason
from registry.vocab.shipping import LineStatus, ShipmentState
from tests.concurrency.racing import race, won
from tests.concurrency.test_withdrawing import rows, withdrawing
from tests.factories.shipments import make_sharing_participant, make_shipment, make_tubes_to_send

pytestmark = pytest.mark.concurrency

ROUNDS = 4


def state_of(shipment_id):
    [row] = rows(sa.select(Shipment.state).where(Shipment.id == shipment_id))
    return row.state


def acts_of(sample_id):
    kinds = rows(
        sa.select(CustodyAct.kind).where(CustodyAct.sample_id == sample_id).order_by(CustodyAct.seq)
    )
    return [row.kind for row in kinds]


def test_a_bag_leaves_before_a_withdrawal_or_not_at_all(application, app, actors):
    for _ in range(ROUNDS):
        leaving = make_sharing_participant(actors)
        stopped = make_tubes_to_send(actors, 2, participant=leaving)
        [other] = make_tubes_to_send(actors, 1)
        tubes = [*stopped, other]
        shipment = make_shipment(actors, *[tube.code for tube in tubes])
        service.seal(actors.technician, shipment.id)
        shipment_id, ids = shipment.id, [tube.id for tube in tubes]
        codes = {tube.code for tube in stopped}

        race(
            application,
            withdrawing(actors, leaving, effects=[WithdrawalEffect.STOP_USE]),
            *[lambda number=shipment_id: sending.send(actors.technician, number).code] * 2,
        )

        has_left = state_of(shipment_id) is ShipmentState.SENT
        for sample_id in ids:
            assert acts_of(sample_id).count(ActKind.SHIPPED) == int(has_left)
        for sample_id in ids[:2]:
            assert acts_of(sample_id)[-1] is ActKind.QUARANTINED
        recalled = {row.what for row in rows(sa.select(RecallNoticeItem.what))}
        assert (codes <= recalled) is has_left
        assert bool(codes & recalled) is has_left


def test_no_tube_is_packed_after_a_withdrawal(application, app, actors):
    for _ in range(ROUNDS):
        leaving = make_sharing_participant(actors)
        tubes = make_tubes_to_send(actors, 3, participant=leaving)
        shipment_id = make_shipment(actors).id

        def pack(code, number=shipment_id):
            return lambda: service.add(actors.technician, number, [code])[0].id

        race(
            application,
            withdrawing(actors, leaving, effects=[WithdrawalEffect.STOP_USE]),
            *[pack(tube.code) for tube in tubes],
        )

        packed = sa.select(ShipmentLine.status).where(ShipmentLine.shipment_id == shipment_id)
        assert {row.status for row in rows(packed)} <= {LineStatus.STOPPED}


def test_a_tube_goes_into_one_bag(application, app, actors):
    for _ in range(ROUNDS):
        [tube] = make_tubes_to_send(actors, 1)
        code, sample_id = tube.code, tube.id
        bags = [make_shipment(actors).id for _ in range(3)]

        outcomes = race(
            application,
            *[
                lambda bag=bag, tube=code: service.add(actors.technician, bag, [tube])[0].id
                for bag in bags
            ],
        )

        assert len(won(outcomes)) == 1
        assert len(rows(sa.select(ShipmentLine.id).where(ShipmentLine.sample_id == sample_id))) == 1


def test_a_tube_is_lent_or_sent(application, app, actors):
    for _ in range(ROUNDS):
        [tube] = make_tubes_to_send(actors, 1)
        shipment = make_shipment(actors, tube.code)
        service.seal(actors.technician, shipment.id)
        code, sample_id, shipment_id = tube.code, tube.id, shipment.id

        outcomes = race(
            application,
            lambda number=shipment_id: sending.send(actors.technician, number).code,
            lambda tube=code: (
                custody.check_out(
                    actors.technician,
                    tube,
                    to_user_id=actors.technician.id,
                    reason=CheckoutReason.QUALITY_CONTROL,
                ).id
            ),
        )

        assert len(won(outcomes)) == 1
        kinds = acts_of(sample_id)
        assert kinds.count(ActKind.SHIPPED) + kinds.count(ActKind.CHECKED_OUT) == 1
