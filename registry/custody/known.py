"""What the registry knows about tubes that are about to be taken in."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

import sqlalchemy as sa
from sqlalchemy import orm

from registry.accounts.models import Site
from registry.custody.models import CustodyAct, Holding
from registry.custody.quarantine.policies import opened_among
from registry.custody.wear import Wear
from registry.participants.models import Participant
from registry.participants.service import survivor
from registry.persistence import registry_session
from registry.samples.ledger import Ledger
from registry.samples.models import QuantityEntry, Sample
from registry.samples.tray import codes as tray
from registry.storage.grid import Cell
from registry.vocab.custody import ActKind
from registry.vocab.people import ParticipantStatus
from registry.vocab.samples import ContainerType, SampleType, Unit

#: An act that may have been recorded of a tube, and when it happened.
Time = tuple[ActKind, datetime]

_RECORDED = (ActKind.RECEIVED, ActKind.CENTRIFUGED, ActKind.FROZEN)


@dataclass(frozen=True)
class Existing:
    """A tube or an aliquot with the times that were kept of it."""

    code: str
    participant_id: int
    sample_type: SampleType
    container_type: ContainerType
    volume: Decimal
    collected_at: datetime
    received_at: datetime | None = None
    centrifuged_at: datetime | None = None
    frozen_at: datetime | None = None
    parent_code: str | None = None
    unit: Unit = Unit.MILLILITRE
    #: The label of the box in which it lies, and the name of its cell there.
    box_code: str | None = None
    cell: str | None = None

    @property
    def times(self) -> tuple[Time, ...]:
        """What happened to it after its collection, as far as it is known, in order of time."""
        given = zip(_RECORDED, (self.received_at, self.centrifuged_at, self.frozen_at), strict=True)
        return tuple(
            sorted(
                ((kind, moment) for kind, moment in given if moment is not None),
                key=lambda time: time[1],
            )
        )


@dataclass
class Facts:
    """What a row is compared with: a tube of the registry, or one accepted just before."""

    participant_id: int
    sample_type: SampleType
    container_type: ContainerType
    volume: Decimal
    unit: Unit
    collected_at: datetime
    parent_code: str | None
    times: frozenset[Time]
    left: Decimal
    #: Whether it is in quarantine: nothing is taken from it.
    is_barred: bool = False
    #: Where it ever was: boxes and cells.
    cells: frozenset[tuple[int, Cell]] = frozenset()


class Known:
    """The tubes that the rows name, and the participants; parents are kept from other writers."""

    def __init__(self, rows: Sequence[Existing]) -> None:
        self.tubes: dict[str, Facts] = {}
        self.ids: dict[str, int] = {}
        #: The site of each participant whose tubes can be taken in.
        self.sites: dict[int, Site] = _sites({row.participant_id for row in rows})
        codes = {row.code for row in rows} | {row.parent_code for row in rows}
        self._load(codes - {None})  # type: ignore[arg-type]
        #: Those of tubes that wait for their participant in a tray.
        self.waiting = tray.waiting({row.code for row in rows} - self.tubes.keys())
        parents = {row.parent_code for row in rows} & self.ids.keys()
        # Holdings are locked before ledgers, as whoever divides a sample does.
        held = self.lock_holdings({code for code in parents if code is not None})
        #: What the parents have been through.
        self.wear: dict[str, Wear] = {code: holding.wear for code, holding in held.items()}
        self.ledger = Ledger([self.ids[code] for code in parents if code is not None])
        for code in parents:
            if code is not None:
                self.tubes[code].left = self.ledger.left(self.ids[code])

    def add(self, row: Existing) -> None:
        """Know the row as a tube, and what it takes from its parent."""
        self.tubes[row.code] = Facts(
            participant_id=row.participant_id,
            sample_type=row.sample_type,
            container_type=row.container_type,
            volume=row.volume,
            unit=row.unit,
            collected_at=row.collected_at,
            parent_code=row.parent_code,
            times=frozenset(row.times),
            left=row.volume,
        )
        if row.parent_code is not None:
            self.tubes[row.parent_code].left -= row.volume

    def _load(self, codes: set[str]) -> None:
        # The first entry of a ledger names the parent.  A row has one, so that it is no pool's.
        parent = orm.aliased(Sample)
        found = registry_session.execute(
            sa.select(Sample, parent.code, QuantityEntry.delta, Participant)
            .join(Participant, Participant.id == Sample.participant_id)
            .join(QuantityEntry, (QuantityEntry.sample_id == Sample.id) & (QuantityEntry.seq == 1))
            .outerjoin(parent, parent.id == QuantityEntry.other_id)
            .where(Sample.code.in_(codes))
        ).all()
        ids = [row[0].id for row in found]
        times, cells, barred = _times(ids), _cells(ids), opened_among(ids)
        for sample, parent_code, volume, participant in found:
            self.ids[sample.code] = sample.id
            self.tubes[sample.code] = Facts(
                # A row names whoever stands for the participant since a merge.
                participant_id=survivor(participant).id,
                sample_type=sample.sample_type,
                container_type=sample.container_type,
                volume=volume,
                unit=sample.unit,
                collected_at=sample.collected_at,
                parent_code=parent_code,
                times=frozenset(times[sample.id]),
                left=sample.remaining,
                is_barred=sample.id in barred,
                cells=frozenset(cells[sample.id]),
            )

    def lock_holdings(self, codes: Collection[str]) -> Mapping[str, Holding]:
        """The holdings of tubes that the registry has, kept from other writers."""
        found = registry_session.scalars(
            sa.select(Holding)
            .where(Holding.sample_id.in_([self.ids[code] for code in codes]))
            .order_by(Holding.sample_id)
            .with_for_update(of=Holding)
            .execution_options(populate_existing=True)
        )
        return {holding.sample.code: holding for holding in found}


def _sites(participant_ids: set[int]) -> dict[int, Site]:
    rows = registry_session.execute(
        sa.select(Participant.id, Site)
        .join(Site, Site.id == Participant.site_id)
        .where(Participant.id.in_(participant_ids), Participant.status != ParticipantStatus.MERGED)
    )
    return dict(rows.all())


def _times(sample_ids: Sequence[int]) -> dict[int, set[Time]]:
    times: dict[int, set[Time]] = defaultdict(set)
    rows = registry_session.execute(
        sa.select(CustodyAct.sample_id, CustodyAct.kind, CustodyAct.happened_at).where(
            CustodyAct.sample_id.in_(sample_ids), CustodyAct.kind.in_(_RECORDED)
        )
    )
    for sample_id, kind, happened_at in rows:
        times[sample_id].add((kind, happened_at))
    return times


def _cells(sample_ids: Sequence[int]) -> dict[int, set[tuple[int, Cell]]]:
    cells: dict[int, set[tuple[int, Cell]]] = defaultdict(set)
    rows = registry_session.execute(
        sa.select(CustodyAct.sample_id, CustodyAct.box_id, CustodyAct.row, CustodyAct.col).where(
            CustodyAct.sample_id.in_(sample_ids), CustodyAct.box_id.is_not(None)
        )
    )
    for sample_id, *cell in rows:
        box_id, row, col = cast(tuple[int, int, int], tuple(cell))
        cells[sample_id].add((box_id, (row, col)))
    return cells
