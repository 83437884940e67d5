"""Samples that have gone part of their way: received, divided, stored, lent."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from registry.custody import service as custody
from registry.custody.models import CustodyAct, Loan
from registry.custody.service import Child, Placement
from registry.persistence import registry_session
from registry.samples.models import Sample
from registry.storage.models import Box
from registry.vocab.custody import ActKind, CheckoutReason
from registry.vocab.samples import ContainerType, SampleType
from tests.factories.accounts import People
from tests.factories.samples import COLLECTED, make_tube
from tests.factories.storage import make_box

RECEIVED = COLLECTED + timedelta(hours=1)
DIVIDED = COLLECTED + timedelta(hours=2)


def biobank(actors: People) -> int:
    """The site at which the technician takes tubes in."""
    return max(actors.technician.sites().ids)


def receive(actors: People, *codes: str, at: datetime = RECEIVED) -> Sequence[Sample]:
    """Take tubes in at the biobank."""
    return custody.receive(actors.technician, codes, received_at=at, site_id=biobank(actors))


def make_received(actors: People, volume: str = "5", **facts: Any) -> Sample:
    """A tube on the biobank's bench."""
    sample = make_tube(actors, volume, **facts)
    receive(actors, sample.code)
    return sample


def divide(
    actors: People, parent_code: str, *volumes: str, at: datetime = DIVIDED, **facts: Any
) -> Sequence[Sample]:
    """Plasma filled from a blood tube, in our own tubes."""
    facts.setdefault("sample_type", SampleType.PLASMA_DOUBLE_SPUN)
    facts.setdefault("container_type", ContainerType.POLYPROPYLENE)
    children = facts.pop("children", [Child(Decimal(volume)) for volume in volumes])
    return custody.aliquot(actors.technician, parent_code, children=children, at=at, **facts)


def make_aliquots(actors: People, *volumes: str, **facts: Any) -> Sequence[Sample]:
    """Aliquots of one received tube, on the bench."""
    parent = make_received(actors, **facts)
    return divide(actors, parent.code, *(volumes or ("0.5",)))


def place(
    actors: People, box: Box, code: str, cell: str | None = None, **facts: Any
) -> Sequence[Sample]:
    """Put one sample into a cell, the next free one by default."""
    row, col = (None, None) if cell is None else box.grid.read(cell)
    return custody.place(
        actors.technician, box_id=box.id, placements=[Placement(code, row, col)], **facts
    )


def make_stored(
    actors: People, *, box: Box | None = None, cell: str | None = None, **facts: Any
) -> Sample:
    """An aliquot in a cell of a box."""
    [aliquot] = make_aliquots(actors, **facts)
    place(actors, box or make_box(actors), aliquot.code, cell)
    return aliquot


def check_out(actors: People, code: str, **facts: Any) -> Loan:
    """Hand a sample to the technician who takes it."""
    facts.setdefault("to_user_id", actors.technician.id)
    facts.setdefault("reason", CheckoutReason.ANALYSIS)
    return custody.check_out(actors.technician, code, **facts)


def make_checked_out(actors: People, **facts: Any) -> Sample:
    """A stored aliquot that somebody has."""
    sample = make_stored(actors, **facts)
    check_out(actors, sample.code)
    return sample


def times_of(sample_id: int, kind: ActKind) -> list[datetime]:
    """When the acts of this kind that stand happened to the sample."""
    correction = orm.aliased(CustodyAct)
    return list(
        registry_session.scalars(
            sa.select(CustodyAct.happened_at)
            .outerjoin(correction, correction.corrects_id == CustodyAct.id)
            .where(
                CustodyAct.sample_id == sample_id,
                CustodyAct.kind == kind,
                correction.id.is_(None),
            )
            .order_by(CustodyAct.seq)
        )
    )
