"""Whether the record itself stands: scans, checks, newer versions, information, withdrawn items."""

from datetime import date, timedelta

import pytest

from registry.vocab.consent import Answer, ChangeRule, CheckOutcome, Use, Verdict
from tests.unit.consents.decision.known import (
    GENETICS,
    JANUARY,
    MARCH,
    MAY,
    NOTICE,
    consent,
    decided,
    facts,
    informed,
    item,
    newer,
    rule_of,
    stop,
)


class TestScans:
    WITHIN = 30
    LAST = JANUARY + timedelta(days=WITHIN)

    def test_it_is_due_so_many_days_after_the_record(self):
        known = facts(consent(proof_within_days=self.WITHIN))

        before, after = decided(known, on=self.LAST), decided(known, on=self.LAST + timedelta(1))

        assert before.is_allowed
        assert any("scan" in str(flag) for flag in before.flags)
        assert (after.verdict, after.rule) == (Verdict.DENY, 3)

    def test_once_there_it_is_evidence(self):
        known = facts(consent(proof_within_days=self.WITHIN, proof="consent_proof:7"))

        found = decided(known)

        assert found.is_allowed
        assert found.evidence == ("consent:1", "consent_proof:7")
        assert not found.flags

    def test_where_none_is_asked_none_is_missed(self):
        assert rule_of(facts(consent())) == 13

    def test_the_day_of_the_record_is_that_of_paris(self):
        late = consent(proof_within_days=0).recorded_at.replace(hour=23)
        known = facts(consent(proof_within_days=0, recorded_at=late))

        assert rule_of(known, on=JANUARY + timedelta(1)) == 13
        assert rule_of(known, on=JANUARY + timedelta(2)) == 3

    def test_a_scan_that_is_missing_lifts_no_withdrawal(self):
        unproved = consent(signed_on=MARCH + timedelta(1), proof_within_days=1)
        later = consent(ref="consent:2", regime=NOTICE, signed_on=MAY, information_given_on=MAY)

        assert rule_of(facts(unproved, later, stops=(stop(MARCH),))) == 2


class TestChecks:
    def test_a_failed_check_denies_and_is_the_evidence(self):
        failed = consent(check="consent_check:3", outcome=CheckOutcome.FAILED)

        found = decided(facts(failed))

        assert (found.rule, found.evidence) == (3, ("consent:1", "consent_check:3"))

    def test_a_passed_one_does_not(self):
        passed = consent(check="consent_check:3", outcome=CheckOutcome.PASSED)

        assert rule_of(facts(passed)) == 13

    def test_a_form_that_is_not_in_order_does_not_bring_an_older_one_back(self):
        failed = consent(
            ref="consent:2",
            signed_on=MARCH,
            check="consent_check:3",
            outcome=CheckOutcome.FAILED,
        )

        assert rule_of(facts(consent(), failed)) == 3

    def test_it_lifts_no_withdrawal(self):
        failed = consent(
            signed_on=MARCH + timedelta(1),
            check="consent_check:3",
            outcome=CheckOutcome.FAILED,
        )
        later = consent(ref="consent:2", regime=NOTICE, signed_on=MAY, information_given_on=MAY)

        assert rule_of(facts(failed, later, stops=(stop(MARCH),))) == 2


class TestNewerVersions:
    def test_it_has_to_be_signed_by_its_day(self):
        known = facts(consent(), changes=(newer(by=MARCH),))

        before, after = decided(known, on=MARCH), decided(known, on=MARCH + timedelta(1))

        assert before.is_allowed
        assert any("newer version" in str(flag) for flag in before.flags)
        assert (after.rule, after.evidence) == (7, ("consent:1", "consent_template:FORM:2:fr"))

    def test_who_signed_it_is_not_asked_again(self):
        again = consent(ref="consent:2", signed_on=MARCH, number=2)

        assert rule_of(facts(consent(), again, changes=(newer(),))) == 13

    def test_what_it_no_longer_asks_is_not_kept(self):
        """An item absent from a version that had to be signed does not keep its old answer."""
        narrower = consent(GENETICS, ref="consent:2", signed_on=MARCH, number=2)
        known = facts(consent(), narrower, changes=(newer(),))

        assert rule_of(known) == 7

    def test_another_form_says_nothing(self):
        assert rule_of(facts(consent(code="OTHER"), changes=(newer(),))) == 13

    def test_one_of_which_people_are_told_stops_nothing(self):
        known = facts(consent(), changes=(newer(None, ChangeRule.INFORM),))

        found = decided(known)

        assert found.is_allowed
        assert any("not told" in str(flag) for flag in found.flags)

    @pytest.mark.parametrize(
        "settled",
        [
            {"informed": (informed(number=2),)},
            {"consents": (consent(), consent(ref="consent:2", number=2, signed_on=MARCH))},
        ],
    )
    def test_who_was_told_or_signed_is_not_flagged(self, settled: dict):
        told = {"consents": (consent(),), **settled}

        found = decided(
            facts(*told.pop("consents"), changes=(newer(None, ChangeRule.INFORM),), **told)
        )

        assert found.flags == ()


class TestValidity:
    def test_its_end_is_announced(self):
        known = facts(consent(item(valid_months=5)))

        found = decided(known)

        assert found.is_allowed
        assert [flag.params["day"] for flag in found.flags] == [date(2026, 6, 10)]

    def test_what_is_far_away_is_not(self):
        assert decided(facts(consent(item(valid_months=60)))).flags == ()


class TestInformation:
    def test_being_told_of_the_form_later_is_proof_from_then_on(self):
        silent = consent(regime=NOTICE, information_given_on=None)
        known = facts(silent, informed=(informed(MARCH),))

        assert rule_of(known, on=MARCH - timedelta(1)) == 10
        found = decided(known, on=MARCH)
        assert found.is_allowed
        assert "consent_information:1" in found.evidence

    @pytest.mark.parametrize("told", [informed(code="OTHER"), informed(number=0)])
    def test_being_told_of_something_else_is_not(self, told):
        silent = consent(regime=NOTICE, information_given_on=None)

        assert rule_of(facts(silent, informed=(told,))) == 10


class TestWithdrawnItems:
    def test_what_the_item_covers_is_stopped(self):
        known = facts(
            consent(item(), GENETICS),
            stops=(stop(uses=frozenset(), items=frozenset({"genetics"})),),
        )

        assert rule_of(known, Use.GENETICS) == 2
        assert rule_of(known) == 13

    def test_an_item_without_which_the_form_allows_nothing_takes_the_rest_with_it(self):
        biobank = item(code="biobank", uses=frozenset({Use.STORE}), mandatory=True)
        known = facts(
            consent(biobank, item()),
            stops=(stop(uses=frozenset(), items=frozenset({"biobank"})),),
        )

        assert rule_of(known) == 2

    def test_the_item_of_a_later_version_stays_withdrawn(self):
        later = consent(
            ref="consent:2", number=2, regime=NOTICE, signed_on=MAY, information_given_on=MAY
        )
        known = facts(later, stops=(stop(uses=frozenset(), items=frozenset({"research"})),))

        assert rule_of(known) == 2

    def test_an_express_consent_of_a_later_day_lifts_it(self):
        again = consent(signed_on=MARCH + timedelta(1))
        known = facts(again, stops=(stop(uses=frozenset(), items=frozenset({"research"})),))

        assert rule_of(known) == 13

    def test_a_refusal_of_a_later_day_does_not(self):
        refused = consent(item(Answer.REFUSED), signed_on=MARCH + timedelta(1))
        known = facts(refused, stops=(stop(uses=frozenset(), items=frozenset({"research"})),))

        assert rule_of(known) == 2
