"""Withdrawals and their end, destruction before a witness, inventories: the machine of custody."""

from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import rule

from registry.custody.destruction import service as destruction
from registry.custody.inventory import service as inventory
from registry.custody.inventory.comparing import compare
from registry.custody.quarantine import service as quarantine
from registry.kernel import clock
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.vocab.consent import WithdrawalEffect
from registry.vocab.custody import ActKind, DestructionMethod, HolderKind
from registry.vocab.shipping import LineStatus
from tests.concurrency.custody_model import SIDE, codes, sessions
from tests.concurrency.custody_shipping import Shipping, nths
from tests.factories.consents import make_consent, make_withdrawal


class Ends(Shipping):
    """One of the two people may withdraw; what a box holds is looked at and accepted."""

    @rule(session=sessions, really=st.booleans())
    def withdraw(self, session: int, really: bool) -> None:
        """The person's tubes are in quarantine wherever they are, and wait for their end."""
        if not really or self.has_withdrawn:
            return
        self.has_withdrawn = True
        self.attempt(
            session,
            True,
            lambda: make_withdrawal(
                self.actors,
                registry_session.get_one(Participant, self.leaver_id),
                effects=[WithdrawalEffect.DESTROY_SAMPLES],
            ),
        )
        for code in sorted(self.leaving):
            expected = self.model[code]
            if expected.holder is not HolderKind.DESTROYED:
                if not expected.is_barred:
                    expected.go(ActKind.QUARANTINED, expected.holder, expected.cell)
                expected.is_to_destroy = True
            self._no_longer_waits(code)
            for bag in self.bags:
                if bag.holds(code) and bag.lines[code] is LineStatus.PACKED:
                    bag.lines[code] = LineStatus.STOPPED

    @rule(session=sessions, really=st.booleans())
    def consent_anew(self, session: int, really: bool) -> None:
        """The person comes back; the tubes stay in quarantine until each is released."""
        if not really or not self.has_withdrawn:
            return
        self.has_withdrawn = False
        self.attempt(
            session,
            True,
            lambda: make_consent(
                self.actors,
                registry_session.get_one(Participant, self.leaver_id),
                signed_on=clock.today(),
            ),
        )

    @rule(session=sessions, code=codes, nth=nths)
    def release(self, session: int, code: str, nth: int) -> None:
        """Only with a consent, and never before each incident is decided."""
        leaving = sorted(self.leaving)
        code = leaving[nth] if nth < len(leaving) else code
        expected = self.model[code]
        if self.attempt(
            session,
            expected.is_to_destroy
            and not expected.incidents
            and not self.is_withdrawn(code)
            and expected.allows(ActKind.RELEASED),
            lambda: quarantine.release(self.actors.dpo, [code], reason="Slip"),
        ):
            expected.is_to_destroy = False
            expected.go(ActKind.RELEASED, expected.holder, expected.cell)

    @rule(session=sessions, code=codes, nth=nths, has_witness=st.booleans())
    def destroy(self, session: int, code: str, nth: int, has_witness: bool) -> None:
        """Nobody bears witness to an act of their own; mostly one of the person who may withdraw.

        Nothing is destroyed that nobody has ordered to be.
        """
        leaving = sorted(self.leaving)
        code = leaving[nth] if nth < len(leaving) else code
        expected = self.model[code]
        if self.attempt(
            session,
            has_witness and expected.is_to_destroy and expected.allows(ActKind.DESTROYED),
            lambda: destruction.carry_out(
                self.actors.technician,
                [code],
                witness=self.actors.nurse if has_witness else self.actors.technician,
                method=DestructionMethod.AUTOCLAVE,
            ),
        ):
            self.lost += expected.left
            expected.left = Decimal(0)
            expected.go(ActKind.DESTROYED, HolderKind.DESTROYED, None)

    @rule(
        session=sessions,
        other=sessions,
        code=codes,
        box=st.integers(0, 1),
        row=st.integers(1, SIDE),
        col=st.integers(1, SIDE),
        is_late=st.booleans(),
    )
    def take_inventory(
        self, session: int, other: int, code: str, box: int, row: int, col: int, is_late: bool
    ) -> None:
        """Everything is there, and one tube besides: where it is recorded or anywhere else.

        What one session has seen, the other accepts; when something changed meanwhile, nobody.
        """
        expected, cell = self.model[code], (self.boxes[box], row, col)
        if self._taken(cell) and expected.cell != cell:
            return
        found = {
            (one.cell[1], one.cell[2]): known
            for known, one in self.model.items()
            if one.cell is not None
            and one.cell[0] == self.boxes[box]
            and one.holder is HolderKind.POSITION
            and known != code
        } | {(row, col): code}
        shown = self.attempt(
            other,
            True,
            lambda: self._look(self.boxes[box], found),
        )
        kind = ActKind.PLACED if expected.holder is HolderKind.BENCH else ActKind.MOVED
        goes = expected.allows(kind) and expected.site == self.site and expected.cell != cell
        if (
            self.attempt(
                session,
                not is_late,
                lambda: inventory.accept(
                    self.actors.technician,
                    self.boxes[box],
                    tubes=found,
                    shown=shown[::-1] if is_late else shown,
                    reason="Slip",
                ),
            )
            and goes
        ):
            expected.go(kind, HolderKind.POSITION, cell)

    def _look(self, box_id: int, found: dict[tuple[int, int], str]) -> str:
        """What a page shows, which looks at the registry as it is now."""
        registry_session.rollback()
        return compare(self.actors.technician, box_id, found).digest
