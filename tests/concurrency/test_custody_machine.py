"""Any order of acts, right and wrong ones, by two sessions in turn: the promises hold throughout.

The model below knows what each act should do; the registry must accept and
refuse exactly what the model does, and what it stores must agree with itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from registry.custody import service as custody
from registry.custody.models import CustodyAct, Holding, Loan
from registry.custody.policies import ALLOWED_FROM, CORRECTABLE
from registry.custody.service import Child, Placement
from registry.kernel import clock
from registry.kernel.errors import DomainError
from registry.participants.models import Participant
from registry.persistence import db, registry_session
from registry.samples.models import QuantityEntry, Sample
from registry.vocab.custody import ActKind, CheckoutReason, HolderKind
from registry.vocab.samples import ContainerType, SampleType
from tests.factories.accounts import People
from tests.factories.custody import biobank
from tests.factories.samples import make_consenting_participant, make_tube
from tests.factories.storage import make_box

pytestmark = pytest.mark.concurrency

Cell = tuple[int, int, int]

SIDE = 2
EXAMPLES = 20
STEPS = 30
VOLUMES = st.sampled_from(["0.5", "1", "2.25", "5"]).map(Decimal)


@dataclass
class Expected:
    """What the model knows of one sample."""

    left: Decimal
    holder: HolderKind
    cell: Cell | None = None
    #: The acts that stand, each with the holder and the cell before it.
    acts: list[tuple[ActKind, HolderKind, Cell | None]] = field(default_factory=list)

    def allows(self, kind: ActKind) -> bool:
        return self.holder in ALLOWED_FROM[kind]

    def go(self, kind: ActKind, holder: HolderKind, cell: Cell | None) -> None:
        self.acts.append((kind, self.holder, self.cell))
        self.holder, self.cell = holder, cell


class Custody(RuleBasedStateMachine):
    """Two sessions at work on the same few samples and two small boxes."""

    codes = Bundle("codes")
    sessions = st.integers(0, 1)

    def __init__(self, application: Flask, actors: People, participant_id: int) -> None:
        super().__init__()
        self.actors = actors
        self.participant_id = participant_id
        self.boxes: list[int] = []
        self.model: dict[str, Expected] = {}
        self.collected = Decimal(0)
        self.lost = Decimal(0)
        self.acts_seen: dict[int, Any] = {}
        # Both stay open, so that what a session remembers can be old.
        self.contexts = [application.app_context(), application.app_context()]
        for context in self.contexts:
            context.push()

    def teardown(self) -> None:
        for context in reversed(self.contexts):
            context.pop()

    def _try(self, session: int, expected: bool, act: Callable[[], Any]) -> Any:
        """Do it in one of the sessions; the registry agrees with the model on whether it may."""
        done = refusal = None
        with self.contexts[session]:
            try:
                done = act()
            except DomainError as error:
                refusal = error
        assert (refusal is None) == expected, refusal or "accepted"
        return done

    def _taken(self, cell: Cell) -> bool:
        return any(expected.cell == cell for expected in self.model.values())

    @initialize(target=codes)
    def begin(self) -> Any:
        """Two small boxes, so that cells are contended for, and two tubes."""
        self.boxes = [make_box(self.actors, rows=SIDE, columns=SIDE).id for _ in range(2)]
        participant = registry_session.get_one(Participant, self.participant_id)
        codes = [make_tube(self.actors, "5", participant=participant).code for _ in range(2)]
        self.collected = Decimal(10)
        self.model = {code: Expected(Decimal(5), HolderKind.COLLECTION_SITE) for code in codes}
        return multiple(*codes)

    @rule(session=sessions, code=codes)
    def receive(self, session: int, code: str) -> None:
        expected = self.model[code]
        if self._try(
            session,
            expected.allows(ActKind.RECEIVED),
            lambda: custody.receive(
                self.actors.technician,
                [code],
                received_at=clock.now(),
                site_id=biobank(self.actors),
            ),
        ):
            expected.go(ActKind.RECEIVED, HolderKind.BENCH, None)

    @rule(
        target=codes,
        session=sessions,
        code=codes,
        volumes=st.lists(VOLUMES, min_size=1, max_size=2),
        loss=st.sampled_from([Decimal(0), Decimal("0.25")]),
    )
    def divide(self, session: int, code: str, volumes: list[Decimal], loss: Decimal) -> Any:
        parent = self.model[code]
        total = sum(volumes, start=loss)
        made = self._try(
            session,
            parent.allows(ActKind.ALIQUOTED) and total <= parent.left,
            lambda: [
                child.code
                for child in custody.aliquot(
                    self.actors.technician,
                    code,
                    children=[Child(volume) for volume in volumes],
                    sample_type=SampleType.BLOOD,
                    container_type=ContainerType.POLYPROPYLENE,
                    at=clock.now(),
                    loss=loss,
                )
            ],
        )
        if not made:
            return multiple()
        parent.left -= total
        self.lost += loss
        parent.go(ActKind.ALIQUOTED, parent.holder, parent.cell)
        for child, volume in zip(made, volumes, strict=True):
            self.model[child] = Expected(volume, HolderKind.BENCH)
            self.model[child].go(ActKind.ALIQUOTED, HolderKind.BENCH, None)
        return multiple(*made)

    @rule(
        session=sessions,
        code=codes,
        kind=st.sampled_from([ActKind.PLACED, ActKind.MOVED]),
        box=st.integers(0, 1),
        row=st.integers(0, SIDE + 1),
        col=st.integers(1, SIDE),
    )
    def put(self, session: int, code: str, kind: ActKind, box: int, row: int, col: int) -> None:
        expected = self.model[code]
        cell = (self.boxes[box], row, col)
        act = custody.place if kind is ActKind.PLACED else custody.move
        if self._try(
            session,
            expected.allows(kind) and 1 <= row <= SIDE and not self._taken(cell),
            lambda: act(
                self.actors.technician,
                box_id=self.boxes[box],
                placements=[Placement(code, row, col)],
            ),
        ):
            expected.go(kind, HolderKind.POSITION, cell)

    @rule(session=sessions, code=codes)
    def check_out(self, session: int, code: str) -> None:
        expected = self.model[code]
        if self._try(
            session,
            expected.allows(ActKind.CHECKED_OUT),
            lambda: custody.check_out(
                self.actors.technician,
                code,
                to_user_id=self.actors.technician.id,
                reason=CheckoutReason.ANALYSIS,
            ),
        ):
            expected.go(ActKind.CHECKED_OUT, HolderKind.PERSON, expected.cell)

    @rule(session=sessions, code=codes)
    def return_home(self, session: int, code: str) -> None:
        expected = self.model[code]
        if self._try(
            session,
            expected.allows(ActKind.RETURNED),
            lambda: custody.return_(self.actors.technician, code),
        ):
            holder = HolderKind.BENCH if expected.cell is None else HolderKind.POSITION
            expected.go(ActKind.RETURNED, holder, expected.cell)

    @rule(session=sessions, code=codes, box=st.integers(0, 1), col=st.integers(1, SIDE))
    def return_elsewhere(self, session: int, code: str, box: int, col: int) -> None:
        expected = self.model[code]
        cell = (self.boxes[box], 1, col)
        if self._try(
            session,
            expected.allows(ActKind.RETURNED) and not self._taken(cell),
            lambda: custody.return_(
                self.actors.technician, code, box_id=self.boxes[box], row=1, col=col
            ),
        ):
            expected.go(ActKind.RETURNED, HolderKind.POSITION, cell)

    @rule(session=sessions, code=codes)
    def undo(self, session: int, code: str) -> None:
        expected = self.model[code]
        kind, holder, cell = (
            expected.acts[-1] if expected.acts else (ActKind.COLLECTED, expected.holder, None)
        )
        back_is_free = cell is None or cell == expected.cell or not self._taken(cell)
        if self._try(
            session,
            kind in CORRECTABLE and back_is_free,
            lambda: custody.correct(
                self.actors.technician, self._last_standing(code), reason="Slip"
            ),
        ):
            expected.acts.pop()
            expected.holder, expected.cell = holder, cell

    def _last_standing(self, code: str) -> int:
        acts = self._rows_of(CustodyAct, code)
        corrected = {act.corrects_id for act in acts}
        return max(act.id for act in acts if act.corrects_id is None and act.id not in corrected)

    def _rows_of(self, model: Any, *codes: str) -> Sequence[Any]:
        """The rows of some samples, of all by default, read past every session."""
        with db.engines["registry"].connect() as connection:
            return connection.execute(
                sa.select(model.__table__, Sample.code, Sample.remaining)
                .join(Sample, Sample.id == model.sample_id)
                .where(Sample.code.in_(codes or self.model))
                .order_by(model.sample_id)
            ).all()

    @invariant()
    def what_is_stored_is_what_the_model_expects(self) -> None:
        held = {row.code: row for row in self._rows_of(Holding)}
        assert held.keys() == self.model.keys()
        for code, expected in self.model.items():
            row = held[code]
            cell = None if row.box_id is None else (row.box_id, row.row, row.col)
            stored = (row.remaining, row.kind, cell)
            assert stored == (expected.left, expected.holder, expected.cell), code

    @invariant()
    def no_volume_appears_or_vanishes(self) -> None:
        entries = self._rows_of(QuantityEntry)
        assert all(entry.balance >= 0 for entry in entries)
        for code, expected in self.model.items():
            own = [entry.delta for entry in entries if entry.code == code]
            assert sum(own, start=Decimal(0)) == expected.left
        left = sum((expected.left for expected in self.model.values()), start=self.lost)
        assert left == self.collected

    @invariant()
    def no_two_samples_share_a_cell(self) -> None:
        cells = [row.box_id and (row.box_id, row.row, row.col) for row in self._rows_of(Holding)]
        taken = [cell for cell in cells if cell]
        assert len(taken) == len(set(taken))

    @invariant()
    def a_loan_is_open_exactly_while_a_person_has_the_sample(self) -> None:
        lent = [loan.code for loan in self._rows_of(Loan) if loan.closed_at is None]
        assert sorted(lent) == sorted(
            code for code, expected in self.model.items() if expected.holder is HolderKind.PERSON
        )

    @invariant()
    def acts_never_change_and_add_up_to_an_unbroken_chain(self) -> None:
        acts = self._rows_of(CustodyAct)
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
    participant_id = make_consenting_participant(actors).id
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
