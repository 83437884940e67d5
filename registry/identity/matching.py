"""Who of the known persons a new identity may be.

Those who share a blind index with it are opened in memory, compared, and
forgotten; a rule that no score overrides says what follows.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from registry.identity import persons, scoring, weights
from registry.identity.candidates import Candidate, Candidates, Known
from registry.identity.keys import OpenVault
from registry.identity.likeness import Likeness
from registry.identity.weighing import Weights
from registry.vocab import limits
from registry.vocab.identity import Agreement, Compared, Verdict

_SEVERAL = 2


@dataclass(frozen=True)
class Match:
    """A known person, and the comparison of the record that resembles the identity most."""

    person: Known
    comparison: scoring.Comparison
    #: The record that was compared; nothing where no record was.
    likeness: Likeness | None = None
    #: The record was corrected since.
    is_superseded: bool = False
    #: Somebody found that the very hospital number is not this person's.
    is_number_refused: bool = False

    @property
    def verdict(self) -> Verdict:
        """What the comparison says; what was found not to be theirs is never certain."""
        found = self.comparison.verdict
        is_distrusted = self.is_superseded or self.is_number_refused
        return Verdict.REVIEW if is_distrusted and found is Verdict.SAME else found

    @property
    def has_number(self) -> bool:
        """Whether the very hospital number is this person's."""
        return self.comparison.levels[Compared.IDENTIFIER] is Agreement.EXACT


@dataclass(frozen=True)
class Findings:
    """What the indexes gave: the matches, best first, and how many records were opened."""

    matches: Sequence[Match]
    opened: int
    #: How many persons are known.
    population: int


def find(opened: OpenVault, likeness: Likeness) -> Findings:
    """Everybody who shares a blind index with `likeness`, compared with it."""
    tokens = opened.tokens(likeness)
    candidates = Candidates(opened)
    candidates.read([tokens])
    return find_among(candidates, likeness, tokens)


def find_among(candidates: Candidates, likeness: Likeness, tokens: Sequence[int]) -> Findings:
    """Everybody among the candidates who shares one of these tokens, compared with `likeness`."""
    sharing = candidates.sharing(tokens)
    population = candidates.population
    return Findings(compare_with(sharing, likeness, population), len(sharing), population)


def compare_with(
    candidates: Sequence[Candidate], likeness: Likeness, population: int
) -> Sequence[Match]:
    """Each person of the candidates by the record that resembles `likeness` most, best first."""
    known: dict[int, list[Candidate]] = {}
    for candidate in candidates:
        known.setdefault(candidate.person.id, []).append(candidate)
    used = weights.current()
    matches = [_best(likeness, theirs, population, used) for theirs in known.values()]
    matches.sort(key=lambda match: match.comparison.bits, reverse=True)
    return matches


def _best(likeness: Likeness, theirs: Sequence[Candidate], population: int, used: Weights) -> Match:
    numbers = {one.likeness.identifier for one in theirs if one.likeness.identifier}
    refused = {one.refused_number for one in theirs if one.refused_number} - numbers
    matches = [
        Match(
            one.person,
            scoring.compare(
                likeness, one.likeness, numbers=numbers, population=population, weights=used
            ),
            one.likeness,
            is_superseded=one.is_superseded,
            is_number_refused=likeness.identifier in refused,
        )
        for one in theirs
    ]
    if len(matches) > 1:
        matches.sort(
            key=lambda one: (one.verdict is Verdict.SAME, one.comparison.bits), reverse=True
        )
    return matches[0]


@dataclass(frozen=True)
class Decision:
    """What to do with an identity: attach it, or take it as new with these doubts."""

    attach_to: Match | None
    doubts: Sequence[Match]


def decide(
    findings: Findings, *, same: Match | None = None, settled: Collection[int] = ()
) -> Decision:
    """Attach to the one person it certainly is; otherwise ask about everybody it may be.

    Certain of one person while the hospital number is another's, or certain of
    two persons without anything to tell which, is not certain; nor is another given
    name under somebody's number while the traits may be a third one's.  `same` is the
    person whom somebody has recognised; nobody is asked about the persons of
    these `settled` ids.
    """
    matches = findings.matches
    open_ones = [match for match in matches if match.person.id not in settled]
    certain = [match for match in open_ones if match.verdict is Verdict.SAME]
    perhaps = [match for match in open_ones if match.verdict is Verdict.REVIEW]
    if same is not None:
        return Decision(same, certain + [match for match in perhaps if match.has_number])
    numbered = [match for match in certain if match.has_number]
    choice = _clearest(numbered or certain, findings.population)
    is_others_number = not numbered and any(match.has_number for match in matches)
    if len(choice) == 1 and not is_others_number and not _is_contested(choice[0], open_ones):
        (chosen,) = choice
        return Decision(chosen, [match for match in certain if match is not chosen])
    doubts = sorted(certain + perhaps, key=lambda match: match.has_number, reverse=True)
    return Decision(None, doubts[: limits.IDENTITY_REVIEWS_MAX])


def _clearest(certain: Sequence[Match], population: int) -> Sequence[Match]:
    """The best one, where the others are probably the same person under review; else all.

    The identity would be attached wrongly only if they were two persons after
    all, and it were the other one's.  Both together must be as unlikely as any
    automatic mistake may be, and nobody may have found that they are two.
    """
    if len(certain) < _SEVERAL:
        return certain
    best, *others = certain
    mistaken = sum(
        _chance(-_odds_of_one(best, other, population))
        * _chance(other.comparison.bits - best.comparison.bits)
        for other in others
    )
    if mistaken > _chance(-scoring.AUTOMATIC_BITS):
        return certain
    group = persons.group_of(best.person.id)
    apart = (persons.are_apart(group, persons.group_of(other.person.id)) for other in others)
    return certain if any(apart) else [best]


def _odds_of_one(one: Match, other: Match, population: int) -> float:
    """The logarithm of the odds that two persons are one, and not twins; minus infinity where
    either has no record to compare.
    """
    if one.likeness is None or other.likeness is None:
        return -math.inf
    number = other.likeness.identifier
    found = scoring.compare(
        one.likeness,
        other.likeness,
        numbers={number} if number else set(),
        population=population,
        weights=weights.current(),
    )
    return min(found.bits, found.against_twin)


def _chance(bits: float) -> float:
    """The probability whose odds have this logarithm."""
    return 1 / (1 + math.exp2(-bits))


def _is_contested(chosen: Match, matches: Sequence[Match]) -> bool:
    """Whether the given name is not the chosen one's, but may be somebody else's."""
    differs = (Agreement.DIFFERENT, Agreement.MISSING)
    return chosen.comparison.levels[Compared.GIVEN_NAMES] is Agreement.DIFFERENT and any(
        match.verdict is not Verdict.NEW
        and match.comparison.levels[Compared.GIVEN_NAMES] not in differs
        for match in matches
    )
