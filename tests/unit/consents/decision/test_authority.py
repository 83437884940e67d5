"""Who could sign for whom, and until when that carries: minors, parents, guardians, mandates."""

from datetime import date, timedelta

import pytest

from registry.consents.decision.facts import Facts, Signatory
from registry.vocab import limits
from registry.vocab.consent import Answer, Audience, SignatoryRole, Stance, Use, Verdict
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
    rule_of,
    signatory,
    stop,
)

SELF, PARENT, SECOND = (
    SignatoryRole.SELF,
    SignatoryRole.PARENT,
    SignatoryRole.SECOND_PARENT,
)
GUARDIAN, MANDATE = SignatoryRole.GUARDIAN, SignatoryRole.MANDATE
TRUSTED, WITNESS = SignatoryRole.TRUSTED_PERSON, SignatoryRole.WITNESS
OPPOSES, UNABLE = Stance.OPPOSES, Stance.UNABLE
#: Years ahead of everything that happens here.
CHILD = date(2035, 3, 1)


def signed_by(*signatories: Signatory, adult_from: date | None = None, **changes: object) -> Facts:
    return facts(consent(signatories=signatories, **changes), adult_from=adult_from)


class TestAdults:
    def test_nobody_on_record_is_the_participant(self):
        assert rule_of(signed_by()) == 13

    def test_the_participant_signs(self):
        assert rule_of(signed_by(signatory(SELF))) == 13

    def test_a_trusted_person_attests_before_a_witness(self):
        assert rule_of(signed_by(signatory(TRUSTED), signatory(WITNESS))) == 13

    @pytest.mark.parametrize("role", [TRUSTED, WITNESS])
    def test_neither_of_them_does_alone(self, role: SignatoryRole):
        assert rule_of(signed_by(signatory(role))) == 4

    @pytest.mark.parametrize("role", [PARENT, SECOND])
    def test_a_parent_does_not_sign_for_somebody_not_known_to_be_a_minor(self, role: SignatoryRole):
        found = decided(signed_by(signatory(role)))

        assert (found.verdict, found.rule) == (Verdict.DENY, 4)
        assert "minor" in str(found.reason)

    def test_who_cannot_express_it_has_not_signed(self):
        assert rule_of(signed_by(signatory(SELF, UNABLE))) == 4

    @pytest.mark.parametrize("role", SignatoryRole)
    def test_an_opposition_counts_whoever_says_it(self, role: SignatoryRole):
        opposing = {SELF: signatory(SELF), role: signatory(role, OPPOSES)}

        assert rule_of(signed_by(*opposing.values())) == 4


class TestMinors:
    @pytest.mark.parametrize("role", [PARENT, SECOND, GUARDIAN])
    def test_a_parent_or_the_guardian_signs(self, role: SignatoryRole):
        assert rule_of(signed_by(signatory(role), adult_from=CHILD)) == 13

    @pytest.mark.parametrize("signatories", [(), (signatory(SELF),), (signatory(MANDATE),)])
    def test_nobody_else_does(self, signatories: tuple[Signatory, ...]):
        assert rule_of(signed_by(*signatories, adult_from=CHILD)) == 4

    def test_the_second_parent_can_oppose(self):
        known = signed_by(signatory(PARENT), signatory(SECOND, OPPOSES), adult_from=CHILD)

        assert rule_of(known) == 4

    def test_a_form_for_minors_is_not_signed_by_the_participant(self):
        assert rule_of(signed_by(signatory(SELF), audience=Audience.MINOR)) == 4

    def test_a_parent_signs_to_the_end_of_the_month_of_majority_and_no_longer(self):
        last = JANUARY - timedelta(days=limits.MINOR_FORM_DAYS)

        assert rule_of(signed_by(signatory(PARENT), adult_from=last), on=JANUARY) != 4
        earlier = last - timedelta(days=1)
        assert rule_of(signed_by(signatory(PARENT), adult_from=earlier), on=JANUARY) == 4

    def test_what_needs_no_signature_needs_no_parent(self):
        assert rule_of(signed_by(regime=NOTICE, adult_from=CHILD)) == 13

    @pytest.mark.parametrize("stance", [Stance.AGREES, UNABLE])
    def test_genetics_asks_the_minor_as_well(self, stance: Stance):
        asked = consent(GENETICS, signatories=(signatory(PARENT), signatory(SELF, stance)))
        passed_over = consent(GENETICS, signatories=(signatory(PARENT),))

        assert rule_of(facts(asked, adult_from=CHILD), Use.GENETICS) == 13
        assert rule_of(facts(passed_over, adult_from=CHILD), Use.GENETICS) == 11


class TestAuthority:
    @pytest.mark.parametrize("role", [GUARDIAN, MANDATE])
    def test_who_acts_on_a_judgment_signs_for_a_protected_adult(self, role: SignatoryRole):
        assert rule_of(signed_by(signatory(role), audience=Audience.PROTECTED_ADULT)) == 13

    def test_the_participant_alone_does_not_sign_the_form_for_protected_adults(self):
        assert rule_of(signed_by(signatory(SELF), audience=Audience.PROTECTED_ADULT)) == 4

    @pytest.mark.parametrize("role", [GUARDIAN, MANDATE])
    @pytest.mark.parametrize(
        "lacking",
        [
            {"has_authority": False},
            {"authority_from": None},
            {"authority_from": JANUARY + timedelta(days=1)},
            {"authority_to": JANUARY - timedelta(days=1)},
        ],
    )
    def test_without_a_paper_that_held_on_that_day_they_do_not(
        self, role: SignatoryRole, lacking: dict[str, object]
    ):
        assert rule_of(signed_by(signatory(role, **lacking))) == 4

    def test_the_day_itself_is_within_the_mandate(self):
        known = signed_by(signatory(MANDATE, authority_from=JANUARY, authority_to=JANUARY))

        assert rule_of(known, on=JANUARY) == 13


class TestComingOfAge:
    FROM = date(2026, 2, 1)
    STOPS = FROM + timedelta(days=limits.MAJORITY_GRACE_DAYS)

    def grown(self, *more, **changes: object) -> Facts:
        return facts(
            consent(signatories=(signatory(PARENT),)), *more, adult_from=self.FROM, **changes
        )

    def test_until_the_grace_is_over_nothing_stops_but_it_is_said(self):
        found = decided(self.grown(), on=self.STOPS - timedelta(days=1))

        assert found.is_allowed
        assert any("comes of age" in str(flag) for flag in found.flags)

    def test_before_the_month_nothing_is_said(self):
        assert decided(self.grown(), on=self.FROM - timedelta(days=1)).flags == ()

    def test_then_it_is_on_hold(self):
        found = decided(self.grown(), on=self.STOPS)

        assert (found.verdict, found.rule) == (Verdict.HOLD, 5)

    def test_a_consent_of_their_own_renews_it(self):
        own = consent(ref="consent:2", signed_on=self.FROM)

        assert rule_of(self.grown(own), on=self.STOPS) == 13

    def test_one_more_of_the_parent_does_not(self):
        again = consent(ref="consent:2", signed_on=self.FROM, signatories=(signatory(PARENT),))

        assert rule_of(self.grown(again), on=self.STOPS) == 5

    def test_their_own_consent_to_something_else_does_not(self):
        own = consent(GENETICS, ref="consent:2", signed_on=self.FROM)

        assert rule_of(self.grown(own), on=self.STOPS) == 5

    def test_information_alone_renews_no_express_consent(self):
        assert rule_of(self.grown(informed=(informed(MARCH),)), on=self.STOPS) == 5

    def test_information_since_then_renews_what_rests_on_non_opposition(self):
        known = facts(consent(regime=NOTICE), adult_from=self.FROM)

        assert rule_of(known, on=self.STOPS) == 5
        told = facts(consent(regime=NOTICE), adult_from=self.FROM, informed=(informed(MARCH),))
        assert rule_of(told, on=self.STOPS) == 13
        before = facts(consent(regime=NOTICE), adult_from=self.FROM, informed=(informed(JANUARY),))
        assert rule_of(before, on=self.STOPS) == 5

    def test_what_was_never_asked_is_not_on_hold_but_refused(self):
        assert rule_of(self.grown(), Use.RECONTACT, on=self.STOPS) == 8


class TestMandateEnding:
    def known(self, *more) -> Facts:
        guardian = signatory(GUARDIAN, authority_to=MARCH)
        return facts(consent(signatories=(guardian,)), *more)

    def test_its_last_day_still_carries(self):
        found = decided(self.known(), on=MARCH)

        assert found.is_allowed
        assert any("mandate" in str(flag) for flag in found.flags)

    def test_the_next_day_is_on_hold(self):
        found = decided(self.known(), on=MARCH + timedelta(days=1))

        assert (found.verdict, found.rule, found.evidence) == (Verdict.HOLD, 5, ("consent:1",))

    def test_a_new_form_under_a_mandate_that_holds_renews_it(self):
        again = consent(
            ref="consent:2",
            signed_on=MARCH + timedelta(days=1),
            signatories=(signatory(GUARDIAN, authority_to=MAY),),
        )

        assert rule_of(self.known(again), on=MAY) == 13

    def test_the_participant_can_sign_again(self):
        own = consent(ref="consent:2", signed_on=MARCH + timedelta(days=1))

        assert rule_of(self.known(own), on=MAY) == 13


class TestLifting:
    """A withdrawal is lifted by a form that binds the participant and is in order."""

    @pytest.mark.parametrize(
        "flaw",
        [
            {"signatories": (signatory(PARENT),)},
            {"signatories": (signatory(SELF), signatory(SECOND, OPPOSES))},
            {"signatories": (signatory(MANDATE, has_authority=False),)},
        ],
    )
    def test_a_form_that_does_not_bind_lifts_nothing(self, flaw: dict[str, object]):
        flawed = consent(signed_on=MARCH + timedelta(days=1), **flaw)
        notice = consent(ref="consent:2", regime=NOTICE, signed_on=MAY, information_given_on=MAY)

        known = facts(flawed, notice, stops=(stop(MARCH),))

        assert rule_of(known) == 2

    def test_the_form_in_order_does(self):
        again = consent(item(Answer.ACCEPTED), signed_on=MARCH + timedelta(days=1))

        assert rule_of(facts(again, stops=(stop(MARCH),))) == 13
