"""What the comparison page tells: both identities line by line, and what the score is made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from registry.identity.reveal import Identity
from registry.identity.scoring import AUTOMATIC_BITS, REVIEW_BITS
from registry.identity.service import Review, SideBySide
from registry.kernel.messages import Message, T
from registry.vocab.identity import Agreement, Compared, Trait
from registry.vocab.labels import label
from registry.web import language, marking

#: What the longest bar and the ends of the scale stand for, in points.
_LONGEST = 15.0
_SCALE = (-20.0, 40.0)
#: In digits whatever the language, so that an exchange of day and month is seen.
_DAY = "%d/%m/%Y"


@dataclass(frozen=True, repr=False)
class Line:
    """One trait of both, what differs marked, and how far they agree."""

    name: Message
    first: Markup
    second: Markup
    level: Agreement | None
    words: Message | None


def lines(both: SideBySide) -> Iterator[Line]:
    """The traits of both identities, each beside the other."""
    ones, others = _texts(both.first), _texts(both.second)
    for (name, field, one), (_, _, other) in zip(ones, others, strict=True):
        if one or other:
            level = None if field is None else both.review.levels.get(field)
            known = None if level is Agreement.MISSING else level
            yield Line(name, *marking.marked(one, other), known, _words(one, other))


def _texts(identity: Identity) -> Sequence[tuple[Message, Compared | None, str]]:
    traits = identity.traits
    numbers = ", ".join(
        f"{one.identifier.number} ({one.identifier.site})" for one in identity.numbers
    )
    residence = " ".join(part for part in (traits.postal_code, traits.town) if part)
    return [
        (label(Trait.BIRTH_NAME), Compared.BIRTH_NAME, traits.birth_name or ""),
        (label(Trait.GIVEN_NAMES), Compared.GIVEN_NAMES, traits.given_names or ""),
        (label(Trait.USED_NAME), None, traits.used_name or ""),
        (label(Trait.USED_GIVEN_NAMES), None, traits.used_given_names or ""),
        (
            label(Trait.BIRTH_DATE),
            Compared.BIRTH_DATE,
            traits.birth_date.strftime(_DAY) if traits.birth_date else "",
        ),
        (
            label(Trait.SEX),
            Compared.SEX,
            language.translate(label(traits.sex)) if traits.sex else "",
        ),
        (label(Trait.BIRTH_PLACE), Compared.BIRTH_PLACE, traits.birth_place or ""),
        (label(Compared.RESIDENCE), Compared.RESIDENCE, residence),
        (label(Compared.IDENTIFIER), Compared.IDENTIFIER, numbers),
    ]


def _words(one: str, other: str) -> Message | None:
    """How both are written, told for whoever does not see the marks."""
    if not one or not other:
        return T("Known on one side only")
    letters = marking.count(one, other)
    if letters:
        return T("Letters that differ: {count}", count=letters)
    return None if one == other else T("Same letters, written differently")


@dataclass(frozen=True)
class Weighed:
    """What one field says, and how strongly."""

    field: Compared
    level: Agreement
    points: float

    @property
    def bar(self) -> int:
        """The length of its bar in percent of the longest; to the left when against."""
        return round(max(-1.0, min(1.0, self.points / _LONGEST)) * 100)


@dataclass(frozen=True)
class Score:
    """A score taken apart."""

    fields: Sequence[Weighed]
    #: How seldom two identities drawn at random are one person's: what agreement must outweigh.
    rarity: float
    total: float
    asked_from: float = REVIEW_BITS
    certain_from: float = AUTOMATIC_BITS

    @property
    def is_held_back(self) -> bool:
        """Whether the total alone would decide, and a rule asks a person all the same."""
        return self.total >= self.certain_from

    def at(self, points: float) -> int:
        """Where so many points lie on the scale, in percent of its length."""
        low, high = _SCALE
        return round((max(low, min(high, points)) - low) / (high - low) * 100)


def score(review: Review) -> Score:
    """What the review's score is made of; fields that one side lacks weigh nothing."""
    fields = [
        Weighed(field, level, review.weights.get(field, 0.0))
        for field, level in review.levels.items()
        if level is not Agreement.MISSING
    ]
    order = list(Compared)
    fields.sort(key=lambda one: order.index(one.field))
    rarity = review.bits - sum(one.points for one in fields)
    return Score(fields, rarity, review.bits)
