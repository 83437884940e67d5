"""What the technician does: receive, centrifuge, divide, freeze and put away."""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from registry.cli.demo import agenda as calendar
from registry.cli.demo.agenda import Agenda
from registry.cli.demo.people import Login, Staff
from registry.cli.demo.storage import KEEPERS, Storage
from registry.cli.demo.study import Tube
from registry.custody import service as custody
from registry.custody.service import Made, Placement
from registry.kernel import clock
from registry.samples.sprec import Spin
from registry.vocab.custody import ActKind
from registry.vocab.samples import SampleCondition, SampleType
from registry.vocab.sprec import Ambient

_SPIN = Spin(minutes=10, g=2000, ambient=Ambient.ROOM, brake=True)
_SECOND_SPIN = Spin(minutes=10, g=2500, ambient=Ambient.ROOM, brake=True)
_POOR_SHARE = 0.02
_POOR = (SampleCondition.HAEMOLYSED, SampleCondition.LOW_VOLUME)
#: Once in five working days what was frozen since is put away; never on the last two.
_PUTTING_AWAY_EVERY = 5
_PUTTING_AWAY_SHIFT = 2


@dataclass(frozen=True)
class Drawn:
    """A tube on its way to the laboratory."""

    code: str
    tube: Tube
    #: The lines of its plan, in the order of its fractions.
    planned: tuple[int, ...]
    volume: Decimal
    #: Whether what is made of it may be lent: no story stands against it.
    may_be_lent: bool


@dataclass(frozen=True)
class Frozen:
    """A container that waits for its place."""

    code: str
    sample_type: SampleType
    may_be_lent: bool


class Bench:
    """The laboratory of each site, and what lies on it."""

    def __init__(
        self, rng: random.Random, agenda: Agenda, staff: Staff, storage: Storage, ends: date
    ) -> None:
        self._rng = rng
        self._agenda = agenda
        self._technician = staff[Login.TECHNICIAN]
        self._site_ids = staff.site_ids
        self._storage = storage
        self._ends = ends
        self._arriving: dict[str, list[Drawn]] = defaultdict(list)
        self._frozen: dict[str, list[Frozen]] = defaultdict(list)
        #: What is in store and may be lent, oldest first.
        self.in_store: list[Frozen] = []

    def expect(self, hospital: str, drawn: Drawn) -> None:
        """Have the tube fetched after noon."""
        site = KEEPERS[hospital]
        if not self._arriving[site]:
            self._agenda.add(calendar.at(clock.today(), 13, 40), lambda: self._receive(site))
        self._arriving[site].append(drawn)

    def expect_putting_away(self, begins: date) -> None:
        """Foresee the days on which things are put away."""
        day = calendar.working_days_back(self._ends, _PUTTING_AWAY_SHIFT)
        while day > begins:
            for nth, site in enumerate(KEEPERS.values()):
                moment = calendar.at(day, 14, 20 + 15 * nth)
                self._agenda.add(moment, self._putting_away(site))
            day = calendar.working_days_back(day, _PUTTING_AWAY_EVERY)

    def _receive(self, site: str) -> None:
        arrived, self._arriving[site] = self._arriving[site], []
        poor = [drawn for drawn in arrived if self._rng.random() < _POOR_SHARE]
        fine = [drawn for drawn in arrived if drawn not in poor]
        for drawn in poor:
            self._take_in(site, [drawn], self._rng.choice(_POOR))
        if fine:
            self._take_in(site, fine, SampleCondition.GOOD)
        received = clock.now()
        self._agenda.add(received + timedelta(minutes=25), lambda: self._centrifuge(arrived))
        self._agenda.add(received + timedelta(minutes=50), lambda: self._divide(site, arrived))

    def _take_in(self, site: str, drawn: Sequence[Drawn], condition: SampleCondition) -> None:
        custody.receive(
            self._technician,
            [one.code for one in drawn],
            received_at=clock.now(),
            site_id=self._site_ids[site],
            condition=condition,
            ambient=Ambient.ROOM,
        )

    def _centrifuge(self, arrived: Sequence[Drawn]) -> None:
        spun = [drawn.code for drawn in arrived if drawn.tube.fractions]
        self._spin(spun, _SPIN)
        twice = [
            drawn.code
            for drawn in arrived
            if any(one.sample_type is SampleType.PLASMA_DOUBLE_SPUN for one in drawn.tube.fractions)
        ]
        again = clock.now() + timedelta(minutes=12)
        self._agenda.add(again, lambda: self._spin(twice, _SECOND_SPIN))

    def _spin(self, codes: Sequence[str], spin: Spin) -> None:
        if codes:
            custody.process(
                self._technician,
                codes,
                kind=ActKind.CENTRIFUGED,
                happened_at=clock.now(),
                spin=spin,
            )

    def _divide(self, site: str, arrived: Sequence[Drawn]) -> None:
        made = []
        for drawn in arrived:
            if drawn.tube.fractions:
                made += self._fill(drawn)
            else:
                made.append(Frozen(drawn.code, drawn.tube.sample_type, drawn.may_be_lent))
        freeze_at = clock.now() + timedelta(minutes=20 + self._rng.randrange(40))
        self._agenda.add(freeze_at, lambda: self._freeze(site, made))

    def _fill(self, drawn: Drawn) -> list[Frozen]:
        """Divide one tube; what is left of it after the last fraction is thrown away."""
        fractions = drawn.tube.fractions
        children = custody.make(
            self._technician,
            drawn.code,
            [
                Made(planned_id, fraction.count, fraction.volume, drawn.tube.container_type)
                for planned_id, fraction in zip(drawn.planned, fractions, strict=True)
            ],
            at=clock.now(),
            loss=drawn.volume - sum(one.count * one.volume for one in fractions),
        )
        return [Frozen(child.code, child.sample_type, drawn.may_be_lent) for child in children]

    def _freeze(self, site: str, made: list[Frozen]) -> None:
        if made:
            custody.process(
                self._technician,
                [one.code for one in made],
                kind=ActKind.FROZEN,
                happened_at=clock.now(),
                ambient=Ambient.COOL,
            )
        self._frozen[site] += made

    def _putting_away(self, site: str) -> Callable[[], None]:
        def put_away() -> None:
            frozen, self._frozen[site] = self._frozen[site], []
            by_type: dict[SampleType, list[Frozen]] = defaultdict(list)
            for one in frozen:
                by_type[one.sample_type].append(one)
            for kind, some in by_type.items():
                self._put_in_boxes(site, kind, some)

        return put_away

    def _put_in_boxes(self, site: str, kind: SampleType, some: list[Frozen]) -> None:
        while some:
            box_id, free = self._storage.box_for(site, kind)
            now, some = some[:free], some[free:]
            custody.place(
                self._technician,
                box_id=box_id,
                placements=[Placement(one.code) for one in now],
            )
            self._storage.filled(site, kind, len(now))
            self.in_store += [one for one in now if one.may_be_lent]
