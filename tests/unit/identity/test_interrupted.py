"""The vault has committed a decision and the registry has not: it can be taken up again."""

import pytest
import sqlalchemy as sa

from registry.audit.models import AuditEntry
from registry.identity import service
from registry.kernel.errors import NotFound, NotPermitted, RuleBroken
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.vocab.identity import ReviewOutcome
from registry.vocab.people import ParticipantStatus
from tests.factories.identity import make_person
from tests.factories.participants import make_participant

SAME, DIFFERENT, LATER = ReviewOutcome.SAME, ReviewOutcome.DIFFERENT, ReviewOutcome.LATER
ENROLLED, TENTATIVE = ParticipantStatus.ENROLLED, ParticipantStatus.TENTATIVE
MERGED = ParticipantStatus.MERGED


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
    return person


@pytest.fixture
def interrupted(twin, actors, monkeypatch):
    """Decide about the twin, and stop between the two commits."""

    def stop():
        raise Crash

    def decide(outcome):
        with monkeypatch.context() as patch:
            patch.setattr(registry_session, "commit", stop)
            with pytest.raises(Crash):
                service.decide_review(actors.nurse, twin.reviews[0], outcome)

    return decide


def status_of(person) -> ParticipantStatus:
    return registry_session.scalars(
        sa.select(Participant.status).where(Participant.person_uid == person.person_uid)
    ).one()


def resumed() -> list[str]:
    """The tags of what was recorded as taken up again."""
    entries = registry_session.execute(
        sa.select(AuditEntry.tag, AuditEntry.details).order_by(AuditEntry.seq)
    )
    return [entry.tag for entry in entries if (entry.details or {}).get("resumed")]


class TestDecidingTheSameAgain:
    def test_the_participants_become_one(self, twin, actors, interrupted):
        interrupted(SAME)
        assert status_of(twin) is TENTATIVE

        service.decide_review(actors.nurse, twin.reviews[0], SAME)

        assert status_of(twin) is MERGED
        assert resumed() == ["match_review:decided", "person:merged", "person:established"]

    def test_the_participant_is_confirmed(self, known, twin, actors, interrupted):
        interrupted(DIFFERENT)
        assert status_of(twin) is TENTATIVE

        service.decide_review(actors.nurse, twin.reviews[0], DIFFERENT)

        assert (status_of(known), status_of(twin)) == (ENROLLED, ENROLLED)
        assert resumed()[0] == "match_review:decided"

    def test_after_a_decision_that_was_not_lost_it_changes_no_participant(
        self, twin, actors, audit_tags
    ):
        service.decide_review(actors.nurse, twin.reviews[0], SAME)
        service.decide_review(actors.nurse, twin.reviews[0], SAME)

        assert status_of(twin) is MERGED
        assert audit_tags().count("participant:merged") == 1

    @pytest.mark.parametrize(
        ("decided", "asked"), [(SAME, DIFFERENT), (DIFFERENT, SAME), (SAME, LATER)]
    )
    def test_another_decision_is_refused(self, twin, actors, interrupted, decided, asked):
        interrupted(decided)
        with pytest.raises(RuleBroken):
            service.decide_review(actors.nurse, twin.reviews[0], asked)
        assert resumed() == []


class TestSettling:
    @pytest.mark.parametrize(("decided", "becomes"), [(SAME, MERGED), (DIFFERENT, ENROLLED)])
    def test_the_registry_is_told_what_the_vault_holds(
        self, twin, actors, interrupted, decided, becomes
    ):
        interrupted(decided)

        service.settle(actors.nurse, twin.person_uid)

        assert status_of(twin) is becomes
        assert resumed()[-1] == "person:established"

    def test_a_doubt_stays_one(self, twin, actors):
        service.settle(actors.nurse, twin.person_uid)
        assert status_of(twin) is TENTATIVE
        assert resumed() == []

    def test_it_is_done_at_ones_own_sites(self, twin, actors):
        with pytest.raises(NotFound):
            service.settle(actors.other_site_nurse, twin.person_uid)

    def test_nobody_but_nurses_does_it(self, twin, actors):
        with pytest.raises(NotPermitted):
            service.settle(actors.technician, twin.person_uid)
