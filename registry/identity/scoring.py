"""From agreements to a decision: Fellegi–Sunter, then the rules that no score may override.

Each agreement of a field weighs log2(m / u): ``m`` is how often it is seen
between two records of one person, ``u`` between records of two persons.  The
sum, less the rarity of a duplicate in the population, is the logarithm of the
odds that both are one person.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from registry.identity import agreement
from registry.identity.likeness import Likeness, Name
from registry.vocab.identity import Agreement, Compared, Verdict

#: (m, u) for each agreement of a field.
Chances = Mapping[Agreement, tuple[float, float]]


@dataclass(frozen=True)
class Weights:
    """One version of the weights; a stored comparison names the version it was made with."""

    version: str
    chances: Mapping[Compared, Chances]
    #: How often birth name and given name are exchanged in one of two records of a person.
    exchanged: float
    #: How often a person is recorded under the used name instead of the birth name.
    used_instead: float
    #: How many new records are of somebody already known.
    duplicates: float

    def of(self, field: Compared, level: Agreement) -> float:
        """The weight of this agreement in bits; a missing value weighs nothing."""
        if level is Agreement.MISSING:
            return 0.0
        m, u = self.chances[field][level]
        return math.log2(m / u)


# Before the registry has data of its own to estimate from.  Sources: u of names from
# the concentration of French surnames and given names (a random pair shares a
# surname about once in 1,000, a given name once in 120); u of dates from 75 years
# of birthdays; m from the error rates that registries publish for each field
# (Mainzelliste's EpiLink: names .01, birth day .005, year .004, address .04),
# doubled, because intakes are typed in a hurry.
START = Weights(
    version="start-1",
    chances={
        Compared.BIRTH_NAME: {
            Agreement.EXACT: (0.84, 0.001),
            Agreement.PART: (0.03, 0.0006),
            Agreement.PHONETIC: (0.03, 0.0015),
            Agreement.CLOSE: (0.05, 0.004),
            Agreement.SIMILAR: (0.01, 0.02),
            Agreement.DIFFERENT: (0.04, 0.97),
        },
        Compared.GIVEN_NAMES: {
            Agreement.EXACT: (0.88, 0.008),
            Agreement.PART: (0.04, 0.006),
            Agreement.PHONETIC: (0.02, 0.004),
            Agreement.CLOSE: (0.03, 0.006),
            Agreement.SIMILAR: (0.01, 0.03),
            Agreement.DIFFERENT: (0.02, 0.95),
        },
        Compared.BIRTH_DATE: {
            Agreement.EXACT: (0.93, 0.000037),
            Agreement.SWAPPED: (0.01, 0.000015),
            Agreement.CLOSE: (0.03, 0.0013),
            Agreement.PART: (0.015, 0.005),
            Agreement.DIFFERENT: (0.015, 0.99),
        },
        Compared.SEX: {
            Agreement.EXACT: (0.99, 0.5),
            Agreement.DIFFERENT: (0.01, 0.5),
        },
        Compared.BIRTH_PLACE: {
            Agreement.EXACT: (0.9, 0.01),
            Agreement.CLOSE: (0.05, 0.01),
            Agreement.DIFFERENT: (0.05, 0.98),
        },
        Compared.RESIDENCE: {
            Agreement.EXACT: (0.55, 0.005),
            Agreement.CLOSE: (0.15, 0.005),
            Agreement.PART: (0.08, 0.01),
            Agreement.DIFFERENT: (0.22, 0.98),
        },
        Compared.IDENTIFIER: {
            Agreement.EXACT: (0.9, 0.000001),
            Agreement.CLOSE: (0.02, 0.0002),
            Agreement.DIFFERENT: (0.08, 1.0),
        },
    },
    exchanged=0.02,
    used_instead=0.05,
    duplicates=0.05,
)

#: Odds of 2,000 to 1 are enough to decide without a person, 1 to 4 to ask one.
AUTOMATIC_BITS = 11.0
REVIEW_BITS = -2.0
#: What a search still shows: one in a thousand.
SHOWN_BITS = -10.0
#: The people that could have come, however few are registered yet.
POPULATION_MIN = 100_000

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
_AGREEING_MIN = 2


@dataclass(frozen=True)
class Comparison:
    """What two identities have in common, and what it weighs."""

    levels: Mapping[Compared, Agreement]
    weights: Mapping[Compared, float]
    #: The logarithm of the odds that both are one person.
    bits: float
    version: str

    @property
    def verdict(self) -> Verdict:
        """Same, to be reviewed, or another person."""
        if self.bits >= AUTOMATIC_BITS and may_be_automatic(self.levels):
            return Verdict.SAME
        known_number = self.levels[Compared.IDENTIFIER] is Agreement.EXACT
        return Verdict.REVIEW if known_number or self.bits >= REVIEW_BITS else Verdict.NEW


def may_be_automatic(levels: Mapping[Compared, Agreement]) -> bool:
    """Whether these agreements may be decided without a person, whatever they weigh."""
    if levels[Compared.SEX] is Agreement.DIFFERENT:
        return False
    if levels[Compared.IDENTIFIER] is Agreement.EXACT:
        return _confirms_number(levels)
    # Twins share name, birth date and home, and their hospital numbers follow each
    # other: without the very number, the given name must agree wholly.
    return (
        levels[Compared.GIVEN_NAMES] is Agreement.EXACT
        and levels[Compared.BIRTH_NAME] in _NAME_AGREES
        and levels[Compared.BIRTH_DATE] in _DATE_AGREES
    )


def _confirms_number(levels: Mapping[Compared, Agreement]) -> bool:
    """Whether the traits bear out that both were given the same hospital number.

    Two of birth name, given names and birth date must agree, and the third
    may contradict only where life or a slip explains it: a surname that
    marriage changed, or a date mistyped for somebody of the same names who
    lives in the same place.  Another given name is another person, perhaps
    a twin.
    """
    birth, given = levels[Compared.BIRTH_NAME], levels[Compared.GIVEN_NAMES]
    born = levels[Compared.BIRTH_DATE]
    if given is Agreement.DIFFERENT:
        return False
    if born is Agreement.DIFFERENT and levels[Compared.RESIDENCE] not in _RESIDENCE_AGREES:
        return False
    agreeing = (birth in _NAME_AGREES) + (given in _NAME_AGREES) + (born in _DATE_AGREES)
    return agreeing >= _AGREEING_MIN


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
    levels = {
        Compared.BIRTH_DATE: agreement.of_birth_dates(one.birth_date, other.birth_date),
        Compared.SEX: agreement.of_sexes(one.sex, other.sex),
        Compared.BIRTH_PLACE: agreement.of_places(one.birth_place, other.birth_place),
        Compared.RESIDENCE: agreement.of_residences(one, other),
        Compared.IDENTIFIER: agreement.of_identifiers(one.identifier, numbers),
    }
    found = {field: weights.of(field, level) for field, level in levels.items()}
    for field, (level, weight) in _names(one, other, weights).items():
        levels[field], found[field] = level, weight
    rarity = math.log2(max(population, POPULATION_MIN) / weights.duplicates)
    return Comparison(levels, found, sum(found.values()) - rarity, weights.version)


_Found = dict[Compared, tuple[Agreement, float]]


def _names(one: Likeness, other: Likeness, weights: Weights) -> _Found:
    """Birth and given names as they stand, or exchanged when that explains them better."""
    straight = {
        Compared.BIRTH_NAME: _birth_name(one, other, weights),
        Compared.GIVEN_NAMES: _weighed(
            weights, Compared.GIVEN_NAMES, one.given_names, other.given_names
        ),
    }
    if not (one.birth_name and one.given_names and other.birth_name and other.given_names):
        return straight
    cost = math.log2(weights.exchanged) / 2
    exchanged: _Found = {}
    for field, mine, theirs in (
        (Compared.BIRTH_NAME, one.birth_name, other.given_names),
        (Compared.GIVEN_NAMES, one.given_names, other.birth_name),
    ):
        level, weight = _weighed(weights, field, mine, theirs)
        if level not in _NAME_AGREES:
            return straight
        exchanged[field] = Agreement.SWAPPED, weight + cost
    return max(straight, exchanged, key=lambda way: sum(weight for _, weight in way.values()))


def _birth_name(one: Likeness, other: Likeness, weights: Weights) -> tuple[Agreement, float]:
    """The birth names, or one's birth name and the other's used name when that agrees better."""
    best = _weighed(weights, Compared.BIRTH_NAME, one.birth_name, other.birth_name)
    cost = math.log2(weights.used_instead)
    for mine, theirs in ((one.birth_name, other.used_name), (one.used_name, other.birth_name)):
        level, weight = _weighed(weights, Compared.BIRTH_NAME, mine, theirs)
        if level in _NAME_AGREES and weight + cost > best[1]:
            best = Agreement.USED_NAME, weight + cost
    return best


def _weighed(
    weights: Weights, field: Compared, one: Name | None, other: Name | None
) -> tuple[Agreement, float]:
    level = agreement.of_names(one, other, leading=field is Compared.GIVEN_NAMES)
    return level, weights.of(field, level)
