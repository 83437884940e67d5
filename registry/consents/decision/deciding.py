"""The one function that says whether a use is allowed; it fails closed.

Every use of a sample or a datum asks here, at that moment.
"""

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from registry.consents.decision import facts as known_facts
from registry.consents.decision.facts import Facts, SignedConsent
from registry.consents.decision.rules import RULES, Case
from registry.consents.decision.study import Asked, uses_of
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import Message, T
from registry.participants.models import Participant
from registry.persistence import lock_row
from registry.vocab.consent import Use, Verdict
from registry.vocab.labels import label
from registry.vocab.research import DuoTerm

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

#: The rule of what no rule decides, and of a decision that could not be taken.
UNDECIDED = 0


@dataclass(frozen=True)
class Obligation:
    """What whoever uses it takes upon themselves, by the condition that asks it."""

    term: DuoTerm
    sentence: Message


@dataclass(frozen=True)
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
    """The decision for each participant, in a number of statements that does not grow."""
    facts = _facts(participant_ids, known_at)
    return {one: _decided(facts.get(one), asked, on) for one in participant_ids}


def decide_uses(
    participant_id: int, uses: Iterable[Use], on: date, *, known_at: datetime | None = None
) -> dict[Use, Decision]:
    """The decision on each use for one participant."""
    facts = _facts([participant_id], known_at).get(participant_id)
    return {use: _decided(facts, use, on) for use in uses}


def preview(
    participant_id: int, form: SignedConsent, uses: Iterable[Use], on: date
) -> dict[Use, Decision]:
    """What the decision on each use would be if `form` were on record as well."""
    facts = _facts([participant_id], None).get(participant_id)
    if facts is not None:
        facts = replace(facts, consents=(*facts.consents, form))
    return {use: _decided(facts, use, on) for use in uses}


def require_allowed(participant_id: int, *asked: Asked, on: date) -> None:
    """Refuse unless everything asked is allowed; inside a unit of work.

    The participant is kept from being changed until the commit, so that no
    withdrawal slips in between the question and the act.

    :raises RuleBroken: something is not allowed; the sentence says which use and why.
    """
    _hold_still(participant_id)
    facts = _facts([participant_id], None).get(participant_id)
    for one in asked:
        decision = _decided(facts, one, on)
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


def _facts(participant_ids: Collection[int], known_at: datetime | None) -> dict[int, Facts]:
    try:
        return known_facts.load(participant_ids, known_at)
    except Exception:  # noqa: BLE001 - a check that crashes denies
        _log.exception("the facts about consent could not be read")
        return {}


def _decided(facts: Facts | None, asked: Asked, on: date) -> Decision:
    if facts is None:
        return replace(_FAILED, use=uses_of(asked)[0])
    try:
        return worst([judge(Case(facts, use, on)) for use in uses_of(asked)])
    except Exception:  # noqa: BLE001 - a check that crashes denies
        _log.exception("a decision about consent could not be taken")
        return replace(_FAILED, use=uses_of(asked)[0])


def worst(decisions: Sequence[Decision]) -> Decision:
    """What several uses come to: the first rule that stops one of them decides.

    Of two that the same rule stops, a refusal comes before what a person may
    still allow.  When nothing is stopped, everything that each takes upon
    itself is taken.
    """
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
        if rule.holds(case):
            stops = tuple(stop.ref for stop in case.standing_stops)
            forms = tuple(consent.ref for consent in case.deciding)
            return Decision(rule.verdict, rule.number, rule.reason, stops or forms, use=case.use)
    return replace(_NO_RULE, use=case.use)
