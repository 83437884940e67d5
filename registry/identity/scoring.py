"""From agreements to a decision: Fellegi–Sunter, then the rules that no score may override.

The weights of all fields, less the rarity of a duplicate in the population,
sum up to the logarithm of the odds that both records are one person's.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from registry.identity import agreement
from registry.identity.likeness import Likeness
from registry.identity.weighing import START, Pattern, Weights
from registry.vocab.identity import Agreement, Compared, Verdict

#: Odds of 2,000 to 1 are enough to decide without a person, 1 to 4 to ask one.
AUTOMATIC_BITS = 11.0
REVIEW_BITS = -2.0
#: What a search still shows: one in a thousand.
SHOWN_BITS = -10.0

_NAME_AGREES = frozenset(
    {
        Agreement.EXACT,
        Agreement.PART,
        Agreement.PHONETIC,
        Agreement.CLOSE,
        Agreement.SWAPPED,
        Agreement.USED_NAME,
    }
)
_DATE_AGREES = frozenset({Agreement.EXACT, Agreement.SWAPPED, Agreement.CLOSE})
_RESIDENCE_AGREES = frozenset({Agreement.EXACT, Agreement.CLOSE})
_RANK = {level: rank for rank, level in enumerate(Agreement)}
_NUMBER_SLIPS = frozenset({Agreement.SWAPPED, Agreement.CLOSE})
_AGREEING_MIN = 2


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two identities have in common, and what it weighs."""

    levels: Mapping[Compared, Agreement]
    weights: Mapping[Compared, float]
    #: The logarithm of the odds that both are one person.
    bits: float
    version: str
    #: The logarithm of the odds that both are one person and not twins.
    against_twin: float

    @property
    def verdict(self) -> Verdict:
        """Same, to be reviewed, or another person."""
        if self.bits >= AUTOMATIC_BITS and may_be_automatic(self.levels, self.against_twin):
            return Verdict.SAME
        known_number = self.levels[Compared.IDENTIFIER] is Agreement.EXACT
        return Verdict.REVIEW if known_number or self.bits >= REVIEW_BITS else Verdict.NEW


def may_be_automatic(levels: Mapping[Compared, Agreement], against_twin: float) -> bool:
    """Whether these agreements may be decided without a person, whatever they weigh.

    Twins share name, birth date and home: they must be ruled out by the given
    name and the number, not by anything else.
    """
    if levels[Compared.SEX] is Agreement.DIFFERENT or against_twin < AUTOMATIC_BITS:
        return False
    birth, given = levels[Compared.BIRTH_NAME], levels[Compared.GIVEN_NAMES]
    born, number = levels[Compared.BIRTH_DATE], levels[Compared.IDENTIFIER]
    if number is Agreement.EXACT:
        return _confirms_number(levels) or _confirms_without_names(levels)
    # Father and son, or two of one name in one town: the birth date tells them apart.
    # Those who were registered one after the other may be of one family.
    if born is not Agreement.EXACT or number is Agreement.NEXT:
        return False
    if number in _NUMBER_SLIPS and given is not Agreement.DIFFERENT:
        # Another surname and another number: only a home in common speaks for a marriage.
        is_at_home = levels[Compared.RESIDENCE] in _RESIDENCE_AGREES
        return _confirms_number(levels) and (birth is not Agreement.DIFFERENT or is_at_home)
    if birth is Agreement.SIMILAR:
        return given is Agreement.EXACT
    return birth in _NAME_AGREES and given in _NAME_AGREES


def _confirms_number(levels: Mapping[Compared, Agreement]) -> bool:
    """Whether the traits bear out that both were given the same hospital number.

    Two of birth name, given names and birth date must agree, and the third
    may contradict only where life or a slip explains it: a surname that
    marriage changed; a date for somebody who lives in the same place; a given
    name for somebody who does not live somewhere else.
    """
    birth, given = levels[Compared.BIRTH_NAME], levels[Compared.GIVEN_NAMES]
    born, home = levels[Compared.BIRTH_DATE], levels[Compared.RESIDENCE]
    if born is Agreement.DIFFERENT and home not in _RESIDENCE_AGREES:
        return False
    if given is Agreement.DIFFERENT and home not in _RESIDENCE_AGREES | {Agreement.PART}:
        return False
    agreeing = (birth in _NAME_AGREES) + (given in _NAME_AGREES) + (born in _DATE_AGREES)
    return agreeing >= _AGREEING_MIN


def _confirms_without_names(levels: Mapping[Compared, Agreement]) -> bool:
    """Whether birth date and home bear a number out of which no name was recorded, or hardly."""
    names = {levels[Compared.BIRTH_NAME], levels[Compared.GIVEN_NAMES]}
    return (
        Agreement.DIFFERENT not in names
        and levels[Compared.BIRTH_DATE] is Agreement.EXACT
        and levels[Compared.RESIDENCE] in _RESIDENCE_AGREES
    )


def compare(
    one: Likeness,
    other: Likeness,
    *,
    numbers: set[tuple[str, str]],
    population: int,
    weights: Weights = START,
) -> Comparison:
    """Compare a new identity with a known one.

    `numbers` are all hospital numbers of the known person, `population` how
    many persons are known: the more there are, the likelier a chance agreement.
    """
    weighed = weights.weigh(pattern(one, other, numbers=numbers, weights=weights))
    rarity = math.log2(max(population, weights.population_min) / weights.duplicates)
    return Comparison(
        weighed.levels,
        weighed.weights,
        weighed.total - rarity,
        weights.version,
        weighed.against_twin,
    )


def pattern(
    one: Likeness, other: Likeness, *, numbers: set[tuple[str, str]], weights: Weights = START
) -> Pattern:
    """How two identities agree, field by field."""
    birth, given, reading = _names(one, other, weights)
    return (
        birth,
        given,
        agreement.of_birth_dates(one.birth_date, other.birth_date),
        agreement.of_sexes(one.sex, other.sex),
        agreement.of_places(one.birth_place, other.birth_place),
        agreement.of_residences(one, other),
        agreement.of_identifiers(one.identifier, numbers),
        reading,
    )


def _names(
    one: Likeness, other: Likeness, weights: Weights
) -> tuple[Agreement, Agreement, Agreement]:
    """Birth and given names as they stand, or read otherwise when that explains them better."""
    birth = agreement.of_names(one.birth_name, other.birth_name)
    given = agreement.of_names(one.given_names, other.given_names, leading=True)
    if birth is Agreement.EXACT:
        return birth, given, Agreement.EXACT
    reading, best = Agreement.EXACT, weights.of(Compared.BIRTH_NAME, birth)
    if one.used_name or other.used_name:
        birth, reading, best = _under_used_name(one, other, weights, (birth, reading, best))
    if birth in _NAME_AGREES and given in _NAME_AGREES:
        return birth, given, reading
    exchanged = _exchanged(one, other)
    if exchanged is not None:
        bits = (
            weights.of(Compared.BIRTH_NAME, exchanged[0])
            + weights.of(Compared.GIVEN_NAMES, exchanged[1])
            + math.log2(weights.exchanged)
        )
        if bits > best + weights.of(Compared.GIVEN_NAMES, given):
            return (*exchanged, Agreement.SWAPPED)
    return birth, given, reading


_Read = tuple[Agreement, Agreement, float]


def _under_used_name(one: Likeness, other: Likeness, weights: Weights, best: _Read) -> _Read:
    """One's birth name and the other's used name, when that agrees better than `best`."""
    cost = math.log2(weights.used_instead)
    for mine, theirs in ((one.birth_name, other.used_name), (one.used_name, other.birth_name)):
        level = agreement.of_names(mine, theirs)
        bits = weights.of(Compared.BIRTH_NAME, level) + cost
        if level in _NAME_AGREES and bits > best[2]:
            best = level, Agreement.USED_NAME, bits
    return best


def _exchanged(one: Likeness, other: Likeness) -> tuple[Agreement, Agreement] | None:
    """How each one's birth name agrees with the other's given names, when either does.

    The better agreement comes first: which of the two was exchanged is not known.
    """
    first = agreement.of_names(one.birth_name, other.given_names, leading=True)
    second = agreement.of_names(one.given_names, other.birth_name, leading=True)
    if first not in _NAME_AGREES and second not in _NAME_AGREES:
        return None
    return (first, second) if _RANK[first] <= _RANK[second] else (second, first)
