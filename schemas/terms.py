"""Shapes of adapting a vocabulary."""

from registry.vocab import limits
from schemas.base import Shape
from schemas.fields import TrimmedText


class TermIn(Shape):
    """A term of the place, with the one of the rules that it refines."""

    refines = TrimmedText(required=True, longest=limits.CODE_MAX)
    fr = TrimmedText(required=True, longest=limits.LABEL_MAX)
    en = TrimmedText(required=True, longest=limits.LABEL_MAX)
