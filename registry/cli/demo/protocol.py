"""The cohorts as the registry knows them: opened by the data manager before anybody is included."""

from dataclasses import dataclass

from registry.cli.demo import study
from registry.cli.demo.study import Disease, Kit, Tube
from registry.kernel.actor import Actor
from registry.participants import protocol
from registry.participants.protocol import TubeSpec
from registry.samples.plans import service as plans
from registry.samples.plans.service import Plan
from registry.vocab.printing import LabelPurpose
from registry.vocab.storage import StorageClass

#: Fluids are divided the day they are drawn.
_WITHIN_MINUTES = 8 * 60


@dataclass(frozen=True)
class OpenKit:
    """A kit with the ids under which the registry keeps it."""

    id: int
    #: Each tube with its id.
    tubes: tuple[tuple[int, Tube], ...]
    #: The lines of each tube's plan by its id, in the order of its fractions.
    planned: dict[int, tuple[int, ...]]


@dataclass(frozen=True)
class OpenCohort:
    """A cohort with the ids under which the registry keeps it."""

    id: int
    #: By the codes of the visits.
    visit_ids: dict[str, int]
    kits: dict[str, OpenKit]


def open_all(data_manager: Actor) -> dict[str, OpenCohort]:
    """Open every cohort with its visits and kits."""
    return {disease.code: _open(data_manager, disease) for disease in study.DISEASES}


def _open(data_manager: Actor, disease: Disease) -> OpenCohort:
    cohort_id = protocol.open_cohort(data_manager, code=disease.code, name=disease.name).id
    visit_ids = {
        visit.code: protocol.plan_visit(
            data_manager,
            cohort_id,
            code=visit.code,
            name=visit.name,
            day_offset=visit.day,
            days_before=visit.days_before,
            days_after=visit.days_after,
        ).id
        for visit in disease.visits
    }
    kits = {}
    for kit in disease.kits:
        visits = [visit for visit in disease.visits if visit.kit == kit.code]
        opened = _define(data_manager, cohort_id, kit, [visit_ids[visit.code] for visit in visits])
        kits.update({visit.code: opened for visit in visits})
    return OpenCohort(cohort_id, visit_ids, kits)


def _define(data_manager: Actor, cohort_id: int, kit: Kit, visit_ids: list[int]) -> OpenKit:
    defined = protocol.define_kit(
        data_manager,
        cohort_id,
        code=kit.code,
        name=kit.name,
        tubes=[
            TubeSpec(tube.sample_type, tube.container_type, tube.volume, tube.unit)
            for tube in kit.tubes
        ],
        visit_plan_ids=visit_ids,
    )
    ids = [tube.id for tube in defined.tubes]
    tubes = tuple(zip(ids, kit.tubes, strict=True))
    planned = {tube_id: _plan(data_manager, tube_id, tube) for tube_id, tube in tubes}
    return OpenKit(defined.id, tubes, planned)


def _plan(data_manager: Actor, tube_id: int, tube: Tube) -> tuple[int, ...]:
    """Plan what is made of a tube; what stands first is made first when the yield is short."""
    return tuple(
        plans.add(
            data_manager,
            tube_id,
            Plan(
                sample_type=fraction.sample_type,
                container_type=tube.container_type,
                volume=fraction.volume,
                count=fraction.count,
                priority=priority,
                label_purpose=(
                    LabelPurpose.ALIQUOT
                    if fraction.sample_type is tube.sample_type
                    else LabelPurpose.DERIVATIVE
                ),
                storage_class=StorageClass.ULTRA_LOW,
                within_minutes=_WITHIN_MINUTES,
            ),
        ).id
        for priority, fraction in enumerate(tube.fractions, start=1)
    )
