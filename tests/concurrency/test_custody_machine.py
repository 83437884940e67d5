"""Any order of acts, right and wrong ones, by two sessions in turn: the promises hold throughout.

The model below knows what each act should do; the registry must accept and
refuse exactly what the model does, and what it stores must agree with itself.
"""

from decimal import Decimal
from itertools import pairwise

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    invariant,
    rule,
    run_state_machine_as_test,
)

from registry.custody import courses, service as custody
from registry.custody.destruction.models import DestructionOrder
from registry.custody.incidents import service as incidents
from registry.custody.models import CustodyAct, Holding, Loan
from registry.custody.picking.models import PickLine
from registry.custody.policies import ALLOWED_FROM
from registry.custody.quarantine.models import Quarantine
from registry.custody.shipments.models import Shipment, ShipmentLine
from registry.custody.wear import Wear
from registry.kernel import clock
from registry.persistence import db, registry_session
from registry.samples.models import QuantityEntry
from registry.vocab.custody import ActKind, CheckoutReason, DisposalReason, HolderKind, OrderStatus
from registry.vocab.incidents import IncidentKind, Verdict
from registry.vocab.shipping import ShipmentState
from tests.concurrency.custody_ends import Ends
from tests.concurrency.custody_model import VOLUMES, Expected, codes, sessions
from tests.factories.accounts import People
from tests.factories.defined import do_act, make_act
from tests.factories.shipments import make_sharing_participant

pytestmark = pytest.mark.concurrency

#: The acts that an administrator has defined, and the holders from which they may be done.
DEFINED = {
    "LOOKS": ALLOWED_FROM[ActKind.DEFINED],
    "USES": frozenset({HolderKind.BENCH, HolderKind.PERSON}),
}

EXAMPLES = 16
STEPS = 40


class Custody(Ends):
    """What else is done to samples, and what holds whatever is done."""

    @rule(session=sessions, code=codes)
    def thaw(self, session: int, code: str) -> None:
        expected = self.model[code]
        if self.attempt(
            session,
            expected.allows(ActKind.THAWED),
            lambda: custody.process(
                self.actors.technician, [code], kind=ActKind.THAWED, happened_at=clock.now()
            ),
        ):
            expected.go(ActKind.THAWED, expected.holder, expected.cell)

    @rule(session=sessions, code=codes, act=st.sampled_from(sorted(DEFINED)))
    def do_defined(self, session: int, code: str, act: str) -> None:
        """What uses the sample is barred as a check-out is; what only looks at it is not."""
        expected = self.model[code]
        is_kept = act == "USES" and (
            expected.is_barred or expected.list_id is not None or self.is_withdrawn(code)
        )
        if self.attempt(
            session,
            expected.holder in DEFINED[act] and not is_kept,
            lambda: do_act(self.actors, code, act=act, given={}),
        ):
            expected.go(ActKind.DEFINED, expected.holder, expected.cell)

    @rule(session=sessions, code=codes, volume=VOLUMES)
    def consume(self, session: int, code: str, volume: Decimal) -> None:
        expected = self.model[code]
        if self.attempt(
            session,
            expected.allows(ActKind.CONSUMED) and volume <= expected.left,
            lambda: custody.consume(
                self.actors.technician, code, volume=volume, reason=CheckoutReason.ANALYSIS
            ),
        ):
            expected.left -= volume
            self.lost += volume
            expected.go(ActKind.CONSUMED, expected.holder, expected.cell)

    @rule(session=sessions, code=codes)
    def dispose(self, session: int, code: str) -> None:
        expected = self.model[code]
        if self.attempt(
            session,
            expected.allows(ActKind.DISPOSED),
            lambda: custody.dispose(self.actors.technician, [code], reason=DisposalReason.DAMAGED),
        ):
            self._is_gone(expected)

    def _is_gone(self, expected: Expected) -> None:
        self.lost += expected.left
        expected.left = Decimal(0)
        expected.go(ActKind.DISPOSED, HolderKind.DESTROYED, None)

    @rule(session=sessions, code=codes)
    def report(self, session: int, code: str) -> None:
        expected = self.model[code]
        incident = self.attempt(
            session,
            expected.holder is not HolderKind.DESTROYED,
            lambda: (
                incidents.report(
                    self.actors.technician,
                    [code],
                    kind=IncidentKind.OTHER,
                    account="Slip",
                    with_children=False,
                ).id,
            ),
        )
        if incident:
            if not expected.is_barred:
                expected.go(ActKind.QUARANTINED, expected.holder, expected.cell)
            expected.incidents += incident
            self._no_longer_waits(code)

    @rule(session=sessions, code=codes, verdict=st.sampled_from([Verdict.FIT, Verdict.UNFIT]))
    def judge(self, session: int, code: str, verdict: Verdict) -> None:
        expected = self.model[code]
        if not expected.incidents:
            return
        is_gone = expected.holder is HolderKind.DESTROYED
        discards = verdict is Verdict.UNFIT and not is_gone
        if self.attempt(
            session,
            not discards
            or (expected.holder in ALLOWED_FROM[ActKind.DISPOSED] and not expected.is_to_destroy),
            lambda: incidents.decide(
                self.actors.data_manager,
                expected.incidents[0],
                [code],
                verdict=verdict,
                reason="Slip",
            ),
        ):
            expected.incidents.pop(0)
            if discards:
                self._is_gone(expected)
            elif not expected.is_barred and not is_gone:
                expected.go(ActKind.RELEASED, expected.holder, expected.cell)

    @invariant()
    def what_is_stored_is_what_the_model_expects(self) -> None:
        held = {row.code: row for row in self.rows_of(Holding)}
        assert held.keys() == self.model.keys()
        for code, expected in self.model.items():
            row = held[code]
            cell = None if row.box_id is None else (row.box_id, row.row, row.col)
            stored = (row.remaining, row.kind, cell, row.site_id)
            wanted = (expected.left, expected.holder, expected.cell, expected.site)
            assert stored == wanted, code
            assert cell is None or row.site_id == self.site, "a cell of another site"

    @invariant()
    def no_volume_appears_or_vanishes(self) -> None:
        entries = self.rows_of(QuantityEntry)
        assert all(entry.balance >= 0 for entry in entries)
        for code, expected in self.model.items():
            own = [entry.delta for entry in entries if entry.code == code]
            assert sum(own, start=Decimal(0)) == expected.left
        left = sum((expected.left for expected in self.model.values()), start=self.lost)
        assert left == self.collected

    @invariant()
    def no_two_samples_share_a_cell(self) -> None:
        cells = [row.box_id and (row.box_id, row.row, row.col) for row in self.rows_of(Holding)]
        taken = [cell for cell in cells if cell]
        assert len(taken) == len(set(taken))

    @invariant()
    def a_loan_is_open_exactly_while_a_person_has_the_sample(self) -> None:
        lent = [loan.code for loan in self.rows_of(Loan) if loan.closed_at is None]
        assert sorted(lent) == sorted(
            code for code, expected in self.model.items() if expected.holder is HolderKind.PERSON
        )

    @invariant()
    def a_sample_is_in_quarantine_exactly_while_something_keeps_it_there(self) -> None:
        barred = [one.code for one in self.rows_of(Quarantine) if one.closed_at is None]
        assert sorted(barred) == sorted(
            code
            for code, expected in self.model.items()
            if expected.is_barred and expected.holder is not HolderKind.DESTROYED
        )

    @invariant()
    def a_tube_waits_on_the_list_that_keeps_it_and_on_no_other(self) -> None:
        waiting = {one.code: one.list_id for one in self.rows_of(PickLine) if one.closed_at is None}
        assert waiting == {
            code: expected.list_id
            for code, expected in self.model.items()
            if expected.list_id is not None
        }

    @invariant()
    def bags_hold_what_was_packed_and_stand_where_they_were_brought(self) -> None:
        lines = [one for one in self.rows_of(ShipmentLine) if one.closed_at is None]
        assert len({one.code for one in lines}) == len(lines), "a tube is in two bags"
        for bag in self.bags:
            held = {one.code: one.status for one in lines if one.shipment_id == bag.id}
            assert held == {code: bag.lines[code] for code in bag.lines if bag.holds(code)}
            assert self.state_of(bag.id) is bag.state

    @invariant()
    def what_is_to_be_destroyed_is_ordered_until_it_is(self) -> None:
        ordered = [
            one.code for one in self.rows_of(DestructionOrder) if one.status is OrderStatus.ORDERED
        ]
        assert sorted(ordered) == sorted(
            code
            for code, expected in self.model.items()
            if expected.is_to_destroy and expected.holder is not HolderKind.DESTROYED
        )

    @invariant()
    def what_samples_went_through_is_kept_as_their_acts_tell_it(self) -> None:
        held = {row.sample_id: row for row in self.rows_of(Holding)}
        with self.contexts[0]:
            registry_session.rollback()
            told = courses.of(held)
            registry_session.rollback()
        for sample_id, row in held.items():
            kept = Wear(row.thaws, row.is_thawed, row.out_of_store, row.out_from)
            assert kept == told[sample_id].wear, row.code

    def state_of(self, shipment_id: int) -> ShipmentState:
        with db.engines["registry"].connect() as connection:
            return connection.execute(
                sa.select(Shipment.state).where(Shipment.id == shipment_id)
            ).scalar_one()

    @invariant()
    def acts_never_change_and_add_up_to_an_unbroken_chain(self) -> None:
        acts = self.rows_of(CustodyAct)
        stored = {act.id: tuple(act)[:-1] for act in acts}
        assert self.acts_seen.items() <= stored.items(), "an act has changed"
        self.acts_seen = stored
        for code in self.model:
            own = sorted((act for act in acts if act.code == code), key=lambda act: act.seq)
            assert [act.seq for act in own] == list(range(1, len(own) + 1))
            assert own[0].holder_before is None
            for before, after in pairwise(own):
                assert after.holder_before == before.holder_after
                assert after.place_before == before.place


def test_any_order_of_acts_keeps_the_promises(
    application: Flask, app: Flask, actors: People
) -> None:
    participant_id = make_sharing_participant(actors).id
    for code, holders in DEFINED.items():
        use = CheckoutReason.ANALYSIS if code == "USES" else None
        make_act(actors, code, holders=holders, use=use, fields=())
    run_state_machine_as_test(
        lambda: Custody(application, actors, participant_id),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

    with db.engines["registry"].connect() as connection:
        kinds = connection.scalars(sa.select(CustodyAct.kind)).all()
    assert set(kinds) > {ActKind.COLLECTED}, "no act was ever accepted after the collection"
