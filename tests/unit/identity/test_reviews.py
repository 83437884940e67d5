"""Deciding whether two persons are one."""

from datetime import date

import pytest
import sqlalchemy as sa

from registry.audit.models import AuditEntry
from registry.identity import service
from registry.identity.events import PersonEstablished, PersonsMerged
from registry.identity.models import HospitalIdentifier, MatchReview, Person
from registry.kernel import events
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from registry.persistence import registry_session
from registry.vocab.identity import (
    Agreement,
    Compared,
    EnrolmentOutcome,
    ReviewOutcome,
    Standing,
)
from registry.vocab.reviews import Likelihood
from tests.factories.identity import make_person, make_traits

SAME, DIFFERENT, LATER = ReviewOutcome.SAME, ReviewOutcome.DIFFERENT, ReviewOutcome.LATER
REASON = "Deux dossiers semblables"


@pytest.fixture
def heard(monkeypatch):
    """The events that were published, and nobody else listening."""
    told: list[object] = []
    monkeypatch.setattr(events, "_handlers", events.defaultdict(list))
    for kind in (PersonsMerged, PersonEstablished):
        events.subscribe(kind, told.append)
    return told


@pytest.fixture
def known(app, actors, heard):
    return make_person(actors.nurse)


@pytest.fixture
def twin(known, actors):
    return make_person(actors.nurse, number="0042138", given_names="Charlotte")


@pytest.fixture
def standing(rows_of):
    return lambda uid: next(row.standing for row in rows_of(Person) if row.uid == uid)


class TestTheList:
    def test_it_shows_pseudonyms_and_codes(self, known, twin, actors):
        (review,) = service.open_reviews(actors.nurse)

        assert {review.first_uid, review.second_uid} == {known.person_uid, twin.person_uid}
        assert review.outcome is ReviewOutcome.OPEN
        assert review.levels[Compared.GIVEN_NAMES] is Agreement.DIFFERENT
        assert review.weights[Compared.BIRTH_DATE] > 10

    def test_the_likeliest_comes_first_and_what_was_put_off_last(self, known, twin, actors):
        likelier = make_person(actors.nurse, number="0042139", given_names="Amélia Rose")
        service.decide_review(actors.nurse, likelier.reviews[0], LATER)

        listed = service.open_reviews(actors.nurse)
        assert [review.outcome for review in listed] == [*[ReviewOutcome.OPEN] * 2, LATER]
        order = list(Likelihood)
        assert order.index(listed[0].likelihood) <= order.index(listed[1].likelihood)

    def test_a_pair_across_two_hospitals_is_the_identity_officers_to_decide(self, known, actors):
        make_person(actors.other_site_nurse, number="5", site="LYO", given_names="Charlotte")

        for nurse in (actors.nurse, actors.other_site_nurse):
            (listed,) = service.open_reviews(nurse)
            assert not listed.may_decide
            assert {*listed.first_sites, *listed.second_sites} == {"PAR", "LYO"}
            assert service.count_open(nurse) == 0
        for everywhere in (actors.identity_officer, Actor.system("import")):
            (listed,) = service.open_reviews(everywhere)
            assert listed.may_decide
            assert service.count_open(everywhere) == 1

    def test_a_pair_of_two_other_sites_is_not_in_it(self, app, actors):
        make_person(actors.other_site_nurse, number="4", site="LYO")
        make_person(actors.other_site_nurse, number="5", site="LYO", given_names="Charlotte")
        assert service.open_reviews(actors.nurse) == []

    def test_it_can_be_that_of_one_person(self, known, twin, actors):
        third = make_person(actors.nurse, number="0042139", given_names="Victoire")
        of_twin = service.open_reviews(actors.nurse, of=twin.person_uid)

        assert len(service.open_reviews(actors.nurse)) > len(of_twin) > 0
        for review in of_twin:
            assert twin.person_uid in (review.first_uid, review.second_uid)
        assert third.reviews

    def test_one_review_is_shown_whether_it_waits_or_not(self, known, twin, actors):
        service.decide_review(actors.nurse, twin.reviews[0], DIFFERENT)

        assert service.get_review(actors.nurse, twin.reviews[0]).outcome is DIFFERENT
        with pytest.raises(NotFound):
            service.get_review(actors.other_site_nurse, twin.reviews[0])
        with pytest.raises(NotFound):
            service.get_review(actors.nurse, 4_711)

    @pytest.mark.parametrize("role", ["technician", "investigator", "data_manager", "dpo", "admin"])
    def test_nobody_but_nurses_sees_it(self, app, actors, role):
        with pytest.raises(NotPermitted):
            service.open_reviews(getattr(actors, role))


class TestComparing:
    def test_both_identities_are_shown_and_the_look_is_recorded(
        self, known, twin, actors, audit_tags
    ):
        shown = service.compare(actors.nurse, twin.reviews[0], reason=REASON)

        sides = {side.person_uid: side.traits for side in (shown.first, shown.second)}
        assert sides[known.person_uid] == make_traits()
        assert sides[twin.person_uid] == make_traits(given_names="Charlotte")
        assert audit_tags()[-1] == "identity:compared"

    def test_a_number_that_is_the_others_is_shown_as_disputed(self, known, actors):
        claimant = make_person(actors.nurse, given_names="Charlotte")
        shown = service.compare(actors.nurse, claimant.reviews[0], reason=REASON)

        numbers = {
            side.person_uid: [(one.identifier.number, one.is_disputed) for one in side.numbers]
            for side in (shown.first, shown.second)
        }
        assert numbers[known.person_uid] == [("0042137", False)]
        assert numbers[claimant.person_uid] == [("0042137", True)]

    def test_it_needs_a_reason(self, twin, actors):
        with pytest.raises(InvalidInput):
            service.compare(actors.nurse, twin.reviews[0], reason=" ")

    def test_a_pair_of_which_one_is_another_sites_does_not_exist(self, known, actors):
        abroad = make_person(
            actors.other_site_nurse, number="5", site="LYO", given_names="Charlotte"
        )
        for nurse in (actors.nurse, actors.other_site_nurse):
            with pytest.raises(NotFound):
                service.compare(nurse, abroad.reviews[0], reason=REASON)
            with pytest.raises(NotFound):
                service.decide_review(nurse, abroad.reviews[0], SAME)

    def test_a_review_that_is_none(self, known, actors):
        with pytest.raises(NotFound):
            service.compare(actors.nurse, 4_711, reason=REASON)


class TestSame:
    def test_the_tentative_person_becomes_the_established_one(
        self, known, twin, actors, standing, audit_tags, heard
    ):
        service.decide_review(actors.nurse, twin.reviews[0], SAME)

        assert standing(twin.person_uid) is Standing.MERGED
        assert standing(known.person_uid) is Standing.ESTABLISHED
        assert service.open_reviews(actors.nurse) == []
        assert audit_tags()[-2:] == ["match_review:decided", "person:merged"]
        assert heard == [
            PersonsMerged(actors.nurse, kept_uid=known.person_uid, merged_uid=twin.person_uid)
        ]

    def test_the_losing_number_stays_as_an_alias(self, known, twin, actors, rows_of):
        service.decide_review(actors.nurse, twin.reviews[0], SAME)

        assert [row.is_alias for row in rows_of(HospitalIdentifier)] == [False, True]
        again = make_person(actors.nurse, number="0042138", given_names="Charlotte")
        assert again.outcome is EnrolmentOutcome.SAME
        assert again.person_uid == known.person_uid

    def test_a_third_one_merged_into_the_second_is_the_first(self, known, twin, actors):
        third = make_person(actors.nurse, number="0042139", given_names="Victoire")
        between = {
            frozenset((review.first_uid, review.second_uid)): review.id
            for review in service.open_reviews(actors.nurse)
        }
        service.decide_review(
            actors.nurse, between[frozenset((twin.person_uid, third.person_uid))], SAME
        )
        service.decide_review(
            actors.nurse, between[frozenset((known.person_uid, twin.person_uid))], SAME
        )

        # The question about the first and the third has answered itself.
        assert service.open_reviews(actors.nurse) == []
        shown = service.reveal(actors.nurse, third.person_uid, reason=REASON)
        assert shown.person_uid == known.person_uid
        assert len(shown.numbers) == 3

    def test_two_tentative_ones_become_one_that_still_waits(
        self, known, twin, actors, standing, heard
    ):
        fourth = make_person(actors.nurse, number="0042140", given_names="Victoire")
        between = {
            frozenset((review.first_uid, review.second_uid)): review.id
            for review in service.open_reviews(actors.nurse)
        }
        service.decide_review(
            actors.nurse, between[frozenset((twin.person_uid, fourth.person_uid))], SAME
        )

        assert standing(twin.person_uid) is Standing.TENTATIVE
        assert standing(fourth.person_uid) is Standing.MERGED
        assert not any(isinstance(event, PersonEstablished) for event in heard)


class TestDifferent:
    def test_nothing_is_left_to_doubt(self, known, twin, actors, standing, audit_tags, heard):
        service.decide_review(actors.nurse, twin.reviews[0], DIFFERENT)

        assert standing(twin.person_uid) is Standing.ESTABLISHED
        assert audit_tags()[-2:] == ["match_review:decided", "person:established"]
        assert heard == [PersonEstablished(actors.nurse, twin.person_uid)]

    def test_it_is_never_asked_again(self, known, twin, actors):
        service.decide_review(actors.nurse, twin.reviews[0], DIFFERENT)
        for _ in range(2):
            again = make_person(actors.nurse, number="0042138", given_names="Charlotte")
            assert again.outcome is EnrolmentOutcome.SAME
            assert again.person_uid == twin.person_uid
        assert service.open_reviews(actors.nurse) == []

    def test_another_doubt_keeps_the_person_tentative(self, known, twin, actors, standing):
        third = make_person(actors.nurse, number="0042139", given_names="Victoire")
        assert len(third.reviews) == 2

        service.decide_review(actors.nurse, third.reviews[0], DIFFERENT)
        assert standing(third.person_uid) is Standing.TENTATIVE
        service.decide_review(actors.nurse, third.reviews[1], DIFFERENT)
        assert standing(third.person_uid) is Standing.ESTABLISHED


class TestDifferentAndYetOne:
    def test_two_who_are_different_do_not_become_one_through_a_third(
        self, known, twin, actors, standing
    ):
        service.decide_review(actors.nurse, twin.reviews[0], DIFFERENT)
        third = make_person(actors.nurse, number="0042139", given_names="Victoire")
        to_one, to_other = third.reviews
        service.decide_review(actors.nurse, to_one, SAME)

        with pytest.raises(RuleBroken, match="found to be different"):
            service.decide_review(actors.nurse, to_other, SAME)
        assert standing(known.person_uid) is Standing.ESTABLISHED
        assert standing(twin.person_uid) is Standing.ESTABLISHED
        assert service.get_review(actors.nurse, to_other).outcome is ReviewOutcome.OPEN

        service.decide_review(actors.nurse, to_other, DIFFERENT)
        assert service.open_reviews(actors.nurse) == []


class TestLater:
    def test_it_stays_in_the_list_and_can_be_decided(self, known, twin, actors, standing):
        service.decide_review(actors.nurse, twin.reviews[0], LATER)
        assert standing(twin.person_uid) is Standing.TENTATIVE

        service.decide_review(actors.nurse, twin.reviews[0], DIFFERENT)
        assert standing(twin.person_uid) is Standing.ESTABLISHED


class TestTheDecision:
    def test_who_decided_and_when_is_kept(self, twin, actors, rows_of):
        service.decide_review(actors.nurse, twin.reviews[0], DIFFERENT)
        (review,) = rows_of(MatchReview)
        assert review.decided_by == actors.nurse.login
        assert review.decided_at is not None

    def test_its_reason_is_recorded_when_one_is_given(self, twin, actors):
        service.decide_review(actors.nurse, twin.reviews[0], DIFFERENT, reason=" Jumelles ")
        reason = registry_session.scalar(
            sa.select(AuditEntry.reason).where(AuditEntry.tag == "match_review:decided")
        )
        assert reason == "Jumelles"

    @pytest.mark.parametrize("outcome", [SAME, LATER])
    def test_it_is_not_made_otherwise_afterwards(self, twin, actors, outcome):
        service.decide_review(actors.nurse, twin.reviews[0], DIFFERENT)
        with pytest.raises(RuleBroken):
            service.decide_review(actors.nurse, twin.reviews[0], outcome)

    def test_open_is_no_decision(self, twin, actors):
        with pytest.raises(InvalidInput):
            service.decide_review(actors.nurse, twin.reviews[0], ReviewOutcome.OPEN)

    @pytest.mark.parametrize("role", ["technician", "investigator", "data_manager", "dpo", "admin"])
    def test_nobody_but_nurses_makes_it(self, twin, actors, role):
        with pytest.raises(NotPermitted):
            service.decide_review(getattr(actors, role), twin.reviews[0], SAME)

    def test_a_doubt_between_two_known_persons_is_raised_when_one_identity_is_both(
        self, app, actors, heard
    ):
        make_person(actors.nurse, number="12")
        make_person(
            actors.other_site_nurse,
            number="5",
            site="LYO",
            birth_name="Petit",
            birth_date=date(1931, 1, 30),
            birth_place=None,
            postal_code=None,
            town=None,
        )
        joined = make_person(actors.other_site_nurse, number="5", site="LYO")
        assert joined.outcome is EnrolmentOutcome.REVIEW
        assert len(joined.reviews) == 2
