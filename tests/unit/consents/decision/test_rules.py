"""The decision table: each rule, and which forms and withdrawals count."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from registry.consents.decision.facts import Facts, SignedConsent
from registry.vocab.consent import Answer, Use, Verdict
from registry.vocab.people import ParticipantStatus
from tests.unit.consents.decision.known import (
    ENROLLED,
    GENETICS,
    MARCH,
    MAY,
    NOTICE,
    REFUSED,
    TENTATIVE,
    consent,
    decided,
    facts,
    item,
    rule_of,
    stop,
)


class TestEachRule:
    def test_13_an_accepted_item_allows(self):
        decision = decided(facts(consent()))

        assert (decision.verdict, decision.rule) == (Verdict.ALLOW, 13)
        assert decision.evidence == ("consent:1",)

    def test_1_a_tentative_identity_holds(self):
        decision = decided(facts(consent(), statuses=(TENTATIVE,)))

        assert (decision.verdict, decision.rule) == (Verdict.HOLD, 1)

    def test_1_a_tentative_alias_holds(self):
        assert rule_of(facts(consent(), statuses=(ENROLLED, TENTATIVE))) == 1

    def test_2_a_withdrawal_denies_and_is_the_evidence(self):
        decision = decided(facts(consent(), stops=(stop(),)))

        assert (decision.verdict, decision.rule) == (Verdict.DENY, 2)
        assert decision.evidence == ("withdrawal:1",)

    def test_3_nothing_on_record_denies(self):
        assert rule_of(facts()) == 3

    def test_3_a_form_signed_later_is_no_record_yet(self):
        assert rule_of(facts(consent(signed_on=MAY)), on=MARCH) == 3

    def test_6_an_answer_holds_to_the_day_of_the_month_and_no_longer(self):
        known = facts(consent(item(valid_months=2)))

        assert rule_of(known, on=date(2026, 3, 10)) == 13
        assert rule_of(known, on=date(2026, 3, 11)) == 6

    def test_6_a_month_that_is_shorter_ends_on_its_last_day(self):
        known = facts(consent(item(valid_months=1), signed_on=date(2026, 1, 31)))

        assert rule_of(known, on=date(2026, 2, 28)) == 13
        assert rule_of(known, on=date(2026, 3, 1)) == 6

    @pytest.mark.parametrize("answer", [Answer.REFUSED, Answer.NOT_ASKED, Answer.UNCLEAR])
    def test_8_anything_but_accepted_denies(self, answer: Answer):
        assert rule_of(facts(consent(item(answer)))) == 8

    def test_8_a_use_that_no_form_asks_about_is_denied(self):
        assert rule_of(facts(consent()), Use.OUTSIDE_EU) == 8

    def test_8_a_refused_mandatory_item_takes_the_rest_of_the_form_with_it(self):
        mandatory = item(Answer.REFUSED, code="biobank", uses=frozenset(), mandatory=True)

        assert rule_of(facts(consent(mandatory, item()))) == 8

    @pytest.mark.parametrize("code", ["research", "reuse"])
    def test_8_silence_to_a_later_notice_does_not_answer_a_refusal(self, code: str):
        silent = consent(item(code=code), ref="consent:2", regime=NOTICE, signed_on=MARCH)

        assert rule_of(facts(consent(REFUSED), silent)) == 8

    def test_8_an_express_agreement_after_it_does(self):
        silent = consent(ref="consent:2", regime=NOTICE, signed_on=MARCH)
        agreed = consent(ref="consent:3", signed_on=MARCH)

        assert rule_of(facts(consent(REFUSED), silent, agreed)) == 13

    def test_13_a_notice_after_a_form_that_refused_nothing_allows(self):
        silent = consent(ref="consent:2", regime=NOTICE, signed_on=MARCH)

        assert rule_of(facts(consent(item(Answer.NOT_ASKED)), silent)) == 13

    def test_9_an_express_form_without_an_answer_on_record_denies(self):
        assert rule_of(facts(consent(item(None)))) == 9

    def test_10_non_opposition_without_proof_of_information_denies(self):
        assert rule_of(facts(consent(regime=NOTICE, information_given_on=None))) == 10

    def test_10_non_opposition_with_it_allows(self):
        assert rule_of(facts(consent(regime=NOTICE))) == 13

    def test_11_genetics_needs_an_item_of_its_own(self):
        wide = item(uses=frozenset({Use.GENETICS, Use.ACADEMIC_RESEARCH}))

        assert rule_of(facts(consent(wide)), Use.GENETICS) == 11
        assert rule_of(facts(consent(GENETICS)), Use.GENETICS) == 13

    def test_11_genetics_needs_proof_of_information(self):
        known = facts(consent(GENETICS, information_given_on=None))

        assert rule_of(known, Use.GENETICS) == 11

    def test_0_what_no_rule_decides_is_denied(self):
        silent = facts(consent(item(None), regime=NOTICE))

        decision = decided(silent)

        assert (decision.verdict, decision.rule) == (Verdict.DENY, 0)


class TestLatestConsent:
    def test_a_later_refusal_overrides_an_earlier_acceptance(self):
        assert rule_of(facts(consent(), consent(REFUSED, signed_on=MARCH))) == 8

    @pytest.mark.parametrize("answer", [Answer.NOT_ASKED, Answer.UNCLEAR])
    def test_a_later_unknown_does_too(self, answer: Answer):
        assert rule_of(facts(consent(), consent(item(answer), signed_on=MARCH))) == 8

    def test_a_later_acceptance_overrides_an_earlier_refusal(self):
        assert rule_of(facts(consent(REFUSED), consent(signed_on=MARCH))) == 13

    def test_the_order_of_recording_does_not_matter(self):
        assert rule_of(facts(consent(REFUSED, signed_on=MARCH), consent())) == 8

    def test_an_item_absent_from_the_newer_form_keeps_its_old_answer(self):
        newer = consent(GENETICS, signed_on=MARCH)

        assert rule_of(facts(consent(), newer)) == 13

    def test_of_two_forms_of_one_day_the_refusal_counts(self):
        assert rule_of(facts(consent(REFUSED), consent())) == 8
        assert rule_of(facts(consent(), consent(REFUSED))) == 8

    def test_an_expired_answer_does_not_bring_an_older_one_back(self):
        newer = consent(item(valid_months=1), signed_on=MARCH)

        assert rule_of(facts(consent(), newer)) == 6


class TestWithdrawal:
    def test_before_its_day_it_stops_nothing(self):
        known = facts(consent(), stops=(stop(MARCH),))

        assert rule_of(known, on=date(2026, 3, 9)) == 13
        assert rule_of(known, on=MARCH) == 2

    def test_it_stops_what_it_names(self):
        known = facts(consent(), stops=(stop(uses=frozenset({Use.GENETICS})),))

        assert rule_of(known) == 13

    def test_it_never_expires(self):
        known = facts(consent(), stops=(stop(),))

        assert rule_of(known, on=date(2126, 5, 10)) == 2

    def test_an_express_consent_of_a_later_day_lifts_it(self):
        known = facts(consent(), consent(signed_on=date(2026, 3, 11)), stops=(stop(),))

        assert rule_of(known) == 13

    def test_one_of_the_same_day_does_not(self):
        assert rule_of(facts(consent(signed_on=MARCH), stops=(stop(MARCH),))) == 2

    def test_a_later_notice_does_not(self):
        notice = consent(regime=NOTICE, signed_on=MAY, information_given_on=MAY)

        assert rule_of(facts(notice, stops=(stop(),))) == 2

    def test_a_later_consent_to_something_else_does_not(self):
        later = consent(GENETICS, signed_on=MAY)

        assert rule_of(facts(consent(), later, stops=(stop(),))) == 2

    def test_the_lifted_one_does_not_come_back_when_the_consent_expires(self):
        later = consent(item(valid_months=1), signed_on=date(2026, 3, 11))

        assert rule_of(facts(consent(), later, stops=(stop(),)), on=MAY) == 6


class TestAliases:
    MERGED_AT = datetime(2026, 4, 1, tzinfo=UTC)

    def known(self, *consents: SignedConsent) -> Facts:
        return facts(
            *consents,
            statuses=(ENROLLED, ParticipantStatus.MERGED),
            merged_at=self.MERGED_AT,
        )

    def test_answers_that_contradict_each_other_hold(self):
        refused = consent(REFUSED, participant_id=2, signed_on=MARCH)

        assert rule_of(self.known(consent(), refused)) == 1

    def test_answers_that_agree_decide(self):
        assert rule_of(self.known(consent(), consent(participant_id=2))) == 13

    def test_a_form_recorded_since_settles_it(self):
        refused = consent(REFUSED, participant_id=2, signed_on=MARCH)
        since = consent(signed_on=MAY, recorded_at=datetime(2026, 5, 10, tzinfo=UTC))

        assert rule_of(self.known(consent(), refused, since)) == 13

    def test_a_form_on_something_else_does_not_settle_it(self):
        refused = consent(REFUSED, participant_id=2, signed_on=MARCH)
        since = consent(GENETICS, signed_on=MAY, recorded_at=datetime(2026, 5, 10, tzinfo=UTC))

        assert rule_of(self.known(consent(), refused, since)) == 1

    def test_a_withdrawal_of_either_denies(self):
        known = replace(self.known(consent(), consent(participant_id=2)), stops=(stop(),))

        assert rule_of(known) == 2
