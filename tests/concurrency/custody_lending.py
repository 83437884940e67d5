"""Loans and pick lists in the machine of custody: what a person has, and what waits for one."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from registry.custody import service as custody
from registry.custody.picking import service as picking
from registry.vocab.custody import ActKind, CheckoutReason, HolderKind
from tests.concurrency.custody_model import SIDE, CustodyModel, codes, sessions

#: Few lists and few bags, so that the tubes meet.
SLOTS = range(2)
slots = st.sampled_from(SLOTS)


class Lending(CustodyModel):
    """Tubes go to a person at once, or are reserved for one and fetched."""

    def __init__(self, *facts: Any) -> None:
        super().__init__(*facts)
        #: The tubes that wait on each list that is open.
        self.lists: dict[int, set[str]] = {}

    @rule(session=sessions, code=codes)
    def check_out(self, session: int, code: str) -> None:
        expected = self.model[code]
        if self.attempt(
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
        if self.attempt(
            session,
            expected.holder is HolderKind.PERSON,
            lambda: custody.return_(self.actors.technician, code),
        ):
            holder = HolderKind.BENCH if expected.cell is None else HolderKind.POSITION
            expected.go(ActKind.RETURNED, holder, expected.cell)

    @rule(session=sessions, code=codes, box=st.integers(0, 1), col=st.integers(1, SIDE))
    def return_elsewhere(self, session: int, code: str, box: int, col: int) -> None:
        expected = self.model[code]
        cell = (self.boxes[box], 1, col)
        if self.attempt(
            session,
            expected.holder is HolderKind.PERSON
            and expected.site == self.site
            and not self._taken(cell),
            lambda: custody.return_(
                self.actors.technician, code, box_id=self.boxes[box], row=1, col=col
            ),
        ):
            expected.go(ActKind.RETURNED, HolderKind.POSITION, cell)

    @rule(session=sessions, picked=st.sets(codes, min_size=1, max_size=2))
    def reserve(self, session: int, picked: set[str]) -> None:
        tubes = [self.model[code] for code in sorted(picked)]
        made = self.attempt(
            session,
            all(one.allows(ActKind.CHECKED_OUT) for one in tubes),
            lambda: (
                picking.open_(
                    self.actors.technician,
                    sorted(picked),
                    title="Slip",
                    to_user_id=self.actors.technician.id,
                    reason=CheckoutReason.ANALYSIS,
                ).id
            ),
        )
        if made:
            self.lists[made] = set(picked)
            for one in tubes:
                one.list_id = made

    def _list(self, slot: int) -> int | None:
        """One of the newest lists, also one that is closed."""
        known = sorted(self.lists)[-2:]
        return known[slot] if slot < len(known) else None

    def _no_longer_waits(self, code: str) -> None:
        expected = self.model[code]
        if expected.list_id is not None:
            self.lists[expected.list_id].discard(code)
            expected.list_id = None

    def _close_if_empty(self, list_id: int) -> None:
        if not self.lists[list_id]:
            del self.lists[list_id]

    @rule(session=sessions, slot=slots, code=codes)
    def fetch(self, session: int, slot: int, code: str) -> None:
        list_id, expected = self._list(slot), self.model[code]
        if list_id is None:
            return
        if self.attempt(
            session,
            expected.list_id == list_id and expected.allows(ActKind.CHECKED_OUT, list_id=list_id),
            lambda: picking.fetch(self.actors.technician, list_id, [code]),
        ):
            expected.taken_from[len(expected.acts)] = list_id
            expected.go(ActKind.CHECKED_OUT, HolderKind.PERSON, expected.cell)
            self._no_longer_waits(code)
            self._close_if_empty(list_id)

    def undone(self, code: str, act: int) -> None:
        """A tube whose fetching is undone waits on its list again, if that is still open."""
        expected = self.model[code]
        list_id = expected.taken_from.pop(act, None)
        if list_id in self.lists:
            self.lists[list_id].add(code)
            expected.list_id = list_id

    @rule(session=sessions, slot=slots, code=codes)
    def leave_out(self, session: int, slot: int, code: str) -> None:
        list_id = self._list(slot)
        if list_id is None:
            return
        if self.attempt(
            session,
            self.model[code].list_id == list_id,
            lambda: picking.leave_out(self.actors.technician, list_id, code, reason="Slip"),
        ):
            self._no_longer_waits(code)
            self._close_if_empty(list_id)

    @rule(session=sessions, slot=slots)
    def close_list(self, session: int, slot: int) -> None:
        list_id = self._list(slot)
        if list_id is None:
            return
        self.attempt(session, True, lambda: picking.close(self.actors.technician, list_id))
        for code in list(self.lists[list_id]):
            self._no_longer_waits(code)
        del self.lists[list_id]
