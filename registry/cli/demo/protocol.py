"""The cohorts as the registry knows them: opened by the data manager before anybody is included."""

from dataclasses import dataclass

from registry.cli.demo import study
from registry.cli.demo.study import Disease, Kit, Tube
from registry.kernel.actor import Actor
from registry.participants import protocol
from registry.participants.protocol import TubeSpec


@dataclass(frozen=True)
class OpenKit:
    """A kit with the ids under which the registry keeps it."""

    id: int
    #: Each tube with its id.
    tubes: tuple[tuple[int, Tube], ...]


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
    return OpenKit(defined.id, tuple(zip(ids, kit.tubes, strict=True)))
