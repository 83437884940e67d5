"""The one door for acts on samples: what registers, receives, divides, places, lends, corrects."""

from registry.custody.aliquoting import Child, aliquot
from registry.custody.carrying import carry
from registry.custody.checkout import check_out, return_, take_back
from registry.custody.collection import TubeIn, process, receive, register_tubes
from registry.custody.correction import correct, undo_latest
from registry.custody.existing import Outcome, register_existing
from registry.custody.filling import Filled, fill
from registry.custody.known import Existing
from registry.custody.placement import Placement, move, place
from registry.custody.planned import Made, make
from registry.custody.pooling import Poured, pool
from registry.custody.spending import consume, dispose
from registry.custody.traying import Arrived, attach, lay, reject

__all__ = [
    "Arrived",
    "Child",
    "Existing",
    "Filled",
    "Made",
    "Outcome",
    "Placement",
    "Poured",
    "TubeIn",
    "aliquot",
    "attach",
    "carry",
    "check_out",
    "consume",
    "correct",
    "dispose",
    "fill",
    "lay",
    "make",
    "move",
    "place",
    "pool",
    "process",
    "receive",
    "register_existing",
    "register_tubes",
    "reject",
    "return_",
    "take_back",
    "undo_latest",
]
