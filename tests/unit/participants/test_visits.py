"""Visits and kits: as the protocol foresees them, with what was not drawn and why."""

from datetime import date, datetime, timedelta

import pytest

from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotPermitted
from registry.participants import protocol, queries, service
from registry.participants.models import Participant
from registry.vocab.people import MissingTubeReason
from tests.factories.accounts import People
from tests.factories.participants import BLOOD_KIT, OPERATOR, make_cohort, make_participant

pytestmark = pytest.mark.usefixtures("app")

DAY = date(2026, 3, 2)
MORNING = datetime(2026, 3, 2, 8, 30, tzinfo=clock.PARIS)


@pytest.fixture
def participant(actors: People) -> Participant:
    return make_participant(actors, included_on=DAY)


class TestPlannedVisits:
    def test_each_visit_has_its_day_and_window_after_the_inclusion(self, participant: Participant):
        month_six = queries.planned_visits(participant)[1]

        assert month_six.due_on == DAY + timedelta(days=180)
        assert month_six.earliest == DAY + timedelta(days=166)
        assert month_six.latest == DAY + timedelta(days=194)
        assert month_six.visit is None

    def test_a_visit_that_took_place_stands_beside_its_plan(
        self, actors: People, participant: Participant
    ):
        plan = participant.cohort.visit_plans[0]

        visit = service.open_visit(actors.nurse, participant.id, plan_id=plan.id, occurred_on=DAY)

        assert queries.planned_visits(participant)[0].visit is visit


class TestOpenVisit:
    def test_a_planned_visit_takes_place_once(self, actors: People, participant: Participant):
        plan_id = participant.cohort.visit_plans[0].id
        first = service.open_visit(actors.nurse, participant.id, plan_id=plan_id, occurred_on=DAY)
        again = service.open_visit(
            actors.nurse, participant.id, plan_id=plan_id, occurred_on=DAY + timedelta(days=1)
        )

        assert (again.id, again.occurred_on) == (first.id, DAY)

    def test_an_unplanned_visit_takes_place_as_often_as_need_be(
        self, actors: People, participant: Participant
    ):
        visits = {
            service.open_visit(actors.nurse, participant.id, plan_id=None, occurred_on=DAY).id
            for _ in range(2)
        }

        assert len(visits) == 2

    def test_a_visit_of_another_cohort_is_refused(self, actors: People, participant: Participant):
        plan_id = make_cohort("RA").visit_plans[0].id

        with pytest.raises(InvalidInput, match="another cohort"):
            service.open_visit(actors.nurse, participant.id, plan_id=plan_id, occurred_on=DAY)

    def test_a_visit_to_come_is_refused(self, actors: People, participant: Participant):
        tomorrow = clock.today() + timedelta(days=1)

        with pytest.raises(InvalidInput, match="still to come"):
            service.open_visit(actors.nurse, participant.id, plan_id=None, occurred_on=tomorrow)

    def test_a_nurse_of_another_site_is_refused(self, actors: People, participant: Participant):
        with pytest.raises(NotPermitted):
            service.open_visit(
                actors.other_site_nurse, participant.id, plan_id=None, occurred_on=DAY
            )


class TestRecordKit:
    def record(self, actors: People, participant: Participant, **changes):
        visit = service.open_visit(actors.nurse, participant.id, plan_id=None, occurred_on=DAY)
        facts = {
            "kit_id": participant.cohort.kits[0].id,
            "collected_at": MORNING,
            "missing": {},
            **changes,
        }
        return service.record_kit(actors.nurse, visit.id, **facts)

    def test_it_keeps_what_was_not_drawn_and_why(self, actors: People, participant: Participant):
        last = participant.cohort.kits[0].tubes[-1]

        collection = self.record(
            actors, participant, missing={last.id: MissingTubeReason.NOT_ENOUGH}
        )

        assert [(one.kit_tube, one.reason) for one in collection.missing] == [
            (last, MissingTubeReason.NOT_ENOUGH)
        ]

    def test_a_tube_of_another_kit_cannot_be_missing(
        self, actors: People, participant: Participant
    ):
        foreign = make_cohort("RA").kits[0].tubes[0].id

        with pytest.raises(InvalidInput, match="none of the kit"):
            self.record(actors, participant, missing={foreign: MissingTubeReason.FAILED})

    def test_a_kit_of_another_cohort_is_refused(self, actors: People, participant: Participant):
        with pytest.raises(InvalidInput, match="another cohort"):
            self.record(actors, participant, kit_id=make_cohort("RA").kits[0].id)

    def test_a_clock_a_little_fast_is_forgiven_and_an_hour_is_not(
        self, actors: People, participant: Participant
    ):
        self.record(actors, participant, collected_at=clock.now() + timedelta(minutes=4))

        with pytest.raises(InvalidInput, match="still to come"):
            self.record(actors, participant, collected_at=clock.now() + timedelta(hours=1))


class TestProtocol:
    def test_a_code_serves_once_in_a_cohort(self, actors: People):
        cohort = make_cohort()

        with pytest.raises(InvalidInput, match="visit with this code"):
            protocol.plan_visit(OPERATOR, cohort.id, code="M0", name="x", day_offset=0)
        with pytest.raises(InvalidInput, match="kit with this code"):
            protocol.define_kit(OPERATOR, cohort.id, code="BLOOD", name="x", tubes=BLOOD_KIT)
        with pytest.raises(InvalidInput, match="cohort with this code"):
            protocol.open_cohort(OPERATOR, code="SLE", name="x")

    def test_a_kit_has_tubes(self, actors: People):
        with pytest.raises(InvalidInput, match="from 1 to"):
            protocol.define_kit(OPERATOR, make_cohort().id, code="NONE", name="x", tubes=[])

    def test_a_kit_is_drawn_at_visits_of_its_own_cohort(self, actors: People):
        foreign = make_cohort("RA").visit_plans[0].id

        with pytest.raises(InvalidInput, match="another cohort"):
            protocol.define_kit(
                OPERATOR,
                make_cohort().id,
                code="MORE",
                name="x",
                tubes=BLOOD_KIT,
                visit_plan_ids=[foreign],
            )

    def test_a_nurse_does_not_change_it(self, actors: People):
        with pytest.raises(NotPermitted):
            protocol.open_cohort(actors.nurse, code="MINE", name="x")
