"""Shipments in the machine of custody: what is packed, leaves, arrives and comes back."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from registry.custody.shipments import receipts, receiving, returning, sending, service as packing
from registry.custody.shipments.receiving import Receipt
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.shipping import AWAY, IN_THE_BAG, LineStatus, ShipmentState
from tests.concurrency.custody_lending import SLOTS, Lending, slots
from tests.concurrency.custody_model import codes, sessions
from tests.factories.shipments import make_shipment

nths = st.integers(0, 3)
_ENDED = (ShipmentState.RETURNED, ShipmentState.CANCELLED, ShipmentState.SETTLED)
_UNDER_WAY = (ShipmentState.SENT, ShipmentState.ARRIVED, ShipmentState.SETTLED)


@dataclass
class Bag:
    """What the model knows of one shipment."""

    id: int
    goes_to_partner: bool
    state: ShipmentState = ShipmentState.DRAFT
    lines: dict[str, LineStatus] = field(default_factory=dict)
    #: The tubes that were taken out, or that the other site has taken in.
    closed: set[str] = field(default_factory=set)

    def holds(self, code: str) -> bool:
        return code in self.lines and code not in self.closed

    def inside(self, *statuses: LineStatus) -> list[str]:
        wanted = statuses or IN_THE_BAG
        return [
            code
            for code, status in self.lines.items()
            if status in wanted and code not in self.closed
        ]


class Shipping(Lending):
    """Bags that go to the other site, and bags that go to a partner."""

    def __init__(self, *facts: Any) -> None:
        super().__init__(*facts)
        self.bags: list[Bag] = []

    def get_going(self, steps: int, *received: str) -> None:
        """A bag for each destination, and a list, each with a tube already."""
        for goes_to_partner, code in zip((False, True), received[1:], strict=False):
            self.open_bag(goes_to_partner)
            self.pack(0, len(self.bags) - 1, code)
            for _ in range(steps):
                self._seal_or_send(0, self.bags[-1])
        self.reserve(1, {received[0]})

    @rule(goes_to_partner=st.booleans())
    def open_bag(self, goes_to_partner: bool) -> None:
        if len([bag for bag in self.bags if bag.state not in _ENDED]) < len(SLOTS):
            shipment = make_shipment(self.actors, to=None if goes_to_partner else self.home)
            self.bags.append(Bag(shipment.id, goes_to_partner))

    def _one_of(self, bag: Bag, code: str, nth: int) -> str:
        """A tube of the bag more often than any other."""
        own = sorted(bag.lines)
        return own[nth] if nth < len(own) else code

    def _bag(self, slot: int) -> Bag | None:
        known = self.bags[-2:]
        return known[slot] if slot < len(known) else None

    @rule(session=sessions, slot=slots, code=codes)
    def pack(self, session: int, slot: int, code: str) -> None:
        bag, expected = self._bag(slot), self.model[code]
        if bag is None:
            return
        if self.attempt(
            session,
            bag.state is ShipmentState.DRAFT
            and not any(one.holds(code) for one in self.bags)
            and expected.allows(ActKind.SHIPPED)
            and expected.site == self.site,
            lambda: packing.add(self.actors.technician, bag.id, [code]),
        ):
            bag.lines[code] = LineStatus.PACKED
            bag.closed.discard(code)

    @rule(session=sessions, slot=slots, code=codes)
    def take_out(self, session: int, slot: int, code: str) -> None:
        bag = self._bag(slot)
        if bag is None:
            return
        if self.attempt(
            session,
            bag.state is ShipmentState.DRAFT and bag.holds(code),
            lambda: packing.take_out(self.actors.technician, bag.id, code),
        ):
            bag.closed.add(code)

    @rule(session=sessions, slot=slots, cancels=st.booleans())
    def open_again(self, session: int, slot: int, cancels: bool) -> None:
        bag = self._bag(slot)
        if bag is None:
            return
        if cancels and self.attempt(
            session,
            bag.state in (ShipmentState.DRAFT, ShipmentState.SEALED),
            lambda: packing.cancel(self.actors.technician, bag.id, reason="Slip"),
        ):
            bag.state = ShipmentState.CANCELLED
            bag.closed |= set(bag.lines)
        elif not cancels and self.attempt(
            session,
            bag.state is ShipmentState.SEALED,
            lambda: packing.reopen(self.actors.technician, bag.id),
        ):
            bag.state = ShipmentState.DRAFT

    @rule(session=sessions, slot=slots, steps=st.integers(1, 2))
    def make_leave(self, session: int, slot: int, steps: int) -> None:
        bag = self._bag(slot)
        for _ in range(steps if bag else 0):
            self._seal_or_send(session, bag)

    def _seal_or_send(self, session: int, bag: Bag) -> None:
        """The next step of a bag; what may not leave any more keeps it here."""
        inside = bag.inside()
        is_fit = bool(inside) and LineStatus.STOPPED not in bag.lines.values()
        if bag.state is not ShipmentState.SEALED:
            if self.attempt(
                session,
                bag.state is ShipmentState.DRAFT and is_fit,
                lambda: packing.seal(self.actors.technician, bag.id),
            ):
                bag.state = ShipmentState.SEALED
            return
        tubes = [self.model[code] for code in inside]
        if self.attempt(
            session,
            is_fit and all(one.allows(ActKind.SHIPPED) and one.site == self.site for one in tubes),
            lambda: sending.send(self.actors.technician, bag.id),
        ):
            bag.state = ShipmentState.SENT
            for code, expected in zip(inside, tubes, strict=True):
                bag.lines[code] = LineStatus.SENT
                expected.go(ActKind.SHIPPED, HolderKind.SHIPMENT, None)

    @rule(session=sessions, slot=slots, code=codes, nth=nths, damaged=st.booleans())
    def arrive(self, session: int, slot: int, code: str, nth: int, damaged: bool) -> None:
        """One tube arrives at the other site or at the partner, of this bag or of none."""
        bag = self._bag(slot)
        if bag is None:
            return
        code = self._one_of(bag, code, nth)
        expected = self.model[code]
        receipt = Receipt([code], damaged=[code] if damaged else [])
        kind = ActKind.DISTRIBUTED if bag.goes_to_partner else ActKind.ARRIVED
        is_due = bag.holds(code) and bag.lines[code] is LineStatus.SENT
        if not self.attempt(
            session,
            bag.state in (ShipmentState.SENT, ShipmentState.ARRIVED)
            and (not is_due or expected.allows(kind)),
            lambda: self._receive(bag, receipt),
        ):
            return
        bag.state = ShipmentState.ARRIVED
        if is_due:
            bag.lines[code] = LineStatus.ARRIVED
            if bag.goes_to_partner:
                expected.go(kind, HolderKind.PARTNER, None)
            else:
                expected.go(kind, HolderKind.BENCH, None, self.home)
                bag.closed.add(code)
        if not bag.inside(LineStatus.SENT):
            bag.state = ShipmentState.SETTLED

    def _receive(self, bag: Bag, receipt: Receipt) -> Any:
        if not bag.goes_to_partner:
            return receiving.receive(self.actors.technician, bag.id, receipt)
        made = receipts.make_link(self.actors.technician, bag.id)
        return receipts.acknowledge(made.link.id, receipt)

    @rule(session=sessions, slot=slots)
    def settle(self, session: int, slot: int) -> None:
        bag = self._bag(slot)
        if bag is None:
            return
        if self.attempt(
            session,
            bag.state in (ShipmentState.SENT, ShipmentState.ARRIVED),
            lambda: receiving.settle(self.actors.technician, bag.id),
        ):
            bag.state = ShipmentState.SETTLED
            for code in bag.inside(LineStatus.SENT):
                bag.lines[code] = LineStatus.MISSING

    @rule(session=sessions, slot=slots, code=codes, nth=nths)
    def take_back(self, session: int, slot: int, code: str, nth: int) -> None:
        bag = self._bag(slot)
        if bag is None:
            return
        code = self._one_of(bag, code, nth)
        expected = self.model[code]
        if self.attempt(
            session,
            bag.state in _UNDER_WAY
            and code in bag.inside(*AWAY)
            and expected.allows(ActKind.RETURNED),
            lambda: returning.take_back(self.actors.technician, bag.id, [code]),
        ):
            bag.lines[code] = LineStatus.RETURNED
            bag.closed.add(code)
            expected.go(ActKind.RETURNED, HolderKind.BENCH, None, self.site)
            left = {
                status
                for tube, status in bag.lines.items()
                if status not in IN_THE_BAG or tube not in bag.closed
            }
            if left == {LineStatus.RETURNED}:
                bag.state = ShipmentState.RETURNED
