"""The SPREC code of a solid, from what is known of it alone: nothing is ever guessed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from registry.vocab.samples import SampleType
from registry.vocab.sprec import NONE, OTHER, UNKNOWN
from registry.vocab.tissue import (
    FIXATION_TIME,
    ISCHAEMIA,
    SOLID_TYPES,
    UNKNOWN_FIXATION,
    Collection,
    Fixation,
    SolidElement,
)

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Handling:
    """How tissue was taken and fixed; None is what nobody recorded."""

    collection: Collection | None = None
    #: When its blood supply was stopped.
    clamped_at: datetime | None = None
    fixation: Fixation | None = None
    fixed_at: datetime | None = None
    fixed_until: datetime | None = None

    def as_fields(self) -> dict[str, str]:
        """What the act says of it."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else value.value
            for name, value in vars(self).items()
            if value is not None
        }


def read(fields: Mapping[str, Any]) -> Handling:
    """What an act says of it, as `Handling.as_fields` wrote it."""
    said = {name: fields[name] for name in Handling.__dataclass_fields__ if name in fields}
    for name, value in said.items():
        if name == "collection":
            said[name] = Collection(value)
        elif name == "fixation":
            said[name] = Fixation(value)
        else:
            said[name] = datetime.fromisoformat(value)
    return Handling(**said)


@dataclass(frozen=True)
class Solid:
    """What the code of a solid is made of; None is what nobody recorded."""

    sample_type: SampleType
    #: When it was taken out.
    collected_at: datetime
    handling: Handling
    #: When it was first frozen or stored.
    frozen_at: datetime | None
    #: The last element, which fluids have too.
    storage: str

    @property
    def warm(self) -> timedelta | None:
        """From the end of its blood supply until it was taken out."""
        since = self.handling.clamped_at
        return None if since is None else self.collected_at - since

    @property
    def cold(self) -> timedelta | None:
        """From when it was taken out until it was fixed; snap freezing fixes by freezing."""
        until = self.handling.fixed_at
        if until is None and self.handling.fixation is Fixation.SNAP:
            until = self.frozen_at
        return None if until is None else until - self.collected_at

    @property
    def fixed_for(self) -> timedelta | None:
        """How long it was in the fixative."""
        since, until = self.handling.fixed_at, self.handling.fixed_until
        return None if since is None or until is None else until - since


def elements(solid: Solid) -> dict[SolidElement, str] | None:
    """The seven elements in their order; None while nobody recorded how it was taken.

    The standard has no letter for an unknown way of taking.
    """
    handling = solid.handling
    if handling.collection is None:
        return None
    fixation = UNKNOWN_FIXATION if handling.fixation is None else handling.fixation.value
    is_snap = handling.fixation is Fixation.SNAP
    return {
        SolidElement.SAMPLE_TYPE: type_of(solid.sample_type),
        SolidElement.COLLECTION: handling.collection.value,
        SolidElement.WARM: _letter(solid.warm, ISCHAEMIA),
        SolidElement.COLD: _letter(solid.cold, ISCHAEMIA),
        SolidElement.FIXATION: fixation,
        SolidElement.FIXATION_TIME: NONE if is_snap else _letter(solid.fixed_for, FIXATION_TIME),
        SolidElement.STORAGE: solid.storage,
    }


def type_of(kind: SampleType) -> str:
    """The first element of a solid of this type."""
    return (kind if kind in SOLID_TYPES else SampleType.OTHER).value


def _letter(lasted: timedelta | None, bins: Sequence[tuple[int | None, str]]) -> str:
    if lasted is None or lasted < timedelta(0):
        return UNKNOWN
    minutes = lasted / _MINUTE
    return next((letter for most, letter in bins if most is None or minutes < most), OTHER)
