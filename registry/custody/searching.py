"""Searching samples by what is not kept of them: their SPREC code and their delays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from registry.custody import derived
from registry.custody.derived import Derived
from registry.custody.views import Listed
from registry.samples import sprec, tissue
from registry.vocab.derivation import made_of
from registry.vocab.samples import SampleType
from registry.vocab.sprec import ANY, SEPARATOR, SOLIDS


@dataclass(frozen=True)
class Sought:
    """What the code and the delays of samples are to be; what is None does not matter.

    A delay that nobody knows is not at most anything, and a sample without a
    code begins with nothing: neither is ever guessed.
    """

    #: What the code begins with; ``*`` stands for any one element.
    sprec: str | None = None
    #: Each of its elements is known.
    sprec_complete: bool = False
    #: Minutes from the collection to the first centrifugation or other processing.
    delay_minutes_to: int | None = None
    #: Minutes of a solid without blood in the body, and from then until it was fixed.
    warm_minutes_to: int | None = None
    cold_minutes_to: int | None = None

    @property
    def is_anything(self) -> bool:
        """Whether something is asked at all."""
        return self != Sought()

    @property
    def types(self) -> frozenset[SampleType] | None:
        """The only types that can match; None: every type."""
        types = frozenset(SampleType)
        first = ANY if self.sprec is None else self.sprec.partition(SEPARATOR)[0]
        if first != ANY:
            told = (sprec.type_of, tissue.type_of)
            types = frozenset(
                one for one in types if any(tell(one).startswith(first) for tell in told)
            )
        if self.warm_minutes_to is not None or self.cold_minutes_to is not None:
            types &= made_of(SOLIDS)
        return None if types == frozenset(SampleType) else types

    def keep(self, rows: Sequence[Listed]) -> Sequence[Listed]:
        """Those of these samples that match, in their order, in a constant number of statements."""
        found = derived.of([row.id for row in rows])
        return [row for row in rows if self._matches(found[row.id])]

    def _matches(self, one: Derived) -> bool:
        solid = one.solid
        return (
            (self.sprec is None or sprec.begins(one.sprec, self.sprec))
            and (not self.sprec_complete or sprec.is_complete(one.sprec))
            and _at_most(one.before_spin, self.delay_minutes_to)
            and _at_most(None if solid is None else solid.warm, self.warm_minutes_to)
            and _at_most(None if solid is None else solid.cold, self.cold_minutes_to)
        )


def _at_most(lasted: timedelta | None, minutes: int | None) -> bool:
    if minutes is None:
        return True
    # Below nothing: one of the times is wrong, and how long it lasted is not known.
    return lasted is not None and timedelta(0) <= lasted <= timedelta(minutes=minutes)
