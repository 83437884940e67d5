"""Plans of what is made of the first tube of the blood kit, which holds 6 mL."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from registry.participants.models import KitDefinition, KitTube
from registry.persistence import registry_session
from registry.samples.models import Sample
from registry.samples.plans import service
from registry.samples.plans.models import PlannedSample
from registry.samples.plans.service import Plan
from registry.vocab.samples import ContainerType, SampleType
from tests.factories.accounts import People
from tests.factories.custody import receive
from tests.factories.participants import make_cohort
from tests.factories.samples import make_consenting_participant, make_tube


def edta_tube(cohort_code: str = "SLE") -> KitTube:
    """The EDTA blood tube of the cohort's kit."""
    cohort = make_cohort(cohort_code)
    return registry_session.scalars(
        sa.select(KitTube)
        .join(KitTube.kit)
        .where(KitDefinition.cohort_id == cohort.id, KitTube.position == 1)
    ).one()


def plasma(volume: str = "0.5", count: int = 6, **facts: Any) -> Plan:
    """So many plasma aliquots."""
    facts.setdefault("sample_type", SampleType.PLASMA_DOUBLE_SPUN)
    facts.setdefault("container_type", ContainerType.POLYPROPYLENE)
    return Plan(volume=Decimal(volume), count=count, **facts)


def make_plan(actors: People, *plans: Plan, parent_id: int | None = None) -> list[PlannedSample]:
    """Lines added by the data manager to the plan of the EDTA tube."""
    tube = edta_tube()
    return [
        service.add(actors.data_manager, tube.id, plan, parent_id=parent_id)
        for plan in plans or (plasma(),)
    ]


def make_planned_tube(actors: People, volume: str = "6") -> Sample:
    """An EDTA tube of the kit on the biobank's bench, drawn from somebody who agreed."""
    participant = make_consenting_participant(actors)
    sample = make_tube(actors, volume, participant=participant, kit_tube_id=edta_tube().id)
    receive(actors, sample.code)
    return sample
