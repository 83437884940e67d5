"""The one function that says whether a use is allowed; it fails closed.

Every use of a sample or a datum asks here, at that moment.
"""

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from registry.consents.decision import facts as known_facts
from registry.consents.decision.facts import Facts, SignedConsent
from registry.consents.decision.rules import RULES, Case
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import Message, T
from registry.participants.models import Participant
from registry.persistence import lock_row
from registry.vocab.consent import Use, Verdict
from registry.vocab.labels import label

_log = logging.getLogger(__name__)

#: The rule of what no rule decides, and of a decision that could not be taken.
UNDECIDED = 0


@dataclass(frozen=True)
class Decision:
    """Whether a use is allowed, by which rule, on what evidence and on which conditions."""

    verdict: Verdict
    rule: int
    reason: Message
    #: The records that decided, as ``kind:id``.
    evidence: tuple[str, ...] = ()
    #: What whoever uses it takes upon themselves.
    obligations: tuple[Message, ...] = ()

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
    participant_id: int, use: Use, on: date, *, known_at: datetime | None = None
) -> Decision:
    """Whether the participant's consent allows `use` on the day `on`.

    `known_at` asks what would have been answered at that moment; None is as
    known now.  Whatever goes wrong inside, the answer is DENY by rule 0.
    """
    return decide_many([participant_id], use, on, known_at=known_at)[participant_id]


def decide_many(
    participant_ids: Collection[int], use: Use, on: date, *, known_at: datetime | None = None
) -> dict[int, Decision]:
    """The decision for each participant, in a number of statements that does not grow."""
    facts = _facts(participant_ids, known_at)
    return {one: _decided(facts.get(one), use, on) for one in participant_ids}


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


def require_allowed(participant_id: int, *uses: Use, on: date) -> None:
    """Refuse unless every use is allowed; inside a unit of work.

    The participant is kept from being changed until the commit, so that no
    withdrawal slips in between the question and the act.

    :raises RuleBroken: a use is not allowed; the sentence says which and why.
    """
    _hold_still(participant_id)
    for use, decision in decide_uses(participant_id, uses, on).items():
        if not decision.is_allowed:
            raise RuleBroken(refusal(use, decision))


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


def _decided(facts: Facts | None, use: Use, on: date) -> Decision:
    if facts is None:
        return _FAILED
    try:
        return judge(Case(facts, use, on))
    except Exception:  # noqa: BLE001 - a check that crashes denies
        _log.exception("a decision about consent could not be taken")
        return _FAILED


def judge(case: Case) -> Decision:
    """The verdict of the first rule that holds."""
    for rule in RULES:
        if rule.holds(case):
            stops = tuple(stop.ref for stop in case.standing_stops)
            forms = tuple(consent.ref for consent in case.deciding)
            return Decision(rule.verdict, rule.number, rule.reason, stops or forms)
    return _NO_RULE
