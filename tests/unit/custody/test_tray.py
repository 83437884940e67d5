"""A tube without a participant waits, is used by nobody, and keeps its true times when attached."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from registry.custody import queries as custody_queries, service as custody
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from registry.participants.models import Visit, VisitPlan
from registry.persistence import registry_session
from registry.samples.kits import service as kits
from registry.samples.models import Sample
from registry.samples.tray import queries
from registry.samples.tray.models import TrayTube
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.samples import SampleCondition
from registry.vocab.sprec import Ambient
from registry.vocab.tray import TrayOutcome
from tests.factories.custody import DIVIDED, RECEIVED, biobank, divide
from tests.factories.participants import make_cohort, make_participant
from tests.factories.plans import edta_tube
from tests.factories.samples import COLLECTED, make_consenting_participant, make_tube
from tests.factories.tray import BLOOD, lay


def attach(actors, tube, participant, **facts):
    facts.setdefault("plan_id", None)
    facts.setdefault("collected_at", COLLECTED)
    return custody.attach(actors.nurse, tube.id, participant_code=participant.code, **facts)


def waiting(actor):
    return [tube.code for tube in queries.waiting(actor)]


class TestWaiting:
    def test_both_ends_see_it_and_nobody_else(self, app, actors, audit_tags):
        lay(actors, "EXT-2", received_at=RECEIVED + timedelta(hours=1))
        lay(actors, "EXT-1")

        assert waiting(actors.nurse) == waiting(actors.technician) == ["EXT-1", "EXT-2"]
        assert waiting(actors.other_site_nurse) == []
        assert queries.count_waiting(actors.nurse) == 2
        assert audit_tags()[-2:] == ["tray_tube:received"] * 2

    def test_it_is_no_sample_so_nothing_uses_or_counts_it(self, app, actors):
        lay(actors)

        assert registry_session.scalar(sa.select(sa.func.count()).select_from(Sample)) == 0
        for act in (
            lambda: divide(actors, "EXT-1", "0.5"),
            lambda: custody.check_out(
                actors.technician, "EXT-1", to_user_id=actors.technician.id, reason="analysis"
            ),
        ):
            with pytest.raises(NotFound):
                act()

    def test_its_code_is_no_other_tubes(self, app, actors):
        lay(actors)
        with pytest.raises(InvalidInput, match="some tubes were refused") as refused:
            lay(actors, "EXT-1", "EXT-2")
        assert "waits in the tray" in str(refused.value.errors["codes"][0])
        with pytest.raises(InvalidInput):
            make_tube(actors, code="EXT-1")

        assert waiting(actors.technician) == ["EXT-1"]

    def test_a_sample_and_a_person_are_not_laid_into_it(self, app, actors):
        participant = make_consenting_participant(actors)
        known = make_tube(actors, participant=participant)

        for code in (known.code, participant.shown_code):
            with pytest.raises(InvalidInput):
                lay(actors, code)

    def test_it_is_received_where_one_works_and_not_in_the_future(self, app, actors):
        with pytest.raises(InvalidInput):
            lay(actors, received_at=clock.now() + timedelta(minutes=5))
        with pytest.raises(NotPermitted):
            custody.lay(
                actors.nurse, ["EXT-1"], BLOOD, site_id=biobank(actors),
                sender_id=biobank(actors), place="Fridge", received_at=RECEIVED,
            )  # fmt: skip
        with pytest.raises(NotFound):
            lay(actors, site_id=999)


class TestAttaching:
    def test_it_becomes_a_sample_with_the_times_of_the_tray(self, app, actors, audit_tags):
        [tube] = lay(actors)
        participant = make_consenting_participant(actors)

        sample = attach(actors, tube, participant)

        chain = custody_queries.chain(actors.technician, sample.code)
        assert [(one.kind, one.happened_at) for one in chain] == [
            (ActKind.COLLECTED, COLLECTED),
            (ActKind.RECEIVED, RECEIVED),
        ]
        assert chain[-1].fields == {
            "condition": SampleCondition.HAEMOLYSED, "ambient": Ambient.COOL,
            "tray": "Fridge 2", "received_by": "Technician",
        }  # fmt: skip
        line = custody_queries.line(actors.technician, sample.code)
        assert (line.status, line.remaining, line.participant_id) == (
            HolderKind.BENCH, 5, participant.id,
        )  # fmt: skip
        assert waiting(actors.nurse) == []
        assert "tray_tube:left" in audit_tags()
        # From now on it is a tube like any other.
        assert len(divide(actors, sample.code, "0.5", at=DIVIDED)) == 1

    def test_the_visit_is_recorded_or_found_again(self, app, actors):
        participant = make_consenting_participant(actors)
        plan = registry_session.scalars(sa.select(VisitPlan).order_by(VisitPlan.id)).first()
        first, second = lay(actors, "EXT-1", "EXT-2")

        samples = [attach(actors, one, participant, plan_id=plan.id) for one in (first, second)]

        [visit] = registry_session.scalars(sa.select(Visit)).all()
        assert {sample.visit_id for sample in samples} == {visit.id}

    def test_without_a_consent_it_stays_in_the_tray(self, app, actors):
        [tube] = lay(actors)

        with pytest.raises(RuleBroken):
            attach(actors, tube, make_participant(actors))

        assert waiting(actors.nurse) == ["EXT-1"]
        assert registry_session.scalar(sa.select(sa.func.count()).select_from(Sample)) == 0

    def test_it_was_collected_before_it_was_received(self, app, actors):
        [tube] = lay(actors)

        with pytest.raises(InvalidInput) as refused:
            attach(
                actors, tube, make_consenting_participant(actors),
                collected_at=RECEIVED + timedelta(minutes=1),
            )  # fmt: skip

        assert refused.value.field == "collected_at"

    def test_it_is_attached_once(self, app, actors):
        [tube] = lay(actors)
        participant = make_consenting_participant(actors)
        attach(actors, tube, participant)

        with pytest.raises(NotFound):
            attach(actors, tube, participant)

    def test_a_tube_of_a_printed_kit_is_known_as_such(self, app, actors):
        kit = make_cohort().kits[0]
        [printed] = kits.print_kits(
            actors.nurse, kit_id=kit.id, site_id=min(actors.nurse.sites().ids), count=1
        )
        code = next(one.code for one in printed.tubes if one.kit_tube_id == edta_tube().id)
        [tube] = lay(actors, code)

        assert attach(actors, tube, make_consenting_participant(actors)).kit_tube_id == (
            edta_tube().id
        )

    def test_only_a_nurse_of_the_participants_site_attaches(self, app, actors):
        [tube] = lay(actors)
        participant = make_consenting_participant(actors)

        for actor, refusal in (
            (actors.technician, NotPermitted),
            (actors.data_manager, NotPermitted),
            (actors.other_site_nurse, NotFound),
        ):
            with pytest.raises(refusal):
                custody.attach(
                    actor, tube.id, participant_code=participant.code, plan_id=None,
                    collected_at=COLLECTED,
                )  # fmt: skip


class TestGivingUp:
    @pytest.mark.parametrize("outcome", [TrayOutcome.RETURNED, TrayOutcome.DISCARDED])
    def test_it_leaves_the_tray_for_a_reason_and_may_come_again(
        self, app, actors, outcome, audit_tags
    ):
        [tube] = lay(actors)
        with pytest.raises(InvalidInput):
            custody.reject(actors.technician, tube.id, outcome, reason=" x ")

        custody.reject(actors.technician, tube.id, outcome, reason="Nobody claims it")

        assert waiting(actors.technician) == []
        assert audit_tags()[-1] == "tray_tube:left"
        with pytest.raises(NotFound):
            attach(actors, tube, make_consenting_participant(actors))
        lay(actors)
        outcomes = registry_session.scalars(sa.select(TrayTube.outcome).order_by(TrayTube.id))
        assert outcomes.all() == [outcome, None]

    def test_attaching_is_no_way_to_give_up(self, app, actors):
        [tube] = lay(actors)

        with pytest.raises(InvalidInput):
            custody.reject(actors.technician, tube.id, TrayOutcome.ATTACHED, reason="Nobody")

    def test_only_who_throws_tubes_away_there_does(self, app, actors):
        [tube] = lay(actors)

        with pytest.raises(NotPermitted):
            custody.reject(actors.nurse, tube.id, TrayOutcome.DISCARDED, reason="Nobody")
