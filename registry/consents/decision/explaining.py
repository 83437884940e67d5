"""Why a use is or is not allowed: every rule in its order, and what it found.

It walks the very table that decides; nothing here decides anything.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from registry.access import Permission, require
from registry.consents.decision import deciding, facts as known_facts
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
    holds: bool
    #: Whether it is the one that decided: the first that holds.
    decides: bool
    #: What it found in particular, where that is more than its own sentence.
    reason: Message | None = None


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
    answers: Sequence[Answer]


def explain(
    actor: Actor,
    participant_id: int,
    asked: Asked,
    on: date,
    *,
    known_at: datetime | None = None,
) -> Explanation:
    """The decision on the day `on`, as known at a moment (None: now), with every rule walked.

    For who may read the participant's consents: a rule that holds tells of them.

    :raises NotFound: the participant is at no site of the actor's.
    """
    participant = participants.get_by_id(actor, participant_id)
    require(actor, Permission.CONSENT_READ, participant)
    decision = deciding.decide(participant_id, asked, on, known_at=known_at)
    facts = _facts(participant_id, known_at)
    return Explanation(
        decision,
        [_answer(facts, question, on) for question in deciding.questions(asked)] if facts else (),
    )


def _facts(participant_id: int, known_at: datetime | None) -> Facts | None:
    try:
        return known_facts.load([participant_id], known_at).get(participant_id)
    except Exception:  # noqa: BLE001 - the decision has failed closed; there is nothing to walk
        _log.exception("the facts about consent could not be read")
        return None


def _answer(facts: Facts, question: Question, on: date) -> Answer:
    case = Case(facts, question, on)
    steps: list[Step] = []
    for rule in RULES:
        finding = rule.finds(case)
        holds = finding is not None
        is_first = holds and not any(step.holds for step in steps)
        steps.append(Step(rule, holds, is_first, finding.reason if finding else None))
    return Answer(question.use, deciding.judge(case), steps)
