"""Adding to the plan of a tube, and withdrawing from it."""

from dataclasses import asdict, dataclass
from decimal import Decimal

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound
from registry.kernel.messages import T
from registry.participants.models import KitTube
from registry.participants.terms import kinds
from registry.persistence import lock_row, registry_session, transactional
from registry.samples import policies
from registry.samples.plans.models import PlannedSample
from registry.samples.quantities import written
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.plans import PLANNED_LABELS
from registry.vocab.printing import LabelPurpose
from registry.vocab.samples import ContainerType, SampleType
from registry.vocab.storage import StorageClass


@dataclass(frozen=True)
class Plan:
    """What a line plans: so many containers alike, each of so much in the tube's unit."""

    sample_type: SampleType
    container_type: ContainerType
    volume: Decimal
    count: int = 1
    priority: int = 1
    label_purpose: LabelPurpose = LabelPurpose.ALIQUOT
    storage_class: StorageClass | None = None
    within_minutes: int | None = None
    #: The codes of the terms of the place that were chosen.
    type_term: str | None = None
    container_term: str | None = None


@transactional
def add(
    actor: Actor, kit_tube_id: int, plan: Plan, *, parent_id: int | None = None
) -> PlannedSample:
    """Plan what is to be made of a tube or, with `parent_id`, of what is planned of it.

    :raises NotFound: there is no such tube, or it has no such line.
    :raises InvalidInput: the type cannot come of what it is made of, a number
        is out of its bounds, or the plan is full.
    """
    require(actor, Permission.PROTOCOL_EDIT)
    tube = lock_row(KitTube, kit_tube_id)
    lines = _standing(tube)
    source: KitTube | PlannedSample = tube
    if parent_id is not None:
        if parent_id not in lines:
            raise NotFound(T("The tube has no such line in its plan."), field="parent")
        source = lines[parent_id]
    if len(lines) == limits.PLANNED_LINES_MAX:
        raise InvalidInput(
            T("The plan of a tube has at most {most} lines.", most=limits.PLANNED_LINES_MAX)
        )
    _check(source, plan)
    terms = kinds.kept(plan.sample_type, plan.type_term, plan.container_type, plan.container_term)
    line = PlannedSample(kit_tube_id=tube.id, parent_id=parent_id, **(asdict(plan) | terms))
    registry_session.add(line)
    registry_session.flush()
    audit.record(
        actor,
        AuditTag.PROTOCOL_CHANGED,
        tube.kit.cohort,
        kit=tube.kit.code,
        tube=tube.position,
        planned=line.id,
        type=plan.sample_type,
        count=plan.count,
        volume=written(plan.volume),
        priority=plan.priority,
    )
    return line


def _check(source: KitTube | PlannedSample, plan: Plan) -> None:
    policies.check_derivable(source.sample_type, source.container_type, plan.sample_type)
    policies.check_quantity(plan.volume)
    for value, most, field in (
        (plan.count, limits.ALIQUOTS_AT_ONCE_MAX, "count"),
        (plan.priority, limits.PLANNED_PRIORITY_MAX, "priority"),
        (plan.within_minutes, limits.PLANNED_MINUTES_MAX, "within_minutes"),
    ):
        if value is not None and not 1 <= value <= most:
            raise InvalidInput(T("A number from 1 to {most}.", most=most), field=field)
    if plan.label_purpose not in PLANNED_LABELS:
        raise InvalidInput(T("Choose one of the values offered."), field="label_purpose")


@transactional
def withdraw(actor: Actor, planned_id: int) -> PlannedSample:
    """Take a line out of the plan with all that is planned of it; what was made by it stays.

    :raises NotFound: there is no such line, or it was withdrawn.
    """
    require(actor, Permission.PROTOCOL_EDIT)
    found = registry_session.get(PlannedSample, planned_id)
    if found is None:
        raise NotFound(T("The tube has no such line in its plan."))
    tube = lock_row(KitTube, found.kit_tube_id)
    lines = _standing(tube)
    if planned_id not in lines:
        raise NotFound(T("The tube has no such line in its plan."))
    gone, now = {planned_id}, clock.now()
    # A line comes after what it is made of.
    for line in lines.values():
        if line.id in gone or line.parent_id in gone:
            gone.add(line.id)
            line.retired_at = now
    registry_session.flush()
    audit.record(
        actor,
        AuditTag.PROTOCOL_CHANGED,
        tube.kit.cohort,
        kit=tube.kit.code,
        tube=tube.position,
        withdrawn=sorted(gone),
    )
    return found


def _standing(tube: KitTube) -> dict[int, PlannedSample]:
    """The lines of a tube that is locked, as they are now."""
    rows = registry_session.scalars(
        sa.select(PlannedSample)
        .where(PlannedSample.kit_tube_id == tube.id, PlannedSample.retired_at.is_(None))
        .order_by(PlannedSample.id)
        .execution_options(populate_existing=True)
    )
    return {line.id: line for line in rows}
