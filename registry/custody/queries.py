"""Reading where samples are and how they came there, within the actor's sites.

Every function makes a constant number of statements, however much it reads.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from registry.custody.boxes import box_map, free_cells, occupancy
from registry.custody.lineage import chain, sample_page
from registry.custody.listing import (
    counts,
    listed,
    loans_out,
    of_participant,
    page,
    to_place,
    to_receive,
)
from registry.custody.models import CustodyAct
from registry.custody.views import (
    BoxMap,
    CellView,
    ChainLine,
    LedgerLine,
    Listed,
    Occupancy,
    OpenLoan,
    Page,
    SamplePage,
    Wanted,
)
from registry.persistence import registry_session
from registry.vocab.custody import ActKind

__all__ = [
    "BoxMap",
    "CellView",
    "ChainLine",
    "LedgerLine",
    "Listed",
    "Occupancy",
    "OpenLoan",
    "Page",
    "SamplePage",
    "Wanted",
    "box_map",
    "chain",
    "counts",
    "free_cells",
    "listed",
    "loans_out",
    "occupancy",
    "of_participant",
    "page",
    "sample_page",
    "times_of",
    "to_place",
    "to_receive",
]


def times_of(sample_ids: Collection[int], kind: ActKind) -> Mapping[int, datetime]:
    """When each sample last had an act of this kind that stands; samples without one are absent.

    For those who derive something from the acts (an extract, a SPREC code);
    they have asked which samples the actor may use.
    """
    correction = orm.aliased(CustodyAct)
    rows = registry_session.execute(
        sa.select(CustodyAct.sample_id, sa.func.max(CustodyAct.happened_at))
        .outerjoin(correction, correction.corrects_id == CustodyAct.id)
        .where(
            CustodyAct.sample_id.in_(sample_ids),
            CustodyAct.kind == kind,
            correction.id.is_(None),
        )
        .group_by(CustodyAct.sample_id)
    )
    return dict(rows.all())
