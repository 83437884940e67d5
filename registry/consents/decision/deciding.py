"""The one function that says whether a use is allowed; it fails closed.

Every use of a sample or a datum asks here, at that moment.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import TypeVar

from registry.consents.decision import duo, facts as known_facts, grace
from registry.consents.decision.case import Case
from registry.consents.decision.conditions import Finding, obliges
from registry.consents.decision.facts import Facts, SignedConsent
from registry.consents.decision.forms import Term
from registry.consents.decision.question import Question
from registry.consents.decision.rules import RULES, Rule
from registry.consents.decision.study import Asked, Study, uses_of
from registry.kernel.collecting import uncollected
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import Message, T
from registry.participants.models import Participant
from registry.persistence import lock_row
from registry.vocab.consent import Use, Verdict
from registry.vocab.labels import label
from registry.vocab.research import DuoTerm

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

#: Of how many participants the facts are read at once, so that memory does not grow with them.
READ_AT_ONCE = 2_000

#: The rule of what no rule decides, and of a decision that could not be taken.
UNDECIDED = 0


@dataclass(frozen=True)
class Obligation:
    """What whoever uses it takes upon themselves, by the condition that asks it."""

    term: DuoTerm
    sentence: Message


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a use is allowed, by which rule, on what evidence and on which conditions."""

    verdict: Verdict
    rule: int
    reason: Message
    #: The records that decided, as ``kind:id``.
    evidence: tuple[str, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    #: What stops nothing yet: a deadline that comes near, a scan that is still due.
    flags: tuple[Message, ...] = ()
    #: The use that decided; of a study, the first one that is not allowed.
    use: Use | None = None

    @property
    def is_allowed(self) -> bool:
        """Everything but ALLOW stops the use."""
        return self.verdict is Verdict.ALLOW

    @property
    def is_withdrawn(self) -> bool:
        """Whether it is a withdrawal that decided."""
        return any(ref.startswith("withdrawal:") for ref in self.evidence)


_FAILED = Decision(
    Verdict.DENY,
    UNDECIDED,
    T(
        "The consent could not be checked, so nothing is allowed. "
        "Tell the registry's administrator."
    ),
)
_NO_RULE = Decision(Verdict.DENY, UNDECIDED, T("Nothing on record allows this."))


def decide(
    participant_id: int, asked: Asked, on: date, *, known_at: datetime | None = None
) -> Decision:
    """Whether the participant's consent allows what is asked on the day `on`.

    A use is asked for the institute itself; a study is allowed when each of
    its uses is.  `known_at` asks what would have been answered at that moment;
    None is as known now.  Whatever goes wrong inside, the answer is DENY by
    rule 0.
    """
    return decide_many([participant_id], asked, on, known_at=known_at)[participant_id]


def decide_many(
    participant_ids: Collection[int], asked: Asked, on: date, *, known_at: datetime | None = None
) -> dict[int, Decision]:
    """The decision for each participant, in one pass.

    The number of statements does not grow with the participants: a portion of
    `READ_AT_ONCE` takes as many as one participant.
    """
    return dict(decide_each(participant_ids, asked, on, known_at=known_at))


def decide_each(
    participant_ids: Iterable[int], asked: Asked, on: date, *, known_at: datetime | None = None
) -> Iterator[tuple[int, Decision]]:
    """The decision for each participant, one after the other: memory does not grow with them."""
    asked_about = questions(asked)
    for some in _portions(participant_ids):
        # What is read has no cycles: looking for them would take a third of the time.
        with uncollected():
            facts = facts_of(some, known_at)
            found = [(one, decided_on(facts.get(one), asked_about, on)) for one in some]
        yield from found


def _portions(ids: Iterable[int]) -> Iterator[list[int]]:
    iterator = iter(ids)
    while some := list(islice(iterator, READ_AT_ONCE)):
        yield some


def decide_uses(
    participant_id: int, uses: Iterable[Use], on: date, *, known_at: datetime | None = None
) -> dict[Use, Decision]:
    """The decision on each use for one participant."""
    facts = facts_of([participant_id], known_at).get(participant_id)
    return {use: decided_on(facts, questions(use), on) for use in uses}


def preview(
    participant_id: int, form: SignedConsent, uses: Iterable[Use], on: date
) -> dict[Use, Decision]:
    """What the decision on each use would be if `form` were on record as well."""
    facts = facts_of([participant_id], None).get(participant_id)
    if facts is not None:
        facts = replace(facts, consents=(*facts.consents, form))
    return {use: decided_on(facts, questions(use), on) for use in uses}


def require_allowed(participant_id: int, *asked: Asked, on: date) -> None:
    """Refuse unless everything asked is allowed; inside a unit of work.

    The participant is kept from being changed until the commit, so that no
    withdrawal slips in between the question and the act.

    :raises RuleBroken: something is not allowed; the sentence says which use and why.
    """
    _hold_still(participant_id)
    facts = facts_of([participant_id], None).get(participant_id)
    for one in asked:
        decision = decided_on(facts, questions(one), on)
        if not decision.is_allowed:
            raise RuleBroken(refusal(decision.use or uses_of(one)[0], decision))


def _hold_still(participant_id: int) -> None:
    """Lock the participant and whoever stands for them: a withdrawal is recorded on either."""
    held = lock_row(Participant, participant_id)
    while held.merged_into_id is not None:
        held = lock_row(Participant, held.merged_into_id)


def refusal(use: Use, decision: Decision) -> Message:
    """The sentence that names the use and says why it is not allowed."""
    return T("{use}: {reason}", use=label(use), reason=decision.reason)


def facts_of(participant_ids: Collection[int], known_at: datetime | None) -> dict[int, Facts]:
    """The facts about each participant; about nobody when they cannot be read."""
    try:
        return known_facts.load(participant_ids, known_at)
    except Exception:  # noqa: BLE001 - a check that crashes denies
        _log.exception("the facts about consent could not be read")
        return {}


def questions(asked: Asked) -> tuple[Question, ...]:
    """What is asked, use by use."""
    project = asked if isinstance(asked, Study) else None
    return tuple(Question(use, project) for use in uses_of(asked))


def decided_on(facts: Facts | None, questions: Sequence[Question], on: date) -> Decision:
    """What several questions come to; DENY by rule 0 without facts, and when a rule crashes."""
    if facts is None:
        return replace(_FAILED, use=questions[0].use)
    try:
        return worst([judge(Case(facts, question, on)) for question in questions])
    except Exception:  # noqa: BLE001 - a check that crashes denies
        _log.exception("a decision about consent could not be taken")
        return replace(_FAILED, use=questions[0].use)


def worst(decisions: Sequence[Decision]) -> Decision:
    """What several uses come to: the first rule that stops one of them decides.

    Of two that the same rule stops, a refusal comes before what a person may
    still allow.  When nothing is stopped, everything that each takes upon
    itself is taken.
    """
    if len(decisions) == 1:
        return decisions[0]
    stopped = [one for one in decisions if not one.is_allowed]
    if stopped:
        return min(stopped, key=lambda one: (one.rule, one.verdict is not Verdict.DENY))
    return replace(
        decisions[0],
        evidence=_each(ref for one in decisions for ref in one.evidence),
        obligations=_each(duty for one in decisions for duty in one.obligations),
        flags=_each(flag for one in decisions for flag in one.flags),
    )


def _each(several: Iterable[_T]) -> tuple[_T, ...]:
    """Each of them once, in the order in which they came."""
    return tuple(dict.fromkeys(several))


def judge(case: Case) -> Decision:
    """The verdict of the first rule that holds."""
    for rule in RULES:
        finding = rule.finds(case)
        if finding is not None:
            return _as_decision(case, rule, finding)
    return replace(_NO_RULE, use=case.use)


def _as_decision(case: Case, rule: Rule, finding: Finding) -> Decision:
    verdict = finding.verdict or rule.verdict
    allows = verdict is Verdict.ALLOW
    return Decision(
        verdict,
        rule.number,
        finding.reason or rule.reason,
        finding.evidence or tuple(consent.ref for consent in case.deciding),
        obligations=_each(_obligation(term) for term in obliges(case)) if allows else (),
        flags=grace.flags(case) if allows else (),
        use=case.use,
    )


def _obligation(term: Term) -> Obligation:
    return Obligation(term[0], duo.said(term))
