"""Who of the known persons a new identity may be.

Those who share a blind index with it are opened in memory, compared, and
forgotten; a rule that no score overrides says what follows.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from registry.identity import scoring, weights
from registry.identity.candidates import Candidate, Candidates, Known
from registry.identity.keys import OpenVault
from registry.identity.likeness import Likeness
from registry.identity.weighing import Weights
from registry.vocab import limits
from registry.vocab.identity import Agreement, Compared, Verdict


@dataclass(frozen=True)
class Match:
    """A known person, and the comparison of the record that resembles the identity most."""

    person: Known
    comparison: scoring.Comparison

    @property
    def has_number(self) -> bool:
        """Whether the very hospital number is this person's."""
        return self.comparison.levels[Compared.IDENTIFIER] is Agreement.EXACT


@dataclass(frozen=True)
class Findings:
    """What the indexes gave: the matches, best first, and how many records were opened."""

    matches: Sequence[Match]
    opened: int


def find(opened: OpenVault, likeness: Likeness) -> Findings:
    """Everybody who shares a blind index with `likeness`, compared with it."""
    tokens = opened.tokens(likeness)
    candidates = Candidates(opened)
    candidates.read([tokens])
    return find_among(candidates, likeness, tokens)


def find_among(candidates: Candidates, likeness: Likeness, tokens: Sequence[int]) -> Findings:
    """Everybody among the candidates who shares one of these tokens, compared with `likeness`."""
    sharing = candidates.sharing(tokens)
    return Findings(compare_with(sharing, likeness, candidates.population), len(sharing))


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
    compared = [
        scoring.compare(
            likeness, one.likeness, numbers=numbers, population=population, weights=used
        )
        for one in theirs
    ]
    if len(compared) > 1:
        compared.sort(key=lambda one: (one.verdict is Verdict.SAME, one.bits), reverse=True)
    return Match(theirs[0].person, compared[0])


@dataclass(frozen=True)
class Decision:
    """What to do with an identity: attach it, or take it as new with these doubts."""

    attach_to: Match | None
    doubts: Sequence[Match]


def decide(
    matches: Sequence[Match], *, same: Match | None = None, settled: Collection[int] = ()
) -> Decision:
    """Attach to the one person it certainly is; otherwise ask about everybody it may be.

    Certain of one person while the hospital number is another's, or certain of
    two persons without the number to tell, is not certain; nor is another given
    name under somebody's number while the traits may be a third one's.  `same` is the
    person whom somebody has recognised; nobody is asked about the persons of
    these `settled` ids.
    """
    open_ones = [match for match in matches if match.person.id not in settled]
    certain = [match for match in open_ones if match.comparison.verdict is Verdict.SAME]
    perhaps = [match for match in open_ones if match.comparison.verdict is Verdict.REVIEW]
    if same is not None:
        return Decision(same, certain + [match for match in perhaps if match.has_number])
    numbered = [match for match in certain if match.has_number]
    choice = numbered or certain
    is_others_number = not numbered and any(match.has_number for match in matches)
    if len(choice) == 1 and not is_others_number and not _is_contested(choice[0], open_ones):
        (chosen,) = choice
        return Decision(chosen, [match for match in certain if match is not chosen])
    doubts = sorted(certain + perhaps, key=lambda match: match.has_number, reverse=True)
    return Decision(None, doubts[: limits.IDENTITY_REVIEWS_MAX])


def _is_contested(chosen: Match, matches: Sequence[Match]) -> bool:
    """Whether the given name is not the chosen one's, but may be somebody else's."""
    differs = (Agreement.DIFFERENT, Agreement.MISSING)
    return chosen.comparison.levels[Compared.GIVEN_NAMES] is Agreement.DIFFERENT and any(
        match.comparison.verdict is not Verdict.NEW
        and match.comparison.levels[Compared.GIVEN_NAMES] not in differs
        for match in matches
    )
