"""Shapes of what is measured of a tube."""

from registry.vocab import limits
from registry.vocab.measuring import Measure, MeasureUnit, Method
from schemas.base import Shape
from schemas.dates import FrenchDateTime
from schemas.fields import Choice, FrenchDecimal, TrimmedText


class MeasuredIn(Shape):
    """One value; without a unit in the usual one, without a moment just now."""

    measure = Choice(Measure, required=True)
    value = FrenchDecimal(required=True, minimum=0)
    unit = Choice(MeasureUnit)
    method = Choice(Method, required=True)
    measured_at = FrenchDateTime()
    comment = TrimmedText(longest=limits.REASON_MAX, lines=True)
