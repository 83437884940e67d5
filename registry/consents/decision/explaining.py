"""Why a use is or is not allowed: every rule in its order, and what it found.

It walks the very table that decides; nothing here decides anything.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from registry.access import Permission, allows, require
from registry.consents.decision import deciding
from registry.consents.decision.case import Case
from registry.consents.decision.deciding import Decision
from registry.consents.decision.facts import Facts
from registry.consents.decision.question import Question
from registry.consents.decision.rules import RULES, Rule
from registry.consents.decision.study import Asked
from registry.kernel.actor import Actor
from registry.kernel.messages import Message
from registry.participants import queries as participants
from registry.vocab.consent import Use

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Step:
    """A rule on the way to the answer."""

    rule: Rule
    #: None: the rule could not be checked, and so nothing is allowed.
    holds: bool | None
    #: Whether it is the one that decided: the first that holds.
    decides: bool = False
    #: What it found in particular, where that is more than its own sentence.
    reason: Message | None = None
    #: The records on which it holds, where it names them.
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What was decided on one use, and how."""

    use: Use
    decision: Decision
    steps: Sequence[Step]


@dataclass(frozen=True)
class Explanation:
    """What was asked as a whole, and the answer to each use that it makes."""

    decision: Decision
    #: Nothing for who may not read the participant's consents.
    answers: Sequence[Answer] = ()


def explain(
    actor: Actor,
    participant_id: int,
    asked: Asked,
    on: date,
    *,
    known_at: datetime | None = None,
) -> Explanation:
    """The decision on the day `on`, as known at a moment (None: now), with every rule walked.

    A rule that holds tells of the consents: who may not read them learns the
    verdict and the sentence of the rule, and nothing else.

    :raises NotFound: the participant is at no site of the actor's.
    """
    participant = participants.get_by_id(actor, participant_id)
    require(actor, Permission.PARTICIPANT_READ, participant)
    facts = deciding.facts_of([participant_id], known_at).get(participant_id)
    questions = deciding.questions(asked)
    decision = deciding.decided_on(facts, questions, on)
    if not allows(actor, Permission.CONSENT_READ, participant):
        return Explanation(_bare(decision))
    if facts is None:
        return Explanation(decision)
    return Explanation(decision, [_answer(facts, question, on) for question in questions])


def _bare(decision: Decision) -> Decision:
    """The verdict and the sentence of the rule."""
    reason = next((rule.reason for rule in RULES if rule.number == decision.rule), decision.reason)
    return Decision(decision.verdict, decision.rule, reason, use=decision.use)


def _answer(facts: Facts, question: Question, on: date) -> Answer:
    steps = [_step(rule, facts, question, on) for rule in RULES]
    first = next((n for n, step in enumerate(steps) if step.holds is not False), None)
    if first is not None and steps[first].holds:
        steps[first] = replace(steps[first], decides=True)
    return Answer(question.use, deciding.decided_on(facts, [question], on), steps)


def _step(rule: Rule, facts: Facts, question: Question, on: date) -> Step:
    try:
        finding = rule.finds(Case(facts, question, on))
    except Exception:  # noqa: BLE001 - the decision has failed closed; the page says where
        _log.exception("a rule about consent could not be checked")
        return Step(rule, None)
    if finding is None:
        return Step(rule, False)
    return Step(rule, True, reason=finding.reason, evidence=finding.evidence)
