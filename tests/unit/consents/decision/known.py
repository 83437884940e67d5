"""Facts about one participant, made by hand: an adult who accepts everything in January."""

from datetime import UTC, date, datetime
from typing import Any

from registry.consents.decision import Decision, Study, judge, questions, worst
from registry.consents.decision.case import Case
from registry.consents.decision.facts import Facts, Information, Signatory, SignedConsent, Stop
from registry.consents.decision.forms import Change, ItemAnswer, Term
from registry.vocab.consent import Answer, ChangeRule, Regime, SignatoryRole, Stance, Use
from registry.vocab.people import ParticipantStatus
from registry.vocab.research import DuoTerm

JANUARY, MARCH, MAY = date(2026, 1, 10), date(2026, 3, 10), date(2026, 5, 10)
ENROLLED, TENTATIVE = ParticipantStatus.ENROLLED, ParticipantStatus.TENTATIVE
EVERY_USE = frozenset(Use)
NOTICE = Regime.NON_OPPOSITION
RESEARCH = Use.ACADEMIC_RESEARCH


def moment(day: date) -> datetime:
    """Noon of the day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def terms(*named: DuoTerm | Term) -> frozenset[Term]:
    """Conditions, those without a value by their name alone."""
    return frozenset((one, "") if isinstance(one, DuoTerm) else one for one in named)


def item(answer: Answer | None = Answer.ACCEPTED, **changes: Any) -> ItemAnswer:
    facts: dict[str, Any] = {
        "code": "research",
        "uses": frozenset({RESEARCH}),
        "mandatory": False,
        "valid_months": None,
        **changes,
    }
    return ItemAnswer(answer=answer, **facts)


GENETICS = item(code="genetics", uses=frozenset({Use.GENETICS}))
REFUSED = item(Answer.REFUSED)


def consent(*items: ItemAnswer, **changes: Any) -> SignedConsent:
    signed_on = changes.get("signed_on", JANUARY)
    facts: dict[str, Any] = {
        "ref": "consent:1",
        "participant_id": 1,
        "regime": Regime.EXPRESS,
        "signed_on": JANUARY,
        "information_given_on": JANUARY,
        "recorded_at": moment(signed_on),
        "code": "FORM",
        **changes,
    }
    return SignedConsent(items=items or (item(),), **facts)


def facts(*consents: SignedConsent, **changes: Any) -> Facts:
    return Facts(**{"statuses": (ENROLLED,), "consents": consents, **changes})


def stop(effective_on: date = MARCH, uses: frozenset[Use] = EVERY_USE, **changes: Any) -> Stop:
    return Stop("withdrawal:1", uses, effective_on, **changes)


def informed(informed_on: date = MARCH, number: int = 1, code: str = "FORM") -> Information:
    return Information("consent_information:1", code, number, informed_on)


def newer(by: date | None = MARCH, rule: ChangeRule = ChangeRule.RECONSENT) -> Change:
    """The second version of the form."""
    return Change("consent_template:FORM:2:fr", "FORM", 2, rule, by, JANUARY)


def signatory(role: SignatoryRole, stance: Stance = Stance.AGREES, **changes: Any) -> Signatory:
    """Somebody with every right to sign, from January on."""
    authority: dict[str, Any] = {"has_authority": True, "authority_from": date(2025, 1, 1)}
    return Signatory(role, stance, **{**authority, **changes})


def decided(known: Facts, asked: Use | Study = RESEARCH, on: date = MAY) -> Decision:
    return worst([judge(Case(known, question, on)) for question in questions(asked)])


def rule_of(known: Facts, asked: Use | Study = RESEARCH, on: date = MAY) -> int:
    return decided(known, asked, on).rule
