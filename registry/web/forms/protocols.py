"""Forms of a cohort's protocol: its visits and its kits."""

from collections.abc import Sequence
from typing import Any

from wtforms import FieldList, Form, FormField, SelectField, StringField

from registry.kernel.messages import T
from registry.participants.models import KitDefinition, VisitPlan
from registry.vocab.terms import Vocabulary
from registry.web.forms.base import SchemaForm
from registry.web.forms.choices import ChecksField, rows, terms_of
from schemas.protocols import CohortIn, KitChangeIn, KitPlanIn, VisitChangeIn, VisitIn


class CohortForm(SchemaForm):
    """A cohort to open."""

    schema = CohortIn

    name = StringField(T("Name"))
    code = StringField(
        T("Code"), description=T("Short, such as SLE. It is part of files and cannot be changed.")
    )


class VisitChangeForm(SchemaForm):
    """When a visit is due."""

    schema = VisitChangeIn

    name = StringField(T("Name"), description=T("As nurses call it, such as Month 6."))
    day_offset = StringField(T("Days after the inclusion"))
    days_before = StringField(T("Days too early that are allowed"), default="0")
    days_after = StringField(T("Days too late that are allowed"), default="0")

    @classmethod
    def of(cls, plan: VisitPlan) -> "VisitChangeForm":
        """The form as somebody would have filled it in for this visit."""
        return cls(
            data={
                "name": plan.name,
                "day_offset": str(plan.day_offset),
                "days_before": str(plan.days_before),
                "days_after": str(plan.days_after),
            }
        )


class VisitForm(VisitChangeForm):
    """A visit to plan."""

    schema = VisitIn

    code = StringField(T("Code"), description=T("Short, such as M6. It cannot be changed."))


class KitChangeForm(SchemaForm):
    """What a kit is called, and when it is drawn."""

    schema = KitChangeIn

    name = StringField(T("Name"))
    visits = ChecksField(T("Drawn at these visits"))

    def __init__(self, plans: Sequence[VisitPlan], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.visits.choices = rows((plan.id, plan.name) for plan in plans)

    @classmethod
    def of(cls, kit: KitDefinition) -> "KitChangeForm":
        """The form as somebody would have filled it in for this kit."""
        drawn_at = [str(plan.id) for plan in kit.visit_plans]
        return cls(kit.cohort.visit_plans, data={"name": kit.name, "visits": drawn_at})


class PlannedTubeForm(Form):  # type: ignore[misc]
    """So many tubes alike."""

    sample_type = SelectField(
        T("Type"), choices=terms_of(Vocabulary.SAMPLE_TYPE, blank=T("No tube"))
    )
    container_type = SelectField(
        T("Container"), choices=terms_of(Vocabulary.CONTAINER_TYPE, blank=T("Choose one"))
    )
    volume = StringField(T("Volume"))
    unit = SelectField(T("Unit"), choices=terms_of(Vocabulary.UNIT))
    count = StringField(T("How many"))


class KitPlanForm(KitChangeForm):
    """A kit to define, with lines for its tubes."""

    schema = KitPlanIn

    code = StringField(T("Code"), description=T("Short, such as BLOOD. It cannot be changed."))
    tubes = FieldList(FormField(PlannedTubeForm))

    def __init__(self, plans: Sequence[VisitPlan], *, lines: int) -> None:
        super().__init__(plans)
        while len(self.tubes.entries) < lines:
            self.tubes.append_entry()
        for number, line in enumerate(self.tubes.entries, start=1):
            for field in line.form:
                # The table shows no labels; errors do.
                name = field.label.text
                field.label.text = T("Line {number}, {field}", number=number, field=name)
