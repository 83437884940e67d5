"""What is said of a pool: no more than what all that it was made of have in common."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from registry.vocab.sprec import UNKNOWN
from registry.vocab.tissue import SolidElement

Elements = Mapping[Any, str]

Value = TypeVar("Value")


def same(found: Sequence[Value]) -> Value | None:
    """What all of them say; None when they say different things."""
    return found[0] if all(one == found[0] for one in found) else None


def elements(found: Sequence[Elements | None]) -> Elements | None:
    """The elements of a SPREC code, in which what they do not agree on is unknown.

    None where one of them has no code, where some are fluids and others
    solids, and where solids were taken in different ways: the standard has no
    letter for an unknown one.
    """
    first, *others = found
    if first is None:
        return None
    agreed = dict(first)
    for other in others:
        if other is None or other.keys() != first.keys():
            return None
        for element, said in other.items():
            if said != first[element]:
                agreed[element] = UNKNOWN * len(said)
    is_way_unknown = agreed.get(SolidElement.COLLECTION) != first.get(SolidElement.COLLECTION)
    return None if is_way_unknown else agreed
