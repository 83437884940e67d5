"""Shape of choosing which duties are listed."""

from registry.vocab.duties import DutyKind, Horizon
from schemas.base import Shape
from schemas.fields import Choice


class DutiesIn(Shape):
    """One kind, until some day."""

    horizon = Choice(Horizon)
    list = Choice(DutyKind)
