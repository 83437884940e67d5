"""A merge is undone: both persons, their numbers, questions and participants are as before."""

from contextlib import suppress

import pytest
import sqlalchemy as sa

from registry.audit.models import AuditEntry
from registry.identity import service
from registry.identity.decisions.models import MatchDecision
from registry.identity.models import HospitalIdentifier, MatchReview, Person
from registry.identity.traits import HospitalId
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.vocab.identity import ReviewOutcome
from registry.vocab.people import ParticipantStatus
from registry.vocab.reviews import DecisionKind
from tests.factories.identity import make_person, make_traits
from tests.factories.participants import OPERATOR, make_cohort, make_participant

SAME, DIFFERENT, LATER = ReviewOutcome.SAME, ReviewOutcome.DIFFERENT, ReviewOutcome.LATER
TENTATIVE, MERGED = ParticipantStatus.TENTATIVE, ParticipantStatus.MERGED
REASON = "Deux dossiers distincts"


class Crash(Exception):
    """The machine stops."""


@pytest.fixture
def known(app, actors):
    person = make_person(actors.nurse)
    make_participant(actors, person_uid=person.person_uid)
    return person


@pytest.fixture
def twin(known, actors):
    person = make_person(actors.nurse, number="0042138", given_names="Charlotte")
    make_participant(actors, person_uid=person.person_uid, status=TENTATIVE)
    make_participant(
        actors, person_uid=person.person_uid, status=TENTATIVE, cohort=make_cohort("RA")
    )
    return person


@pytest.fixture
def state(rows_of):
    """Everything that a merge touches, in both databases."""

    def look():
        registry_session.rollback()
        return (
            [(one.uid, one.standing, one.merged_into_id) for one in rows_of(Person)],
            [(one.id, one.person_id, one.is_alias) for one in rows_of(HospitalIdentifier)],
            [(one.id, one.outcome, one.decided_at, one.decided_by) for one in rows_of(MatchReview)],
            registry_session.execute(
                sa.select(
                    Participant.code,
                    Participant.person_uid,
                    Participant.status,
                    Participant.merged_into_id,
                ).order_by(Participant.id)
            ).all(),
        )

    return look


def between(actors, one, other) -> int:
    wanted = {one.person_uid, other.person_uid}
    return next(
        review.id
        for review in service.open_reviews(actors.nurse)
        if {review.first_uid, review.second_uid} == wanted
    )


class TestUndoing:
    def test_everything_is_as_it_was(self, twin, actors, state):
        before = state()
        service.decide_review(actors.nurse, twin.reviews[0], SAME)
        assert state() != before

        service.undo_merge(actors.nurse, twin.reviews[0], REASON)
        assert state() == before

    def test_it_is_recorded_with_its_reason(self, twin, actors, audit_tags):
        service.decide_review(actors.nurse, twin.reviews[0], SAME)
        service.undo_merge(actors.nurse, twin.reviews[0], REASON)

        tags = audit_tags()
        assert tags[tags.index("person:split") :] == [
            "person:split",
            "participant:restored",
            "participant:restored",
            "person:doubted",
        ]
        reason = sa.select(AuditEntry.reason).where(AuditEntry.tag == "person:split")
        assert registry_session.scalar(reason) == REASON

    def test_a_question_that_was_put_off_is_put_off_again(self, twin, actors, state):
        third = make_person(actors.nurse, number="0042139", given_names="Victoire")
        for review in third.reviews:
            service.decide_review(actors.nurse, review, LATER)
        before = state()
        service.decide_review(actors.nurse, twin.reviews[0], SAME)
        service.decide_review(actors.nurse, third.reviews[0], SAME)
        service.undo_merge(actors.nurse, third.reviews[0], REASON)
        service.undo_merge(actors.nurse, twin.reviews[0], REASON)

        assert state() == before

    def test_the_pair_can_be_merged_and_undone_again(self, twin, actors, state):
        before = state()
        for _ in range(2):
            service.decide_review(actors.nurse, twin.reviews[0], SAME)
            service.undo_merge(actors.nurse, twin.reviews[0], REASON)
        assert state() == before

    def test_whoever_was_kept_once_is_not_torn_apart_when_merged_the_other_way(
        self, known, twin, actors, state
    ):
        """Undoing goes by what the merge changed, not by whose a participant once was."""
        service.decide_review(actors.nurse, twin.reviews[0], SAME)
        service.undo_merge(actors.nurse, twin.reviews[0], REASON)
        service.decide_review(actors.nurse, twin.reviews[0], DIFFERENT)
        before = state()
        service.revise(actors.identity_officer, twin.reviews[0], SAME, reason=REASON)
        service.undo_merge(actors.identity_officer, twin.reviews[0], REASON)

        assert state() == before

    def test_undone_again_it_changes_nothing(self, twin, actors, state):
        service.decide_review(actors.nurse, twin.reviews[0], SAME)
        service.undo_merge(actors.nurse, twin.reviews[0], REASON)
        after = state()
        service.undo_merge(actors.nurse, twin.reviews[0], REASON)
        assert state() == after


class TestSince:
    def test_a_number_received_since_stays_and_comes_into_use(self, known, actors, rows_of):
        lyon, officer = actors.other_site_nurse, actors.identity_officer
        third = make_person(lyon, number="77", site="LYO", given_names="Victoire")
        service.decide_review(officer, third.reviews[0], SAME)
        service.enrol(
            OPERATOR,
            traits=make_traits(given_names="Victoire"),
            hospital_identifier=HospitalId("LYO", "78"),
            decided={known.person_uid: SAME},
        )
        assert [row.is_alias for row in rows_of(HospitalIdentifier)] == [False, False, True]
        service.undo_merge(officer, third.reviews[0], REASON)

        numbers = [(row.person_id, row.is_alias) for row in rows_of(HospitalIdentifier)]
        assert numbers == [(1, False), (2, False), (1, False)]

    def test_a_participant_of_a_cohort_entered_since_stays(self, known, twin, actors):
        service.decide_review(actors.nurse, twin.reviews[0], SAME)
        later = make_participant(actors, person_uid=known.person_uid, cohort=make_cohort("SSJ"))
        service.undo_merge(actors.nurse, twin.reviews[0], REASON)
        assert later.person_uid == known.person_uid


class TestChains:
    @pytest.fixture
    def chain(self, known, twin, actors):
        """The third into the second, the second into the first: the two reviews, in order."""
        third = make_person(actors.nurse, number="0042139", given_names="Victoire")
        make_participant(actors, person_uid=third.person_uid, status=TENTATIVE)
        lower, upper = between(actors, twin, third), between(actors, known, twin)
        service.decide_review(actors.nurse, lower, SAME)
        service.decide_review(actors.nurse, upper, SAME)
        return lower, upper

    def test_the_earlier_merge_waits_for_the_later_one(self, chain, actors, state):
        lower, upper = chain
        before = state()
        with pytest.raises(RuleBroken, match=f"Undo that first: pair {upper}"):
            service.undo_merge(actors.nurse, lower, REASON)

        assert state() == before
        assert service.merge_behind(actors.nurse, lower).undo_first == upper

    def test_in_the_right_order_each_stands_alone(self, chain, actors, rows_of):
        for review in reversed(chain):
            service.undo_merge(actors.nurse, review, REASON)

        assert all(one.merged_into_id is None for one in rows_of(Person))
        assert all(not one.is_alias for one in rows_of(HospitalIdentifier))
        statuses = registry_session.scalars(sa.select(Participant.status)).all()
        assert MERGED not in statuses

    def test_a_question_that_the_merge_answered_leads_to_it(self, chain, known, actors, rows_of):
        answered = next(
            row.review_id for row in rows_of(MatchDecision) if row.kind is DecisionKind.ANSWERED
        )
        service.undo_merge(actors.nurse, answered, REASON)
        assert service.get_review(actors.nurse, answered).outcome is ReviewOutcome.OPEN


class TestRefused:
    def test_where_nothing_was_merged(self, twin, actors):
        with pytest.raises(RuleBroken, match="nothing to undo"):
            service.undo_merge(actors.nurse, twin.reviews[0], REASON)

    def test_without_a_reason_or_with_one_that_says_who_it_is(self, twin, actors, state):
        service.decide_review(actors.nurse, twin.reviews[0], SAME)
        before = state()
        for reason in (" ", "Charlotte est la jumelle"):
            with pytest.raises(InvalidInput):
                service.undo_merge(actors.nurse, twin.reviews[0], reason)
        assert state() == before

    def test_to_whoever_works_elsewhere_or_may_not_decide(self, twin, actors):
        service.decide_review(actors.nurse, twin.reviews[0], SAME)
        with pytest.raises(NotFound):
            service.undo_merge(actors.other_site_nurse, twin.reviews[0], REASON)
        for role in ("technician", "investigator", "data_manager", "dpo", "admin"):
            with pytest.raises(NotPermitted):
                service.undo_merge(getattr(actors, role), twin.reviews[0], REASON)


class TestInterrupted:
    @pytest.fixture
    def crash(self, monkeypatch):
        """Do something, and stop between the two commits."""

        def stop():
            raise Crash

        def run(act, *arguments):
            with monkeypatch.context() as patch:
                patch.setattr(registry_session, "commit", stop)
                with suppress(Crash):
                    act(*arguments)

        return run

    @pytest.mark.parametrize("again", ["undo", "finish", "settle"])
    def test_it_is_finished(self, twin, actors, state, crash, again):
        before = state()
        service.decide_review(actors.nurse, twin.reviews[0], SAME)
        crash(service.undo_merge, actors.nurse, twin.reviews[0], REASON)
        assert state() != before
        assert [one.id for one in service.interrupted_reviews(actors.nurse)] == [twin.reviews[0]]

        if again == "undo":
            service.undo_merge(actors.nurse, twin.reviews[0], REASON)
        elif again == "finish":
            service.finish(actors.nurse, twin.reviews[0])
        else:
            service.settle(actors.nurse, twin.person_uid)

        assert state() == before
        assert service.interrupted_reviews(actors.nurse) == []

    def test_both_links_of_a_chain_are_finished_in_one(self, known, twin, actors, state, crash):
        third = make_person(actors.nurse, number="0042139", given_names="Victoire")
        make_participant(actors, person_uid=third.person_uid, status=TENTATIVE)
        lower, upper = between(actors, twin, third), between(actors, known, twin)
        before = state()
        service.decide_review(actors.nurse, lower, SAME)
        service.decide_review(actors.nurse, upper, SAME)
        crash(service.undo_merge, actors.nurse, upper, REASON)
        crash(service.undo_merge, actors.nurse, lower, REASON)

        service.finish(actors.nurse, lower)
        assert state() == before

    def test_a_lost_merge_is_listed_where_it_can_be_finished(self, twin, actors, crash):
        crash(service.decide_review, actors.nurse, twin.reviews[0], SAME)

        assert service.interrupted_reviews(actors.other_site_nurse) == []
        (lost,) = service.interrupted_reviews(actors.nurse)
        service.finish(actors.nurse, lost.id)
        assert service.interrupted_reviews(actors.nurse) == []
        statuses = registry_session.scalars(sa.select(Participant.status)).all()
        assert MERGED in statuses
