"""Reading where samples are and how they came there, within the actor's sites.

Every function makes a constant number of statements, however much it reads.
"""

from registry.custody.boxes import box_map, free_cells, occupancy
from registry.custody.criteria import Wanted
from registry.custody.lineage import chain, sample_page
from registry.custody.listing import (
    counts,
    line,
    listed,
    loans_out,
    of_participant,
    page,
    to_place,
    to_receive,
)
from registry.custody.searching import Sought
from registry.custody.views import (
    BoxMap,
    CellView,
    ChainLine,
    Kin,
    LedgerLine,
    Listed,
    Occupancy,
    OpenLoan,
    Page,
    SamplePage,
)

__all__ = [
    "BoxMap",
    "CellView",
    "ChainLine",
    "Kin",
    "LedgerLine",
    "Listed",
    "Occupancy",
    "OpenLoan",
    "Page",
    "SamplePage",
    "Sought",
    "Wanted",
    "box_map",
    "chain",
    "counts",
    "free_cells",
    "line",
    "listed",
    "loans_out",
    "occupancy",
    "of_participant",
    "page",
    "sample_page",
    "to_place",
    "to_receive",
]
