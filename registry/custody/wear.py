"""What a sample has been through so far: its thaws and its time out of the store.

Each act takes it one step further, so that it is kept beside the holder and
costs an act nothing; a correction has it told again from the acts that stand.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.samples import SampleCondition


class Deed(Protocol):
    """What an act says that wears a sample, or gives it rest."""

    @property
    def kind(self) -> ActKind: ...
    @property
    def happened_at(self) -> datetime: ...
    @property
    def holder_after(self) -> HolderKind: ...
    @property
    def fields(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Wear:
    """How a sample is after some of its acts."""

    #: How often it was thawed, as itself or as what it was made of.
    thaws: int = 0
    #: Whether it was thawed and neither frozen nor put away since.
    is_thawed: bool = False
    #: The time out of the store between its stays there; None: it never was in it.
    out_of_store: timedelta | None = None
    #: While it is out after having been in: since when it would have been out all at once.
    out_from: datetime | None = None

    def after(
        self, kind: ActKind, fields: Mapping[str, Any], at: datetime, holder: HolderKind
    ) -> "Wear":
        """One act later.  What is seen after a thawing is the same thaw, until it is cold again."""
        is_seen = fields.get("condition") == SampleCondition.THAWED.value
        is_one_more = kind is ActKind.THAWED or (is_seen and not self.is_thawed)
        is_cold = kind is ActKind.FROZEN or holder is HolderKind.POSITION
        return Wear(
            self.thaws + is_one_more,
            (self.is_thawed or is_one_more) and not is_cold,
            *self._out(at, holder),
        )

    def _out(self, at: datetime, holder: HolderKind) -> tuple[timedelta | None, datetime | None]:
        if holder is HolderKind.POSITION:
            so_far = self.out_of_store or timedelta(0)
            return (so_far if self.out_from is None else at - self.out_from), None
        if holder is HolderKind.DESTROYED or self.out_of_store is None:
            return self.out_of_store, None
        return self.out_of_store, self.out_from or at - self.out_of_store

    def out_by(self, moment: datetime) -> timedelta | None:
        """How long it was out of the store altogether by that moment; None: it never was in it."""
        return self.out_of_store if self.out_from is None else moment - self.out_from


NEW = Wear()


def passed_on(parents: Collection[Wear]) -> Wear:
    """How that which is made of these begins: with their thaws, and a store of its own.

    A pool is as the one that went through the most; what was drawn is new.
    """
    return Wear(
        max((one.thaws for one in parents), default=0), any(one.is_thawed for one in parents)
    )


def told(deeds: Iterable[Deed], *, before: Wear = NEW) -> Wear:
    """What these acts, one after another, make of a sample that was `before` like that."""
    wear = before
    for one in deeds:
        wear = wear.after(one.kind, one.fields, one.happened_at, one.holder_after)
    return wear
