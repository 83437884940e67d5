"""What a cohort foresees: its visits, and the kits drawn at them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.participants.models import Cohort, KitDefinition, KitTube, VisitPlan
from registry.participants.terms import kinds
from registry.participants.terms.kinds import Names
from registry.persistence import lock_row, registry_session, transactional
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.samples import ContainerType, SampleType, Unit


@dataclass(frozen=True)
class TubeSpec:
    """A tube as a kit expects it."""

    sample_type: SampleType
    container_type: ContainerType
    nominal_volume: Decimal
    unit: Unit = Unit.MILLILITRE
    #: The codes of the terms of the place that were chosen.
    type_term: str | None = None
    container_term: str | None = None

    @property
    def terms(self) -> Mapping[str, Names | None]:
        """Both as they are kept.

        :raises InvalidInput: one is not offered.
        """
        return kinds.kept(
            self.sample_type, self.type_term, self.container_type, self.container_term
        )


@transactional
def open_cohort(actor: Actor, *, code: str, name: str) -> Cohort:
    """Open a cohort.

    :raises InvalidInput: the code is taken.
    """
    require(actor, Permission.PROTOCOL_EDIT)
    if registry_session.scalar(sa.select(Cohort.id).where(Cohort.code == code)):
        raise InvalidInput(T("There is a cohort with this code already."), field="code")
    cohort = Cohort(code=code, name=name)
    registry_session.add(cohort)
    registry_session.flush()
    audit.record(actor, AuditTag.COHORT_OPENED, cohort)
    return cohort


@transactional
def plan_visit(
    actor: Actor,
    cohort_id: int,
    *,
    code: str,
    name: str,
    day_offset: int,
    days_before: int = 0,
    days_after: int = 0,
) -> VisitPlan:
    """Foresee a visit so many days after the inclusion, within its window.

    :raises InvalidInput: the cohort has a visit with this code, or the window is negative.
    """
    require(actor, Permission.PROTOCOL_EDIT)
    cohort = lock_row(Cohort, cohort_id)
    if any(plan.code == code for plan in cohort.visit_plans):
        raise InvalidInput(T("The cohort has a visit with this code already."), field="code")
    _check_window(days_before, days_after)
    plan = VisitPlan(
        cohort=cohort,
        code=code,
        name=name,
        day_offset=day_offset,
        days_before=days_before,
        days_after=days_after,
    )
    registry_session.add(plan)
    registry_session.flush()
    audit.record(actor, AuditTag.PROTOCOL_CHANGED, cohort, visit=code)
    return plan


@transactional
def change_visit(
    actor: Actor,
    plan_id: int,
    *,
    name: str,
    day_offset: int,
    days_before: int,
    days_after: int,
) -> VisitPlan:
    """Change what a visit is called and when it is due; visits that took place stay as they are.

    :raises NotFound: there is no such visit.
    :raises InvalidInput: the window is negative.
    """
    require(actor, Permission.PROTOCOL_EDIT)
    plan = lock_row(VisitPlan, plan_id)
    _check_window(days_before, days_after)
    before = {"day": plan.day_offset, "before": plan.days_before, "after": plan.days_after}
    plan.name, plan.day_offset = name, day_offset
    plan.days_before, plan.days_after = days_before, days_after
    registry_session.flush()
    audit.record(actor, AuditTag.PROTOCOL_CHANGED, plan.cohort, visit=plan.code, was=before)
    return plan


def _check_window(days_before: int, days_after: int) -> None:
    if days_before < 0 or days_after < 0:
        raise InvalidInput(T("A window cannot be negative."), field="days_before")


@transactional
def define_kit(
    actor: Actor,
    cohort_id: int,
    *,
    code: str,
    name: str,
    tubes: Sequence[TubeSpec],
    visit_plan_ids: Sequence[int] = (),
) -> KitDefinition:
    """Define a kit and the planned visits at which it is drawn; the tubes keep their order.

    :raises InvalidInput: the cohort has a kit with this code, a visit is not
        the cohort's, or there are no tubes or too many.
    """
    require(actor, Permission.PROTOCOL_EDIT)
    cohort = lock_row(Cohort, cohort_id)
    if any(kit.code == code for kit in cohort.kits):
        raise InvalidInput(T("The cohort has a kit with this code already."), field="code")
    if not 1 <= len(tubes) <= limits.KIT_TUBES_MAX:
        raise InvalidInput(
            T("A kit has from 1 to {most} tubes.", most=limits.KIT_TUBES_MAX), field="tubes"
        )
    plans = _plans(cohort, visit_plan_ids)
    kit = KitDefinition(
        cohort=cohort,
        code=code,
        name=name,
        visit_plans=plans,
        tubes=[
            KitTube(
                position=position,
                sample_type=tube.sample_type,
                container_type=tube.container_type,
                nominal_volume=tube.nominal_volume,
                unit=tube.unit,
                **tube.terms,
            )
            for position, tube in enumerate(tubes, start=1)
        ],
    )
    registry_session.add(kit)
    registry_session.flush()
    audit.record(actor, AuditTag.PROTOCOL_CHANGED, cohort, kit=code, tubes=len(tubes))
    return kit


@transactional
def change_kit(
    actor: Actor, kit_id: int, *, name: str, visit_plan_ids: Sequence[int]
) -> KitDefinition:
    """Change what a kit is called and at which visits it is drawn; its tubes stay.

    :raises NotFound: there is no such kit.
    :raises InvalidInput: a visit is not the cohort's.
    """
    require(actor, Permission.PROTOCOL_EDIT)
    kit = lock_row(KitDefinition, kit_id)
    kit.name, kit.visit_plans = name, _plans(kit.cohort, visit_plan_ids)
    registry_session.flush()
    visits = [plan.code for plan in kit.visit_plans]
    audit.record(actor, AuditTag.PROTOCOL_CHANGED, kit.cohort, kit=kit.code, visits=visits)
    return kit


def _plans(cohort: Cohort, visit_plan_ids: Sequence[int]) -> list[VisitPlan]:
    plans = [plan for plan in cohort.visit_plans if plan.id in visit_plan_ids]
    if len(plans) != len(set(visit_plan_ids)):
        raise InvalidInput(T("This visit belongs to another cohort."), field="visit_plan_ids")
    return plans
