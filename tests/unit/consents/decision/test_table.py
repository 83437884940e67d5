"""The decision table as data: a case for each rule, and one for each pair that conflicts."""

from collections.abc import Set
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest

from registry.consents.decision import Study, questions
from registry.consents.decision.case import Case
from registry.consents.decision.facts import Facts, SignedConsent
from registry.consents.decision.rules import RULES
from registry.vocab.consent import Answer, CheckOutcome, SignatoryRole, Stance, Use, Verdict
from registry.vocab.research import DuoTerm
from tests.unit.consents.decision.known import (
    ENROLLED,
    GENETICS,
    MAY,
    NOTICE,
    TENTATIVE,
    consent,
    decided,
    facts,
    newer,
    signatory,
    stop,
    terms,
)

BY_NUMBER = {rule.number: rule for rule in RULES}
NUMBERS = [rule.number for rule in RULES]
#: Rule 13 is that every answer agrees; these say that one does not.
EXCLUSIVE = {(8, 13), (9, 13)}


def known(holding: Set[int]) -> Facts:
    """Facts that make these rules hold: of an adult who else agreed to everything."""
    item = replace(
        GENETICS,
        valid_months=1 if 6 in holding else None,
        uses=frozenset({Use.GENETICS, Use.ACADEMIC_RESEARCH} if 11 in holding else {Use.GENETICS}),
        terms=terms((DuoTerm.GS, "US")) if 12 in holding else frozenset(),
        answer=None if 9 in holding else Answer.ACCEPTED,
    )
    items = [item]
    if 8 in holding:
        items.append(replace(item, code="second", answer=Answer.REFUSED))
    signed = consent(*items, signatories=tuple(_signatories(holding)))
    if 3 in holding:
        signed = replace(signed, check="consent_check:1", outcome=CheckOutcome.FAILED)
    return facts(
        signed,
        *([_notice(items[0])] if 10 in holding else []),
        statuses=(TENTATIVE if 1 in holding else ENROLLED,),
        stops=(stop(),) if 2 in holding else (),
        adult_from=date(2026, 1, 15) if 5 in holding else None,
        changes=(newer(),) if 7 in holding else (),
    )


def _signatories(holding: Set[int]):
    yield signatory(SignatoryRole.SELF)
    if 5 in holding:
        yield signatory(SignatoryRole.PARENT)
    if 4 in holding:
        yield signatory(SignatoryRole.SECOND_PARENT, Stance.OPPOSES)


def _notice(item) -> SignedConsent:
    accepted = replace(item, answer=Answer.ACCEPTED)
    return consent(accepted, ref="consent:2", regime=NOTICE, information_given_on=None)


def holds(number: int, facts: Facts) -> bool:
    (question,) = questions(Use.GENETICS)
    return BY_NUMBER[number].finds(Case(facts, question, MAY)) is not None


def decision(facts: Facts):
    """The decision on the genetic examination, which is what the facts are about."""
    return decided(facts, Use.GENETICS)


@pytest.mark.parametrize("number", NUMBERS)
def test_each_rule_decides_where_it_alone_is_broken(number: int):
    facts = known({number})

    assert holds(number, facts)
    assert (decision(facts).rule, decision(facts).verdict) == (
        number,
        BY_NUMBER[number].verdict,
    )


@pytest.mark.parametrize("number", [n for n in NUMBERS if n != 13])
def test_each_rule_does_not_hold_of_somebody_in_order(number: int):
    assert not holds(number, known(set()))


@pytest.mark.parametrize(
    ("first", "second"),
    [pair for pair in combinations(NUMBERS, 2) if pair not in EXCLUSIVE],
    ids=str,
)
def test_of_two_rules_that_hold_the_smaller_number_decides(first: int, second: int):
    facts = known({first, second})

    assert holds(first, facts)
    assert holds(second, facts)
    assert decision(facts).rule == first


@pytest.mark.parametrize(("first", "second"), sorted(EXCLUSIVE))
def test_two_that_contradict_each_other_never_hold_together(first: int, second: int):
    facts = known({first, second})

    assert holds(first, facts)
    assert not holds(second, facts)


def test_all_of_them_at_once_come_to_the_first():
    assert decision(known(set(NUMBERS))).rule == 1


def test_only_the_last_rule_allows():
    assert [rule.number for rule in RULES if rule.verdict is Verdict.ALLOW] == [13]


def test_the_numbers_are_those_of_the_institute():
    assert list(range(1, 14)) == NUMBERS


def test_each_rule_has_a_name_of_its_own_and_a_sentence():
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(str(rule.reason).endswith(".") for rule in RULES)


class TestSeveralUses:
    """What the uses of a study come to."""

    COMPANY = Study(commercial=True)

    def item(self, use: Use, **changes: object):
        return replace(GENETICS, code=use.value, uses=frozenset({use}), **changes)

    def both(self, *, research: Answer, company: Answer) -> Facts:
        return facts(
            consent(
                self.item(Use.ACADEMIC_RESEARCH, answer=research),
                self.item(Use.COMMERCIAL_RESEARCH, answer=company, terms=terms(DuoTerm.COL)),
            )
        )

    def test_a_study_is_allowed_when_each_use_is(self):
        found = decided(self.both(research=Answer.ACCEPTED, company=Answer.ACCEPTED), self.COMPANY)

        assert found.is_allowed
        assert [duty.term for duty in found.obligations] == [DuoTerm.COL]

    def test_the_use_that_is_not_allowed_is_named(self):
        found = decided(self.both(research=Answer.ACCEPTED, company=Answer.REFUSED), self.COMPANY)

        assert (found.rule, found.use) == (8, Use.COMMERCIAL_RESEARCH)

    def test_a_refusal_comes_before_what_a_person_may_still_allow(self):
        known = facts(
            consent(
                self.item(Use.ACADEMIC_RESEARCH, terms=terms(DuoTerm.IRB)),
                self.item(Use.COMMERCIAL_RESEARCH, terms=terms(DuoTerm.NCU)),
            )
        )

        found = decided(known, self.COMPANY)

        assert (found.verdict, found.use) == (Verdict.DENY, Use.COMMERCIAL_RESEARCH)

    def test_a_manual_decision_is_no_leave(self):
        known = facts(consent(self.item(Use.ACADEMIC_RESEARCH, terms=terms(DuoTerm.IRB))))

        found = decided(known, Study())

        assert (found.verdict, found.rule, found.is_allowed) == (Verdict.MANUAL, 12, False)
