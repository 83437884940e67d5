"""What samples went through, in the classes in which an extract tells it.

Only the biobank knows of it, so that it is no part of how a person looks to
others (decision 0006); nothing leaves more precisely than its class all the same.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from registry.custody import derived
from registry.custody.derived import Derived
from registry.custody.exposures import queries as exposures
from registry.vocab.applications import OutBand, ThawBand, Variable, out_band, thaw_band
from registry.vocab.sprec import SEPARATOR
from registry.vocab.storage import ExposureState

#: The variables that say it.
VARIABLES = frozenset(
    {Variable.THAWS, Variable.OUT_OF_STORE, Variable.EXPOSURE, Variable.SPREC_ELEMENTS}
)
#: The type and the container, or how a solid was taken, are told by columns of their own or not
#: at all: they may be known of a person.
_TOLD_APART = 2


@dataclass(frozen=True, slots=True)
class History:
    """What a sample went through."""

    thaws: ThawBand
    #: None: it never was in the store.
    out_of_store: OutBand | None
    exposure: ExposureState
    #: The elements 3 to 7 of its code; None for a solid of which nobody recorded how it was taken.
    sprec: str | None


def of(sample_ids: Collection[int]) -> Mapping[int, History]:
    """The history of each sample, in a constant number of statements."""
    states = exposures.states(sample_ids)
    return {
        one: _history(found, states.get(one, ExposureState.NEVER))
        for one, found in derived.of(sample_ids).items()
    }


def _history(found: Derived, exposure: ExposureState) -> History:
    out: timedelta | None = found.out_of_store
    elements = () if found.elements is None else tuple(found.elements.values())[_TOLD_APART:]
    return History(
        thaws=thaw_band(found.thaws),
        out_of_store=None if out is None else out_band(out),
        exposure=exposure,
        sprec=SEPARATOR.join(elements) or None,
    )
