"""Whose consent allows every use that a purpose makes, today, and why others are left out."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from registry.consents import decision
from registry.consents.decision.rules import RULES
from registry.kernel import clock
from registry.kernel.messages import Message, T
from registry.vocab.consent import Use
from registry.vocab.labels import label

#: How many participants are asked about at once, so that memory does not grow with the cohort.
ASKED_AT_ONCE = 5_000


@dataclass(frozen=True)
class Exclusion:
    """Why somebody is left out: the rule of the consent decision, for one of the uses."""

    use: Use
    rule: int

    @property
    def reason(self) -> Message:
        """The sentence that says so."""
        why = next(
            (rule.reason for rule in RULES if rule.number == self.rule),
            T("Nothing on record allows this, or the consent could not be checked."),
        )
        return T("{use}: {reason}", use=label(self.use), reason=why)


@dataclass(frozen=True)
class Eligibility:
    """Who may be counted or included, and how many may not, by the first reason met."""

    allowed: frozenset[int]
    excluded: Mapping[Exclusion, int]


def ask(participant_ids: Collection[int], uses: Sequence[Use]) -> Eligibility:
    """Ask the consent decision about each participant and each use, as of today.

    Whoever gets no answer is not allowed.
    """
    remaining = sorted(set(participant_ids))
    excluded: Counter[Exclusion] = Counter()
    for use in uses:
        allowed = []
        for some in _portions(remaining):
            decisions = decision.decide_many(some, use, clock.today())
            for one in some:
                answer = decisions.get(one)
                if answer is not None and answer.is_allowed:
                    allowed.append(one)
                else:
                    rule = decision.UNDECIDED if answer is None else answer.rule
                    excluded[Exclusion(use, rule)] += 1
        remaining = allowed
    # Without a use there is nothing that was allowed.
    return Eligibility(frozenset(remaining if uses else ()), dict(excluded))


def _portions(ids: Sequence[int]) -> Iterator[list[int]]:
    iterator = iter(ids)
    while some := list(islice(iterator, ASKED_AT_ONCE)):
        yield some
