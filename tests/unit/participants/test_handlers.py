"""What becomes of participants when the vault learns who somebody is."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from registry.access import Permission, require
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.participants import handlers, queries, service
from registry.participants.models import Participant, ParticipantHistory
from registry.persistence import registry_session, transactional
from registry.vocab.people import ParticipantStatus
from tests.factories.accounts import People
from tests.factories.participants import OPERATOR, make_cohort, make_participant

pytestmark = pytest.mark.usefixtures("app")

KEPT, MERGED, THIRD = "a" * 32, "b" * 32, "c" * 32


@dataclass(frozen=True)
class Merged:
    actor: Actor
    kept_uid: str
    merged_uid: str


@dataclass(frozen=True)
class Established:
    actor: Actor
    person_uid: str


@transactional
def tell(handler: Callable[..., None], event: object) -> None:
    """Publish as the vault does: it has asked leave, in its own unit of work."""
    require(OPERATOR, Permission.PARTICIPANT_ENROL)
    handler(event)


def merge(kept: str, merged: str) -> None:
    tell(handlers.on_persons_merged, Merged(OPERATOR, kept, merged))


def history(participant: Participant) -> list[ParticipantStatus]:
    return list(
        registry_session.scalars(
            sa.select(ParticipantHistory.status)
            .where(ParticipantHistory.participant_id == participant.id)
            .order_by(ParticipantHistory.id)
        )
    )


class TestMerge:
    def test_the_kept_persons_participant_stands_for_the_other(self, actors: People):
        kept = make_participant(actors, person_uid=KEPT)
        merged = make_participant(actors, person_uid=MERGED)

        merge(KEPT, MERGED)

        assert merged.status is ParticipantStatus.MERGED
        assert merged.merged_into is kept
        assert history(merged) == [ParticipantStatus.ENROLLED, ParticipantStatus.MERGED]

    def test_it_is_recorded(self, actors: People, audit_tags):
        make_participant(actors, person_uid=KEPT)
        make_participant(actors, person_uid=MERGED)

        merge(KEPT, MERGED)

        assert audit_tags()[-1] == "participant:merged"

    def test_in_a_cohort_where_the_kept_person_is_not_the_participant_is_theirs(
        self, actors: People
    ):
        make_participant(actors, person_uid=KEPT)
        elsewhere = make_participant(actors, person_uid=MERGED, cohort=make_cohort("RA"))

        merge(KEPT, MERGED)

        assert (elsewhere.person_uid, elsewhere.status) == (KEPT, ParticipantStatus.ENROLLED)

    def test_a_doubtful_one_is_confirmed_when_the_kept_person_is_beyond_doubt(self, actors: People):
        make_participant(actors, person_uid=KEPT)
        doubtful = make_participant(
            actors,
            person_uid=MERGED,
            cohort=make_cohort("RA"),
            status=ParticipantStatus.TENTATIVE,
        )

        merge(KEPT, MERGED)

        assert doubtful.status is ParticipantStatus.ENROLLED

    def test_it_stays_doubtful_while_the_kept_person_is(self, actors: People):
        make_participant(actors, person_uid=KEPT, status=ParticipantStatus.TENTATIVE)
        doubtful = make_participant(
            actors,
            person_uid=MERGED,
            cohort=make_cohort("RA"),
            status=ParticipantStatus.TENTATIVE,
        )

        merge(KEPT, MERGED)

        assert doubtful.status is ParticipantStatus.TENTATIVE

    def test_a_second_merge_leaves_everybody_under_the_last_survivor(self, actors: People):
        first = make_participant(actors, person_uid=MERGED)
        second = make_participant(actors, person_uid=THIRD)
        last = make_participant(actors, person_uid=KEPT)

        merge(THIRD, MERGED)
        merge(KEPT, THIRD)

        assert {first.merged_into, second.merged_into} == {last}

    def test_told_twice_it_changes_nothing_more(self, actors: People, audit_tags):
        make_participant(actors, person_uid=KEPT)
        merged = make_participant(actors, person_uid=MERGED)
        elsewhere = make_participant(actors, person_uid=MERGED, cohort=make_cohort("RA"))
        merge(KEPT, MERGED)
        tags, kept_so_far = audit_tags(), (history(merged), history(elsewhere))

        merge(KEPT, MERGED)

        assert audit_tags() == tags
        assert (history(merged), history(elsewhere)) == kept_so_far

    def test_enrolling_either_person_again_finds_the_survivor(self, actors: People):
        kept = make_participant(actors, person_uid=KEPT)
        make_participant(actors, person_uid=MERGED)
        merge(KEPT, MERGED)

        assert make_participant(actors, person_uid=MERGED).id == kept.id

    def test_a_source_of_the_merged_one_leads_to_the_survivor(self, actors: People):
        kept = make_participant(actors, person_uid=KEPT)
        make_participant(actors, person_uid=MERGED, source=("FEBRL", "rec-1"))
        merge(KEPT, MERGED)

        found = queries.find_by_source(OPERATOR, system="FEBRL", source_code="rec-1")

        assert found is kept

    def test_nothing_new_is_recorded_on_the_merged_one(self, actors: People):
        kept = make_participant(actors, person_uid=KEPT)
        merged = make_participant(actors, person_uid=MERGED)
        merge(KEPT, MERGED)

        with pytest.raises(RuleBroken, match=kept.shown_code):
            service.open_visit(
                actors.nurse, merged.id, plan_id=None, occurred_on=merged.included_on
            )


class TestEstablished:
    def test_a_tentative_participant_is_confirmed(self, actors: People, audit_tags):
        participant = make_participant(actors, person_uid=KEPT, status=ParticipantStatus.TENTATIVE)

        tell(handlers.on_person_established, Established(OPERATOR, KEPT))

        assert participant.status is ParticipantStatus.ENROLLED
        assert history(participant)[-1] is ParticipantStatus.ENROLLED
        assert audit_tags()[-1] == "participant:confirmed"

    def test_others_stay_as_they_are(self, actors: People):
        participant = make_participant(actors, person_uid=THIRD, status=ParticipantStatus.TENTATIVE)

        tell(handlers.on_person_established, Established(OPERATOR, KEPT))

        assert participant.status is ParticipantStatus.TENTATIVE
