"""The decision as a table: the first rule whose condition holds gives the verdict.

Numbers are those of the institute's decision table.  A rule that is added
takes its number's place in the order; what no rule decides is denied.
"""

from collections.abc import Callable
from dataclasses import dataclass

from registry.consents.decision import conditions
from registry.consents.decision.case import Case
from registry.consents.decision.conditions import Finding
from registry.kernel.messages import Message, T
from registry.vocab.consent import Verdict


@dataclass(frozen=True)
class Rule:
    """A row of the table: when it holds, what it gives, and what people are told."""

    number: int
    name: str
    finds: Callable[[Case], Finding | None]
    verdict: Verdict
    reason: Message
    #: Another verdict that it can give.
    or_else: Verdict | None = None


RULES: tuple[Rule, ...] = (
    Rule(
        1,
        "identity_uncertain",
        conditions.identity_uncertain,
        Verdict.HOLD,
        T("It is not settled who this participant is, or whose answers count."),
    ),
    Rule(
        2,
        "withdrawn",
        conditions.withdrawn,
        Verdict.DENY,
        T("The participant has withdrawn from this or opposed it."),
    ),
    Rule(
        3,
        "no_record",
        conditions.no_record,
        Verdict.DENY,
        T("No consent is on record for that day. Record the consent first."),
    ),
    Rule(
        4,
        "no_authority",
        conditions.no_authority,
        Verdict.DENY,
        T("Whoever signed could not bind the participant, or somebody with a say opposed it."),
    ),
    Rule(
        5,
        "not_informed_anew",
        conditions.not_informed_anew,
        Verdict.HOLD,
        T("The participant came of age, or a mandate ended, and nobody was asked anew."),
    ),
    Rule(
        6,
        "expired",
        conditions.expired,
        Verdict.DENY,
        T("The consent has expired. Ask the participant again."),
    ),
    Rule(
        7,
        "version_outdated",
        conditions.version_outdated,
        Verdict.DENY,
        T("A newer version of the form had to be signed by now, and was not. Ask for it."),
    ),
    Rule(
        8,
        "not_agreed",
        conditions.not_agreed,
        Verdict.DENY,
        T("The participant refused this, was not asked, or did not answer clearly."),
    ),
    Rule(
        9,
        "no_express_agreement",
        conditions.no_express_agreement,
        Verdict.DENY,
        T("This needs an express agreement, and there is none on the form."),
    ),
    Rule(
        10,
        "no_information",
        conditions.no_information,
        Verdict.DENY,
        T("There is no proof that the participant was informed."),
    ),
    Rule(
        11,
        "no_genetics_terms",
        conditions.no_genetics_terms,
        Verdict.DENY,
        T("Genetic examination needs an answer of its own and the proof of information."),
    ),
    Rule(
        12,
        "conditions_not_met",
        conditions.conditions_not_met,
        Verdict.DENY,
        T("The conditions on which the participant agreed do not allow this kind of research."),
        or_else=Verdict.MANUAL,
    ),
    Rule(
        13,
        "agreed",
        conditions.agreed,
        Verdict.ALLOW,
        T("The participant agrees to this."),
    ),
)
