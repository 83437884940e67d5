"""What an agreement weighs, and what it proves against a twin.

Each agreement of a field weighs log2(m / u): ``m`` is how often it is seen
between two records of one person, ``u`` between records of two persons.  A
twin is neither a stranger nor the same person: birth name, birth date and
home agree, the given name differs and the hospital numbers follow each other.
So whether given name and number speak for one person or for twins is weighed
on its own, with ``t``, how often an agreement is seen between twins.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from registry.vocab.identity import WEIGHED, Agreement, Compared

#: (m, u) for each agreement of a field.
Chances = Mapping[Agreement, tuple[float, float]]

#: Names and dates read as they stand, names exchanged, or the used name taken for the birth name.
Reading = Agreement

#: The agreements of two records in the order of `WEIGHED`, and how their names were read.
#: Exchanged names agree as their exchanged values do.
Pattern = tuple[
    Agreement, Agreement, Agreement, Agreement, Agreement, Agreement, Agreement, Reading
]

#: t of the two fields by which twins are told apart.  Twins do not share a given name.
#: Number: one twin in 1,000 is registered under the other's, one in three right after the other.
TWINS: Mapping[Compared, Mapping[Agreement, float]] = {
    Compared.GIVEN_NAMES: {
        Agreement.PART: 0.003,
        Agreement.PHONETIC: 0.003,
        Agreement.CLOSE: 0.02,
        Agreement.SIMILAR: 0.04,
        Agreement.DIFFERENT: 0.93,
    },
    Compared.IDENTIFIER: {
        Agreement.EXACT: 0.001,
        Agreement.SWAPPED: 0.002,
        Agreement.CLOSE: 0.05,
        Agreement.NEXT: 0.3,
        Agreement.DIFFERENT: 0.647,
    },
}
_FIELDS: tuple[Compared, ...] = WEIGHED


@dataclass(frozen=True, slots=True)
class Weighed:
    """A pattern with its weights, made once for each version of the weights."""

    levels: Mapping[Compared, Agreement]
    weights: Mapping[Compared, float]
    total: float
    #: The logarithm of the odds that it is the same person and not a twin.
    against_twin: float


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
    #: How many new records are of the twin of somebody already known.
    twins: float
    #: As many persons are reckoned with, however few are known.  What was learnt says how
    #: often names agree on the average; the commonest ones agree about ten times as often.
    population_min: int = 10_000
    _bits: dict[Compared, dict[Agreement, float]] = field(init=False, repr=False, compare=False)
    _twin_bits: dict[Compared, dict[Agreement, float]] = field(
        init=False, repr=False, compare=False
    )
    _weighed: dict[Pattern, Weighed] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        bits = {
            which: {level: math.log2(m / u) for level, (m, u) in chances.items()}
            | {Agreement.MISSING: 0.0}
            for which, chances in self.chances.items()
        }
        against = {
            which: {level: math.log2(self.chances[which][level][0] / t) for level, t in ts.items()}
            | {Agreement.MISSING: 0.0}
            for which, ts in TWINS.items()
        }
        against[Compared.GIVEN_NAMES][Agreement.EXACT] = math.inf
        object.__setattr__(self, "_bits", bits)
        object.__setattr__(self, "_twin_bits", against)

    def of(self, which: Compared, level: Agreement) -> float:
        """The weight of this agreement in bits; a missing value weighs nothing."""
        return self._bits[which][level]

    def weigh(self, pattern: Pattern) -> Weighed:
        """The pattern with its weights; the same one is weighed once."""
        known = self._weighed.get(pattern)
        if known is None:
            known = self._weighed[pattern] = self._weigh(pattern)
        return known

    def _weigh(self, pattern: Pattern) -> Weighed:
        levels: dict[Compared, Agreement] = dict(zip(_FIELDS, pattern, strict=False))
        weights = {which: self._bits[which][level] for which, level in levels.items()}
        twins = sum(bits[levels[which]] for which, bits in self._twin_bits.items())
        reading = pattern[-1]
        if reading is Agreement.SWAPPED:
            for which in (Compared.BIRTH_NAME, Compared.GIVEN_NAMES):
                levels[which] = Agreement.SWAPPED
                weights[which] += math.log2(self.exchanged) / 2
        elif reading is Agreement.USED_NAME:
            levels[Compared.BIRTH_NAME] = Agreement.USED_NAME
            weights[Compared.BIRTH_NAME] += math.log2(self.used_instead)
        return Weighed(
            levels,
            weights,
            sum(weights.values()),
            twins + math.log2(self.duplicates / self.twins),
        )


# Before the registry has data of its own to estimate from.  Sources: u of names from
# the concentration of French surnames and given names (a random pair shares a
# surname about once in 1,000, a given name once in 120); u of dates from 75 years
# of birthdays; m from the error rates that registries publish for each field
# (Mainzelliste's EpiLink: names .01, birth day .005, year .004, address .04),
# doubled, because intakes are typed in a hurry; twins from the share of twin
# births (one person in 30), of whom most never come to the same registry.
START = Weights(
    version="start-2",
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
            Agreement.SWAPPED: (0.008, 0.00001),
            Agreement.CLOSE: (0.01, 0.0001),
            Agreement.NEXT: (0.002, 0.0001),
            Agreement.DIFFERENT: (0.08, 0.9998),
        },
    },
    exchanged=0.02,
    used_instead=0.05,
    duplicates=0.05,
    twins=0.005,
    # Nothing is known of this registry's town and its names.
    population_min=100_000,
)
