"""Tubes that go to a partner under an approved request: one bag arrived, one is on its way."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from registry.cli.demo import agenda as calendar
from registry.cli.demo.agenda import Agenda
from registry.cli.demo.people import Login, Staff
from registry.cli.demo.samples import Bench
from registry.consents import decision
from registry.custody.models import Holding
from registry.custody.shipments import grounds, partners, receipts, sending, service
from registry.custody.shipments.grounds import Ground
from registry.custody.shipments.receiving import Receipt
from registry.kernel import clock
from registry.persistence import registry_session
from registry.samples.models import Sample
from registry.vocab.shipping import Packing

_EMAIL = "reception@immunologie.example.org"
#: How many working days before the end a bag leaves and arrives; the last is on its way.
_ARRIVED, _ARRIVES, _ON_THE_WAY = 9, 8, 1
_TUBES = 5
#: How many of the tubes in store are looked at for such as may be shared.
_CONSIDERED = 60


class Shipments:
    """Who packs and sends, and who receives."""

    def __init__(self, agenda: Agenda, staff: Staff, bench: Bench, ends: date) -> None:
        self._agenda = agenda
        self._staff = staff
        self._bench = bench
        self._ends = ends

    def expect(self) -> None:
        """Foresee both bags."""
        first, arrives, last = (
            calendar.working_days_back(self._ends, back)
            for back in (_ARRIVED, _ARRIVES, _ON_THE_WAY)
        )
        self._agenda.add(calendar.at(first, 15), lambda: self._arrives(arrives))
        self._agenda.add(calendar.at(last, 15, 20), self._leaves)

    def _arrives(self, day: date) -> None:
        sent = self._send("CF-26-007312")
        if sent is not None:
            self._agenda.add(calendar.at(day, 10, 5), lambda: self._acknowledge(*sent))

    def _leaves(self) -> None:
        self._send("CF-26-008841")

    def _send(self, tracking: str) -> tuple[int, Sequence[str]] | None:
        """Pack and send what the partner may have; None when there is nothing."""
        ground = next(iter(grounds.approved()), None)
        if ground is None:
            return None
        site_id, codes = self._may_go(ground)
        if not codes:
            return None
        technician = self._staff[Login.TECHNICIAN]
        shipment = service.open_(
            technician,
            site_id=site_id,
            packing=Packing.DRY_ICE,
            partner_id=self._partner(ground),
            request=ground.number,
        )
        service.add(technician, shipment.id, codes)
        service.seal(technician, shipment.id)
        sending.send(technician, shipment.id, courier="Chronofroid", tracking=tracking)
        return shipment.id, codes

    def _partner(self, ground: Ground) -> int:
        manager = self._staff[Login.DATA_MANAGER]
        known = {one.name: one.id for one in partners.every(manager)}
        if ground.recipient in known:
            return known[ground.recipient]
        study = ground.study
        return partners.add(
            manager,
            name=ground.recipient,
            kind=study.recipient,
            country=study.country,
            email=_EMAIL,
        ).id

    def _may_go(self, ground: Ground) -> tuple[int, Sequence[str]]:
        """Where some tubes are that the consents let go, and their codes; they are lent no more."""
        codes = [one.code for one in self._bench.in_store[-_CONSIDERED:]]
        rows = registry_session.execute(
            sa.select(Sample.code, Sample.participant_id, Holding.site_id)
            .join(Holding, Holding.sample_id == Sample.id)
            .where(Sample.code.in_(codes))
            .order_by(Sample.id)
        ).all()
        owners = {row.participant_id for row in rows}
        answers = decision.decide_many(owners, ground.study, clock.today())
        free = [row for row in rows if answers[row.participant_id].is_allowed]
        site_id = free[0].site_id if free else 0
        chosen = [row.code for row in free if row.site_id == site_id][:_TUBES]
        self._bench.in_store = [one for one in self._bench.in_store if one.code not in chosen]
        return site_id, chosen

    def _acknowledge(self, shipment_id: int, codes: Sequence[str]) -> None:
        """The partner opens the bag: one tube is broken."""
        link = receipts.make_link(self._staff[Login.TECHNICIAN], shipment_id).link
        receipts.acknowledge(
            link.id, Receipt(codes, damaged=codes[-1:], note="Un bouchon fendu, contenu intact.")
        )
