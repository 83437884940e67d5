"""Shapes of a cohort's protocol: its visits and its kits."""

from typing import Any

from marshmallow import ValidationError, validates_schema
from marshmallow.fields import Nested

from registry.kernel.messages import Message, T
from registry.vocab import limits
from registry.vocab.samples import ContainerType, SampleType, Unit
from schemas.base import Shape
from schemas.fields import Choice, FrenchDecimal, ScanCode, Several, TrimmedText, WholeNumber
from schemas.terms import KindIn, Refined

_ID_MAX = 2**31 - 1


class CohortIn(Shape):
    """A cohort to open."""

    code = ScanCode(required=True)
    name = TrimmedText(required=True, longest=limits.NAME_MAX)


class VisitChangeIn(Shape):
    """When a visit is due, in days after the inclusion, and how far it may be off."""

    name = TrimmedText(required=True, longest=limits.NAME_MAX)
    day_offset = WholeNumber(required=True, maximum=limits.VISIT_DAY_MAX)
    days_before = WholeNumber(maximum=limits.VISIT_WINDOW_DAYS_MAX, load_default=0)
    days_after = WholeNumber(maximum=limits.VISIT_WINDOW_DAYS_MAX, load_default=0)


class VisitIn(VisitChangeIn):
    """A visit to plan."""

    code = ScanCode(required=True)


class KitChangeIn(Shape):
    """What a kit is called, and at which visits it is drawn."""

    name = TrimmedText(required=True, longest=limits.NAME_MAX)
    visits = Several(WholeNumber(minimum=1, maximum=_ID_MAX), load_default=list)


class PlannedTubeIn(KindIn):
    """So many tubes alike; a line of which nothing is filled in is none."""

    sample_type = Refined(SampleType)
    container_type = Refined(ContainerType)
    volume = FrenchDecimal(above=0)
    unit = Choice(Unit)
    count = WholeNumber(minimum=1, maximum=limits.KIT_TUBES_MAX)


class KitPlanIn(KitChangeIn):
    """A kit to define."""

    code = ScanCode(required=True)
    tubes = Several(Nested(PlannedTubeIn), required=True)

    @validates_schema(skip_on_field_errors=False)
    def check_lines(self, data: dict[str, Any], **_: Any) -> None:
        """A line that was begun is whole, and at least one was."""
        lines = data.get("tubes") or []
        problems = {
            place: missing for place, line in enumerate(lines) if (missing := _missing(line))
        }
        if problems:
            raise ValidationError({"tubes": problems})
        if lines and not any(is_begun(line) for line in lines):
            raise ValidationError({"tubes": [T("A kit has at least one tube.")]})


def is_begun(line: dict[str, Any]) -> bool:
    """Whether the line says anything of a tube: the unit is always there."""
    return any(line.get(name) for name in ("sample_type", "container_type", "volume", "count"))


def _missing(line: dict[str, Any]) -> dict[str, list[Message]]:
    if not is_begun(line):
        return {}
    return {
        name: [T("Fill in this field.")]
        for name in ("sample_type", "container_type", "volume")
        if name in line and line[name] is None
    }
