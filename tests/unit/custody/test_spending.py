"""What is used up or thrown away leaves the ledger for good, and never more than there was."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from registry.custody import service as custody
from registry.custody.models import CustodyAct, Holding
from registry.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from registry.persistence import registry_session
from registry.samples.models import QuantityEntry, Sample
from registry.vocab.consent import Use
from registry.vocab.custody import ActKind, CheckoutReason, DisposalReason, HolderKind
from registry.vocab.samples import LedgerReason
from tests.factories.accounts import People
from tests.factories.consents import make_withdrawal
from tests.factories.custody import make_checked_out, make_received, make_stored

pytestmark = pytest.mark.usefixtures("app")


def left(sample: Sample) -> Decimal:
    registry_session.refresh(sample)
    return sample.remaining


def consume(actors: People, sample: Sample, volume: str, **more):
    more.setdefault("reason", CheckoutReason.ANALYSIS)
    return custody.consume(actors.technician, sample.code, volume=Decimal(volume), **more)


def dispose(actors: People, *samples: Sample, **more):
    more.setdefault("reason", DisposalReason.DAMAGED)
    return custody.dispose(actors.technician, [one.code for one in samples], **more)


def last_act(sample: Sample) -> CustodyAct:
    acts = sa.select(CustodyAct).where(CustodyAct.sample_id == sample.id)
    return registry_session.scalars(acts.order_by(CustodyAct.seq.desc())).first()


class TestConsuming:
    def test_what_is_used_leaves_the_ledger(self, actors: People):
        tube = make_received(actors)
        before = tube.remaining

        consume(actors, tube, "0.25")

        assert left(tube) == before - Decimal("0.25")
        entry = registry_session.scalars(
            sa.select(QuantityEntry).order_by(QuantityEntry.id.desc())
        ).first()
        assert (entry.reason, entry.delta) == (LedgerReason.CONSUMED, Decimal("-0.25"))
        assert last_act(tube).fields == {"volume": "0.25", "unit": "mL"}

    def test_never_more_than_is_left(self, actors: People):
        tube = make_received(actors)

        with pytest.raises(RuleBroken):
            consume(actors, tube, str(tube.remaining + 1))

        assert last_act(tube).kind is ActKind.RECEIVED

    def test_not_of_a_tube_in_its_box(self, actors: People):
        with pytest.raises(RuleBroken):
            consume(actors, make_stored(actors), "0.1")

    def test_not_without_a_consent_to_that_use(self, actors: People):
        tube = make_received(actors)
        make_withdrawal(actors, tube.participant, Use.ACADEMIC_RESEARCH)

        with pytest.raises(RuleBroken):
            consume(actors, tube, "0.1")

    def test_not_after_a_withdrawal(self, actors: People):
        tube = make_received(actors)
        make_withdrawal(actors, tube.participant)

        with pytest.raises(RuleBroken):
            consume(actors, tube, "0.1")

    def test_another_reason_needs_a_word(self, actors: People):
        with pytest.raises(InvalidInput):
            consume(actors, make_received(actors), "0.1", reason=CheckoutReason.OTHER)

    def test_a_nurse_does_not(self, actors: People):
        with pytest.raises(NotPermitted):
            custody.consume(
                actors.nurse,
                make_received(actors).code,
                volume=Decimal("0.1"),
                reason=CheckoutReason.ANALYSIS,
            )


class TestComingBack:
    def test_what_is_missing_was_used(self, actors: People):
        lent = make_checked_out(actors)
        before = lent.remaining

        custody.return_(actors.technician, lent.code, remaining=before - Decimal("0.1"))

        assert left(lent) == before - Decimal("0.1")
        assert last_act(lent).fields["used"] == "0.1"

    def test_more_does_not_come_back(self, actors: People):
        lent = make_checked_out(actors)

        with pytest.raises(InvalidInput):
            custody.return_(actors.technician, lent.code, remaining=lent.remaining + 1)

        assert last_act(lent).kind is ActKind.CHECKED_OUT

    @pytest.mark.parametrize("same", [True, False])
    def test_what_nobody_measured_stays_as_it_was(self, actors: People, same: bool):
        lent = make_checked_out(actors)
        before = lent.remaining

        custody.return_(actors.technician, lent.code, remaining=before if same else None)

        assert left(lent) == before
        assert "used" not in last_act(lent).fields


class TestThrowingAway:
    def test_a_tube_is_nowhere_and_nothing_is_left(self, actors: People):
        stored, received = make_stored(actors), make_received(actors)

        dispose(actors, stored, received)

        for tube in (stored, received):
            holding = registry_session.get_one(Holding, tube.id, populate_existing=True)
            assert (holding.kind, holding.box_id) == (HolderKind.DESTROYED, None)
            assert left(tube) == 0

    def test_an_empty_tube_goes_without_being_asked_why(self, actors: People):
        tube = make_received(actors, "2")
        consume(actors, tube, "2")

        custody.dispose(actors.technician, [tube.code])

        assert last_act(tube).reason == DisposalReason.EMPTY

    def test_one_that_is_not_empty_needs_a_reason_and_none_goes(self, actors: People):
        empty, full = make_received(actors, "2"), make_received(actors)
        consume(actors, empty, "2")

        with pytest.raises(InvalidInput) as refused:
            custody.dispose(actors.technician, [empty.code, full.code])

        assert "is not empty: choose a reason" in str(refused.value.errors["codes"])
        assert last_act(empty).kind is ActKind.CONSUMED

    def test_nothing_follows(self, actors: People):
        tube = make_received(actors)
        dispose(actors, tube)

        with pytest.raises(InvalidInput):
            dispose(actors, tube)
        with pytest.raises(RuleBroken):
            consume(actors, tube, "0.1")

    def test_one_that_is_lent_is_refused_and_none_goes(self, actors: People):
        stored, lent = make_stored(actors), make_checked_out(actors)

        with pytest.raises(InvalidInput):
            dispose(actors, stored, lent)

        assert last_act(stored).kind is not ActKind.DISPOSED

    def test_one_in_quarantine_waits_for_its_order(self, actors: People):
        tube = make_received(actors)
        make_withdrawal(actors, tube.participant)

        with pytest.raises(InvalidInput):
            dispose(actors, tube)


def test_a_thawed_tube_is_frozen_again(actors: People):
    tube = make_received(actors)
    for kind in (ActKind.FROZEN, ActKind.THAWED, ActKind.FROZEN):
        custody.process(
            actors.technician, [tube.code], kind=kind, happened_at=last_act(tube).recorded_at
        )

    assert last_act(tube).kind is ActKind.FROZEN
