"""Reading what was measured of a sample, and how much of something that makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from registry.persistence import registry_session
from registry.samples.measuring.models import Measurement
from registry.vocab.measuring import PER_MILLILITRE, Measure
from registry.vocab.samples import Unit

#: How many millilitres there are in a unit of volume.
_MILLILITRES: Mapping[Unit, Decimal] = {
    Unit.MILLILITRE: Decimal(1),
    Unit.MICROLITRE: Decimal("0.001"),
}
#: What the concentrations count, the one that is asked first to be shown.
_COUNTED: Mapping[Measure, Unit] = {
    Measure.CONCENTRATION: Unit.MICROGRAM,
    Measure.CELLS: Unit.MILLION_CELLS,
}


@dataclass(frozen=True)
class Amount:
    """How much of something there is."""

    quantity: Decimal
    unit: Unit


@dataclass(frozen=True)
class Content:
    """What is known of a sample's content: the latest measurement of each kind, all of them."""

    latest: Mapping[Measure, Measurement]
    #: The newest first, the corrected ones among them.
    all: Sequence[Measurement]
    corrected: frozenset[int]

    def amounts(self, volume: Decimal, unit: Unit) -> Sequence[Amount]:
        """What a volume of it holds by the latest concentrations; nothing of what is no volume."""
        millilitres = _MILLILITRES.get(unit)
        if millilitres is None:
            return ()
        return [
            Amount(volume * millilitres * one.value * PER_MILLILITRE[one.unit], counted)
            for measure, counted in _COUNTED.items()
            if (one := self.latest.get(measure)) is not None
        ]


def content(sample_id: int) -> Content:
    """What was measured of the sample; whoever asks has asked leave to see it."""
    found = registry_session.scalars(
        sa.select(Measurement)
        .where(Measurement.sample_id == sample_id)
        .order_by(Measurement.measured_at.desc(), Measurement.id.desc())
    ).all()
    corrected = frozenset(one.corrects_id for one in found if one.corrects_id is not None)
    latest: dict[Measure, Measurement] = {}
    for one in found:
        if one.id not in corrected:
            latest.setdefault(one.measure, one)
    return Content(latest, found, corrected)
