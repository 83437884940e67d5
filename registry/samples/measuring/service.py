"""Recording what was measured of a sample, and correcting it by another measurement."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound, RuleBroken
from registry.kernel.messages import T
from registry.persistence import lock_row, registry_session, transactional
from registry.samples import queries as samples
from registry.samples.measuring.models import Measurement
from registry.samples.models import Sample
from registry.samples.quantities import written
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.labels import label
from registry.vocab.measuring import SCALES, Measure, MeasureUnit, Method


@dataclass(frozen=True)
class Measured:
    """One value, and how it came about."""

    measure: Measure
    value: Decimal
    unit: MeasureUnit
    method: Method
    measured_at: datetime
    comment: str | None = None


@transactional
def record(
    actor: Actor, code: str, measured: Measured, *, corrects: int | None = None
) -> Measurement:
    """Record a measurement; with `corrects`, in the place of an earlier one of the same kind.

    :raises NotFound: there is no such sample at the actor's sites, or it has no
        such measurement.
    :raises InvalidInput: the sample has nothing of the kind to measure, the
        value cannot be, or the moment is before the collection or in the future.
    :raises RuleBroken: the measurement was corrected before.
    """
    sample = samples.get(actor, code)
    require(actor, Permission.SAMPLE_MEASURE, sample)
    sample = lock_row(Sample, sample.id)
    _check(sample, measured)
    if corrects is not None:
        _check_corrects(sample, measured.measure, corrects)
    made = Measurement(
        sample_id=sample.id,
        measure=measured.measure,
        value=measured.value,
        unit=measured.unit,
        method=measured.method,
        comment=measured.comment,
        measured_at=measured.measured_at,
        recorded_at=clock.now(),
        recorded_by_id=actor.id,
        corrects_id=corrects,
    )
    registry_session.add(made)
    registry_session.flush()
    audit.record(
        actor,
        AuditTag.SAMPLE_MEASURED,
        sample,
        measure=measured.measure,
        value=written(measured.value),
        unit=measured.unit,
        corrects=corrects,
    )
    return made


def _check(sample: Sample, measured: Measured) -> None:
    scale = SCALES[measured.measure]
    if scale.of is not None and sample.sample_type not in scale.of:
        raise InvalidInput(
            T(
                "{code} is {type}: that has no {measure}.",
                code=sample.code,
                type=label(sample.sample_type),
                measure=label(measured.measure),
            ),
            field="measure",
        )
    if measured.unit not in scale.units:
        raise InvalidInput(
            T("{measure} is not measured in this unit.", measure=label(measured.measure)),
            field="unit",
        )
    value = measured.value
    if not scale.least <= value <= scale.most:
        raise InvalidInput(
            T("A number from {least} to {most}.", least=written(scale.least),
              most=written(scale.most)),
            field="value",
        )  # fmt: skip
    if value != round(value, limits.QUANTITY_PLACES):
        raise InvalidInput(
            T("At most {places} decimals.", places=limits.QUANTITY_PLACES), field="value"
        )
    if measured.method is Method.OTHER and not measured.comment:
        raise InvalidInput(T("Say how it was measured."), field="comment")
    if not sample.collected_at <= measured.measured_at <= clock.now():
        raise InvalidInput(
            T("The moment lies before the collection or in the future."), field="measured_at"
        )


def _check_corrects(sample: Sample, measure: Measure, corrects: int) -> None:
    earlier = registry_session.get(Measurement, corrects)
    if earlier is None or earlier.sample_id != sample.id or earlier.measure is not measure:
        raise NotFound(T("The tube has no such measurement."))
    if registry_session.scalar(
        sa.select(Measurement.id).where(Measurement.corrects_id == corrects)
    ):
        raise RuleBroken(T("This measurement was corrected before. Correct the newer one."))
