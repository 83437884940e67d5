"""What is asked, and what a form says on it by its questions and answers alone.

The forms of a cohort are few and so are the ways of answering them: what each
says is worked out once, however many participants said it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from registry.consents.decision import duo
from registry.consents.decision.forms import ItemAnswer
from registry.consents.decision.study import Study, alone
from registry.vocab.consent import Answer, Use
from registry.vocab.research import DuoTerm

Items = tuple[ItemAnswer, ...]


@dataclass(frozen=True)
class Reading:
    """What a form answered in one way says on a question."""

    #: The codes of the items on the use, and of those that are about what is asked.
    codes: frozenset[str]
    about: frozenset[str]
    #: The items whose conditions are weighed: the narrowest that hold what is asked.
    weighed: Items
    #: The items whose answers count: these, what is a part of what is asked, and those without
    #: which the form allows nothing.
    bearing: Items
    #: Whether the form, taken alone, agrees.
    agrees: bool
    #: Whether one of the answers that count is a refusal.
    refuses: bool
    #: For how many months every answer that counts holds; None for good.
    months: int | None
    #: What the conditions come to; None where it depends on the day of the signature.
    outcomes: tuple[duo.Outcome, ...] | None


class Question:
    """A use, made by a project or by itself."""

    def __init__(self, use: Use, project: Study | None = None) -> None:
        self.use = use
        self.project = project
        #: None for a use that is no research.
        self.study = project or alone(use)
        # By identity: comparing the items would cost as much as reading them.
        self._read: dict[int, tuple[Items, Reading]] = {}

    def reading(self, items: Items) -> Reading:
        """What a form with these items and answers says."""
        known = self._read.get(id(items))
        if known is None:
            known = self._read[id(items)] = (items, self._read_anew(items))
        return known[1]

    def _read_anew(self, items: Items) -> Reading:
        covering = [item for item in items if self.use in item.uses]
        widths = [self._width(item) for item in covering]
        parts = [self._is_part(item) for item in covering]
        narrowest = min((width for width in widths if width is not None), default=None)
        weighed = tuple(
            item for item, width in zip(covering, widths, strict=True) if width == narrowest
        )
        counting = {item.code for item, part in zip(covering, parts, strict=True) if part} | {
            item.code for item in weighed
        }
        bearing = tuple(item for item in items if item.mandatory or item.code in counting)
        return Reading(
            codes=frozenset(item.code for item in covering),
            about=frozenset(
                item.code
                for item, width, part in zip(covering, widths, parts, strict=True)
                if part or width is not None
            ),
            weighed=weighed,
            bearing=bearing,
            agrees=all(item.answer is Answer.ACCEPTED for item in bearing),
            refuses=any(item.answer is Answer.REFUSED for item in bearing),
            months=min(
                (item.valid_months for item in bearing if item.valid_months is not None),
                default=None,
            ),
            outcomes=self._outcomes(weighed),
        )

    def _width(self, item: ItemAnswer) -> int | None:
        return 0 if self.study is None else duo.width(item.terms, self.study)

    def _is_part(self, item: ItemAnswer) -> bool:
        return self.study is not None and duo.is_part(item.terms, self.study)

    def _outcomes(self, weighed: Items) -> tuple[duo.Outcome, ...] | None:
        if any(name is DuoTerm.TS for item in weighed for name, _value in item.terms):
            return None
        return self.weigh(weighed, date.min, date.min)

    def weigh(
        self, items: Sequence[ItemAnswer], on: date, signed_on: date
    ) -> tuple[duo.Outcome, ...]:
        """What the conditions of each item come to on a day, for a form signed on another."""
        if self.study is None:
            return tuple(duo.in_time(item.terms, signed_on, on) for item in items)
        asking = duo.Asking(self.study, on, signed_on)
        return tuple(duo.weigh(item.terms, asking) for item in items)
