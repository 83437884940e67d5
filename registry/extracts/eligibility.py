"""Whose consent allows everything that a study does, today, and why others are left out."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from registry.consents import decision
from registry.consents.decision import Decision, Obligation, Study
from registry.consents.decision.rules import RULES
from registry.kernel import clock
from registry.kernel.messages import Message, T
from registry.vocab.consent import Use
from registry.vocab.labels import label

#: How many participants are asked about at once, so that memory does not grow with the cohort.
ASKED_AT_ONCE = 5_000


@dataclass(frozen=True)
class Exclusion:
    """Why somebody is left out: the rule of the consent decision, and the use that it stopped."""

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
    """Who may be counted or included, how many may not, and what is owed for those who may."""

    allowed: frozenset[int]
    excluded: Mapping[Exclusion, int]
    #: What the consents of those who are allowed ask of whoever uses their data.
    obligations: tuple[Obligation, ...] = ()


def ask(participant_ids: Collection[int], study: Study) -> Eligibility:
    """Ask the consent decision about each participant, once for the whole study, as of today.

    Whoever gets no answer, is on hold or waits for a person's decision is not allowed.
    """
    allowed: set[int] = set()
    excluded: Counter[Exclusion] = Counter()
    obligations: dict[Obligation, None] = {}
    today = clock.today()
    for some in _portions(sorted(set(participant_ids))):
        decisions = decision.decide_many(some, study, today)
        for one in some:
            answer = decisions.get(one)
            if answer is not None and answer.is_allowed:
                allowed.add(one)
                obligations.update(dict.fromkeys(answer.obligations))
            else:
                excluded[_why(answer, study)] += 1
    return Eligibility(
        frozenset(allowed), dict(excluded), tuple(sorted(obligations, key=lambda one: one.term))
    )


def _why(answer: Decision | None, study: Study) -> Exclusion:
    if answer is None:
        return Exclusion(study.uses[0], decision.UNDECIDED)
    return Exclusion(answer.use or study.uses[0], answer.rule)


def _portions(ids: Sequence[int]) -> Iterator[list[int]]:
    iterator = iter(ids)
    while some := list(islice(iterator, ASKED_AT_ONCE)):
        yield some
