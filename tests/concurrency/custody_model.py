"""What the acts on samples should do, as a machine that draws them in any order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    multiple,
    rule,
)

from registry.custody import service as custody
from registry.custody.models import CustodyAct
from registry.custody.policies import ALLOWED_FROM, CORRECTABLE
from registry.custody.quarantine.policies import BARRED
from registry.custody.service import Child, Placement, Poured
from registry.kernel import clock
from registry.kernel.errors import DomainError
from registry.participants.models import Participant
from registry.persistence import db, registry_session
from registry.samples.models import Sample
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.samples import ContainerType, SampleType
from tests.factories.accounts import People
from tests.factories.custody import biobank
from tests.factories.samples import make_tube
from tests.factories.shipments import make_sharing_participant
from tests.factories.storage import make_box

Cell = tuple[int, int, int]

SIDE = 2
#: What is made is in these.
FILLED = ContainerType.POLYPROPYLENE
VOLUMES = st.sampled_from(["0.5", "1", "2.25", "5"]).map(Decimal)


@dataclass
class Expected:
    """What the model knows of one sample."""

    left: Decimal
    holder: HolderKind
    site: int
    container: ContainerType = ContainerType.EDTA_K
    cell: Cell | None = None
    #: The acts that stand, each with the holder, the cell and the site before it.
    acts: list[tuple[ActKind, HolderKind, Cell | None, int]] = field(default_factory=list)
    #: The incidents that have not decided it yet: it is in quarantine while there is one.
    incidents: list[int] = field(default_factory=list)
    #: A withdrawal keeps it in quarantine and wants it destroyed.
    is_to_destroy: bool = False
    #: The pick list on which it waits.
    list_id: int | None = None
    #: The pick list from which the check-out of the last act took it.
    taken_from: dict[int, int] = field(default_factory=dict)

    @property
    def is_barred(self) -> bool:
        return bool(self.incidents) or self.is_to_destroy

    def allows(self, kind: ActKind, *, list_id: int | None = None) -> bool:
        is_kept = self.list_id not in (None, list_id)
        return self.holder in ALLOWED_FROM[kind] and not (
            kind in BARRED and (self.is_barred or is_kept)
        )

    def go(
        self, kind: ActKind, holder: HolderKind, cell: Cell | None, site: int | None = None
    ) -> None:
        self.acts.append((kind, self.holder, self.cell, self.site))
        self.holder, self.cell, self.site = holder, cell, site or self.site


codes = Bundle("codes")
sessions = st.integers(0, 1)


class CustodyModel(RuleBasedStateMachine):
    """Two sessions at work on the same few samples and two small boxes: from hand to hand."""

    def __init__(self, application: Flask, actors: People, participant_id: int) -> None:
        super().__init__()
        self.actors = actors
        self.participant_id = participant_id
        self.site = biobank(actors)
        self.home = 0
        #: Somebody who may withdraw, and that person's tubes.
        self.leaver_id = 0
        self.leaving: set[str] = set()
        self.has_withdrawn = False
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

    def attempt(self, session: int, expected: bool, act: Callable[[], Any]) -> Any:
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

    @initialize(target=codes, steps=st.integers(0, 2))
    def begin(self, steps: int) -> Any:
        """Two small boxes, so that cells are contended for, and tubes of two people.

        One tube is still on its way; the others have come to the bench.
        """
        self.boxes = [make_box(self.actors, rows=SIDE, columns=SIDE).id for _ in range(2)]
        participant = registry_session.get_one(Participant, self.participant_id)
        leaver = make_sharing_participant(self.actors)
        self.leaver_id, self.home = leaver.id, participant.site_id
        owners = (participant, participant, participant, leaver, leaver)
        codes = [make_tube(self.actors, "5", participant=one).code for one in owners]
        self.leaving = set(codes[3:])
        self.collected = Decimal(5) * len(codes)
        self.model = {
            code: Expected(Decimal(5), HolderKind.COLLECTION_SITE, self.home) for code in codes
        }
        for code in codes[1:]:
            self.receive(0, code)
        self.get_going(steps, *codes[1:])
        return multiple(*codes)

    def get_going(self, steps: int, *received: str) -> None:
        """What is under way already when the acts begin, and how far it has come."""

    @rule(session=sessions, code=codes)
    def receive(self, session: int, code: str) -> None:
        expected = self.model[code]
        if self.attempt(
            session,
            expected.allows(ActKind.RECEIVED),
            lambda: custody.receive(
                self.actors.technician,
                [code],
                received_at=clock.now(),
                site_id=biobank(self.actors),
            ),
        ):
            expected.go(ActKind.RECEIVED, HolderKind.BENCH, None, self.site)

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
        made = self.attempt(
            session,
            parent.allows(ActKind.ALIQUOTED)
            # Whoever has it took it for an analysis.
            and parent.holder is not HolderKind.PERSON
            and total <= parent.left,
            lambda: [
                child.code
                for child in custody.aliquot(
                    self.actors.technician,
                    code,
                    children=[Child(volume) for volume in volumes],
                    sample_type=SampleType.BLOOD,
                    container_type=FILLED,
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
        if code in self.leaving:
            self.leaving |= set(made)
        for child, volume in zip(made, volumes, strict=True):
            self.model[child] = Expected(volume, HolderKind.BENCH, parent.site, FILLED)
            self.model[child].go(ActKind.ALIQUOTED, HolderKind.BENCH, None)
        return multiple(*made)

    @rule(
        target=codes,
        session=sessions,
        tubes=st.lists(codes, min_size=2, max_size=3),
        volume=st.none() | VOLUMES,
        loss=st.sampled_from([Decimal(0), Decimal("0.25")]),
    )
    def pool(self, session: int, tubes: list[str], volume: Decimal | None, loss: Decimal) -> Any:
        found = [self.model[code] for code in tubes]
        given = [one.left if volume is None else volume for one in found]
        are_alike = {
            (one.site, one.container, code in self.leaving)
            for one, code in zip(found, tubes, strict=True)
        }
        made = self.attempt(
            session,
            len(set(tubes)) == len(tubes)
            and len(are_alike) == 1
            and all(one.allows(ActKind.POOLED) for one in found)
            and all(one.holder is not HolderKind.PERSON for one in found)
            and all(0 < part <= one.left for part, one in zip(given, found, strict=True))
            and sum(given) > loss,
            lambda: (
                custody.pool(self.actors.technician, tubes, Poured(FILLED, volume, None, loss)).code
            ),
        )
        if not made:
            return multiple()
        for part, one in zip(given, found, strict=True):
            one.left -= part
            one.go(ActKind.POOLED, one.holder, one.cell)
        self.lost += loss
        if tubes[0] in self.leaving:
            self.leaving.add(made)
        self.model[made] = Expected(sum(given) - loss, HolderKind.BENCH, found[0].site, FILLED)
        self.model[made].go(ActKind.POOLED, HolderKind.BENCH, None)
        return made

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
        if self.attempt(
            session,
            expected.allows(kind)
            and expected.site == self.site
            and 1 <= row <= SIDE
            and not self._taken(cell),
            lambda: act(
                self.actors.technician,
                box_id=self.boxes[box],
                placements=[Placement(code, row, col)],
            ),
        ):
            expected.go(kind, HolderKind.POSITION, cell)

    @rule(session=sessions, code=codes)
    def undo(self, session: int, code: str) -> None:
        expected = self.model[code]
        kind, holder, cell, site = (
            expected.acts[-1]
            if expected.acts
            else (ActKind.COLLECTED, expected.holder, None, expected.site)
        )
        back_is_free = cell is None or cell == expected.cell or not self._taken(cell)
        may_have_again = kind is not ActKind.RETURNED or not self.is_withdrawn(code)
        if self.attempt(
            session,
            kind in CORRECTABLE and back_is_free and may_have_again,
            lambda: custody.correct(
                self.actors.technician, self._last_standing(code), reason="Slip"
            ),
        ):
            expected.acts.pop()
            expected.holder, expected.cell, expected.site = holder, cell, site
            self.undone(code, len(expected.acts))

    def undone(self, code: str, act: int) -> None:
        """What else is as before once the act of this number is undone."""

    def is_withdrawn(self, code: str) -> bool:
        return self.has_withdrawn and code in self.leaving

    def _last_standing(self, code: str) -> int:
        acts = self.rows_of(CustodyAct, code)
        corrected = {act.corrects_id for act in acts}
        return max(act.id for act in acts if act.corrects_id is None and act.id not in corrected)

    def rows_of(self, model: Any, *codes: str) -> Sequence[Any]:
        """The rows of some samples, of all by default, read past every session."""
        with db.engines["registry"].connect() as connection:
            return connection.execute(
                sa.select(model.__table__, Sample.code, Sample.remaining)
                .join(Sample, Sample.id == model.sample_id)
                .where(Sample.code.in_(codes or self.model))
                .order_by(model.sample_id)
            ).all()
