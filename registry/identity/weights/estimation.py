"""Estimating the weights from how often each pattern of agreements is seen: counts, no names.

Two records that share a blind index are of one person, of twins, or of
strangers who share it by chance.  How often strangers agree is counted on
random pairs; how often the records of one person agree is then found by
expectation and maximisation (EM): judge each pattern by what is believed,
believe what that judgement counts, until neither changes.  Twins have a class
of their own, or their other given names would be taken for slips.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from registry.identity.weighing import TWINS, Chances, Pattern, Weights
from registry.vocab.identity import WEIGHED, Agreement, Compared

_FIELDS: tuple[Compared, ...] = WEIGHED
#: The start values count as much as this many pairs.
_START_PAIRS = 20
_START_STRANGERS = 20_000
_ROUNDS_MAX = 500
_SETTLED = 1e-7
_SHARE_MIN, _SHARE_MAX = 0.001, 0.6

#: Names that agree so far share a blind index.
_SHARED = frozenset({Agreement.EXACT, Agreement.PART, Agreement.PHONETIC})


class _FoundBy(Enum):
    """What strangers who share a blind index have in common."""

    NUMBER = auto()
    BIRTH_DATE = auto()
    BOTH_NAMES = auto()
    BIRTH_NAME = auto()
    GIVEN_NAMES = auto()
    CHANCE = auto()


def _found_by(pattern: Pattern) -> _FoundBy:
    by_fields = (
        (_FoundBy.NUMBER, pattern[6] is Agreement.EXACT),
        (_FoundBy.BIRTH_DATE, pattern[2] is Agreement.EXACT),
        (_FoundBy.BOTH_NAMES, pattern[0] in _SHARED and pattern[1] in _SHARED),
        (_FoundBy.BIRTH_NAME, pattern[0] in _SHARED),
        (_FoundBy.GIVEN_NAMES, pattern[1] in _SHARED),
    )
    return next((by for by, holds in by_fields if holds), _FoundBy.CHANCE)


#: How two of one family agree in what is not estimated: twins, and other relatives.
_TWINS: Mapping[Compared, Mapping[Agreement, float]] = {
    **TWINS,
    Compared.BIRTH_NAME: {Agreement.EXACT: 0.93, Agreement.DIFFERENT: 0.02},
    Compared.BIRTH_DATE: {Agreement.EXACT: 0.97, Agreement.CLOSE: 0.01},
    Compared.SEX: {Agreement.EXACT: 0.66, Agreement.DIFFERENT: 0.34},
    Compared.BIRTH_PLACE: {Agreement.EXACT: 0.95, Agreement.CLOSE: 0.04},
    Compared.RESIDENCE: {
        Agreement.EXACT: 0.65,
        Agreement.CLOSE: 0.1,
        Agreement.PART: 0.05,
        Agreement.DIFFERENT: 0.2,
    },
}
_RELATIVES: Mapping[Compared, Mapping[Agreement, float]] = {
    **_TWINS,
    Compared.GIVEN_NAMES: {
        Agreement.EXACT: 0.1,
        Agreement.PART: 0.01,
        Agreement.PHONETIC: 0.01,
        Agreement.CLOSE: 0.02,
        Agreement.SIMILAR: 0.04,
        Agreement.DIFFERENT: 0.82,
    },
    Compared.BIRTH_DATE: {
        Agreement.EXACT: 0.0001,
        Agreement.SWAPPED: 0.001,
        Agreement.CLOSE: 0.01,
        Agreement.PART: 0.04,
        Agreement.DIFFERENT: 0.95,
    },
    Compared.SEX: {Agreement.EXACT: 0.5, Agreement.DIFFERENT: 0.5},
    Compared.BIRTH_PLACE: {
        Agreement.EXACT: 0.5,
        Agreement.CLOSE: 0.02,
        Agreement.DIFFERENT: 0.48,
    },
}
_FAMILY = {"twins": _TWINS, "relatives": _RELATIVES}
_BY_ONE_NAME = frozenset({_FoundBy.BIRTH_NAME, _FoundBy.GIVEN_NAMES})
_RARE = 0.01
_SELDOM = 1e-5


@dataclass
class Counts:
    """What was seen in the population."""

    #: Pairs that share a blind index.
    candidates: Counter[Pattern] = field(default_factory=Counter)
    #: Random pairs of two persons.
    strangers: Counter[Pattern] = field(default_factory=Counter)
    #: For each record, what it shares a blind index with.
    of_records: list[list[Pattern]] = field(default_factory=list)


@dataclass(frozen=True)
class Estimate:
    """Weights found in the population, and how many pairs of records bear them out."""

    weights: Weights
    pairs: float
    rounds: int


def estimate(counts: Counts, start: Weights, *, version: str) -> Estimate:
    """The weights of this population, sought from those of `start`."""
    believed = _Believed(start, _of_strangers(counts.strangers, start))
    patterns = list(counts.candidates.items())
    rounds = 0
    while rounds < _ROUNDS_MAX:
        rounds += 1
        if believed.learn(patterns, start) < _SETTLED:
            break
    duplicates, twins = believed.shares_of_records(counts.of_records)
    weights = Weights(
        version,
        believed.chances(),
        exchanged=believed.exchanged,
        used_instead=believed.used_instead,
        duplicates=duplicates,
        twins=twins,
    )
    return Estimate(weights, believed.same / 2, rounds)


_Levels = dict[Agreement, float]
_Sums = defaultdict[Agreement, float]


def _of_strangers(seen: Mapping[Pattern, int], start: Weights) -> dict[Compared, _Levels]:
    """u: how often each agreement is seen between two persons."""
    found: dict[Compared, _Levels] = {}
    for place, which in enumerate(_FIELDS):
        counted: Counter[Agreement] = Counter()
        for pattern, count in seen.items():
            counted[pattern[place]] += count
        before = {level: u for level, (_, u) in start.chances[which].items()}
        found[which] = _shares(counted, before, _START_STRANGERS)
    return found


def _shares(
    counted: Mapping[Agreement, float], before: Mapping[Agreement, float], weight: float
) -> dict[Agreement, float]:
    """What part of the known ones each level is, `before` counting as `weight` of them."""
    total = sum(counted.get(level, 0) for level in before) + weight * sum(before.values())
    return {
        level: (counted.get(level, 0) + weight * share) / total for level, share in before.items()
    }


class _Believed:
    """What is believed of one person's records, twins' and strangers', after some rounds."""

    def __init__(self, start: Weights, u: dict[Compared, _Levels]) -> None:
        self.u = u
        self.m = {
            which: {level: m for level, (m, _) in chances.items()}
            for which, chances in start.chances.items()
        }
        self.exchanged, self.used_instead = start.exchanged, start.used_instead
        self.same = 0.0
        #: The parts of one person, of twins and of strangers among the pairs.
        self.parts: dict[object, float] = dict.fromkeys(("same", *_FAMILY, *_FoundBy), 1.0)
        #: How the dates of strangers agree who were found by one name.
        self.dates = dict.fromkeys(u[Compared.BIRTH_DATE], 1 / len(u[Compared.BIRTH_DATE]))
        self._fixed: dict[Pattern, tuple[_FoundBy, dict[str, float], float]] = {}

    def _of_same(self, pattern: Pattern) -> float:
        reading = {
            Agreement.SWAPPED: self.exchanged,
            Agreement.USED_NAME: self.used_instead,
        }.get(pattern[-1], 1 - self.exchanged - self.used_instead)
        return reading * math.prod(
            self.m[which].get(level, 1.0) for which, level in zip(_FIELDS, pattern, strict=False)
        )

    def _of_others(self, pattern: Pattern) -> tuple[_FoundBy, dict[str, float], float]:
        """How strangers were found; how likely the pattern is of a family, and of strangers."""
        known = self._fixed.get(pattern)
        if known is None:
            by = _found_by(pattern)
            found = self._given_found(by)
            usual = 1.0 if pattern[-1] is Agreement.EXACT else _RARE
            family, strangers = dict.fromkeys(_FAMILY, usual), 1.0
            for which, level in zip(_FIELDS, pattern, strict=False):
                if level is not Agreement.MISSING:
                    strangers *= found.get(which, self.u[which]).get(level, 1.0)
                    seldom = _SELDOM if which in TWINS else _RARE
                    for kind, chances in _FAMILY.items():
                        family[kind] *= chances[which].get(level, seldom)
            known = self._fixed[pattern] = by, family, strangers
        return known

    def _given_found(self, by: _FoundBy) -> dict[Compared, _Levels]:
        """How strangers agree in the fields by which they were found; no entry for a certainty."""
        shared = {
            which: _shares({}, {level: self.u[which][level] for level in _SHARED}, 1.0)
            for which in (Compared.BIRTH_NAME, Compared.GIVEN_NAMES)
        }
        birth = {Compared.BIRTH_NAME: shared[Compared.BIRTH_NAME]}
        given = {Compared.GIVEN_NAMES: shared[Compared.GIVEN_NAMES]}
        by_date: dict[Compared, _Levels] = {Compared.BIRTH_DATE: {}}
        known: dict[_FoundBy, dict[Compared, _Levels]] = {
            _FoundBy.NUMBER: {Compared.IDENTIFIER: {}},
            _FoundBy.BIRTH_DATE: by_date,
            _FoundBy.BOTH_NAMES: shared,
            _FoundBy.BIRTH_NAME: birth | by_date,
            _FoundBy.GIVEN_NAMES: given | by_date,
            _FoundBy.CHANCE: {},
        }
        return known[by]

    def judged(self, pattern: Pattern) -> dict[object, float]:
        """How likely the pair is one person's, of one family, or strangers'."""
        by, family, strangers = self._of_others(pattern)
        if by in _BY_ONE_NAME:
            strangers *= self.dates.get(pattern[2], 1.0)
        likely: dict[object, float] = {"same": self._of_same(pattern), by: strangers}
        likely.update(family)
        weighed = {part: self.parts[part] * chance for part, chance in likely.items()}
        total = sum(weighed.values())
        return {part: weight / total for part, weight in weighed.items()}

    def learn(self, patterns: Sequence[tuple[Pattern, int]], start: Weights) -> float:
        """One round; how much the number of pairs of one person has changed by it."""
        parts: defaultdict[object, float] = defaultdict(float)
        counted: dict[Compared, _Sums] = {which: defaultdict(float) for which in _FIELDS}
        readings: _Sums = defaultdict(float)
        dates: _Sums = defaultdict(float)
        for pattern, count in patterns:
            judged = {part: share * count for part, share in self.judged(pattern).items()}
            for part, share in judged.items():
                parts[part] += share
            readings[pattern[-1]] += judged["same"]
            for by in _BY_ONE_NAME & judged.keys():
                dates[pattern[2]] += judged[by]
            for which, level in zip(_FIELDS, pattern, strict=False):
                counted[which][level] += judged["same"]
        before, self.same = self.same, parts["same"]
        total = max(sum(parts.values()), 1.0)
        self.parts = {part: max(parts[part] / total, _SELDOM) for part in self.parts}
        self.dates = _shares(dates, dict.fromkeys(self.dates, 1.0), 1.0)
        for which, chances in start.chances.items():
            before_m = {level: m for level, (m, _) in chances.items()}
            _leave_to_families(counted[which], before_m)
            self.m[which] = _shares(counted[which], before_m, _START_PAIRS)
        self._learn_readings(readings, start)
        return abs(self.same - before) / max(self.same, 1.0)

    def _learn_readings(self, readings: Mapping[Agreement, float], start: Weights) -> None:
        weight = self.same + _START_PAIRS
        exchanged = readings.get(Agreement.SWAPPED, 0.0)
        used = readings.get(Agreement.USED_NAME, 0.0)
        self.exchanged = (exchanged + _START_PAIRS * start.exchanged) / weight
        self.used_instead = (used + _START_PAIRS * start.used_instead) / weight

    def shares_of_records(self, of_records: Iterable[Sequence[Pattern]]) -> tuple[float, float]:
        """How many records are of somebody known, and of a known person's twin.

        Of n records of one person, all but one are.
        """
        duplicates = twins = count = 0.0
        for patterns in of_records:
            judged = [self.judged(pattern) for pattern in patterns]
            others, born_with = (sum(one[part] for one in judged) for part in ("same", "twins"))
            duplicates += others / (1 + others)
            twins += born_with / (1 + born_with)
            count += 1
        count = max(count, 1.0)
        return _bounded(duplicates / count), _bounded(twins / count)

    def chances(self) -> dict[Compared, Chances]:
        """(m, u) of every agreement; none weighs more than a full one, or less than none."""
        found: dict[Compared, Chances] = {}
        for which, levels in self.m.items():
            odds = {level: m / self.u[which][level] for level, m in levels.items()}
            least, most = odds[Agreement.DIFFERENT], odds[Agreement.EXACT]
            found[which] = {
                level: (m, m / min(max(odds[level], least), max(least, most)))
                for level, m in levels.items()
            }
        return found


def _leave_to_families(counted: _Sums, before: Mapping[Agreement, float]) -> None:
    """Numbers that follow each other are a family's: how rarely one person has two is not learnt.

    Where many relatives are registered together they would be taken for one person.
    """
    if Agreement.NEXT in before:
        counted[Agreement.NEXT] = 0.0
        counted[Agreement.NEXT] = before[Agreement.NEXT] * sum(counted.values())


def _bounded(share: float) -> float:
    return min(max(share, _SHARE_MIN), _SHARE_MAX)
