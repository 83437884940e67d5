"""Samples in a place that left its limits: who waits, and what is decided of them."""

import pytest
import sqlalchemy as sa

from registry.custody import queries, service as custody
from registry.custody.correction import correct
from registry.custody.exposures import queries as exposures, service
from registry.custody.exposures.present import count_assumed
from registry.custody.models import CustodyAct
from registry.custody.placement import Placement
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from registry.persistence import registry_session
from registry.storage import service as storage
from registry.vocab import limits
from registry.vocab.custody import HolderKind
from registry.vocab.incidents import IncidentKind
from registry.vocab.storage import ExposureDecision, ExposureState, UnitKind
from tests.factories.custody import check_out
from tests.factories.incidents import is_barred
from tests.factories.probes import after, make_probe, take
from tests.factories.storage import OPERATOR, make_box, make_freezer
from tests.unit.custody.warming import LONG_AGO, WARM, decide, only, stored, times

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def box(actors):
    with clock.frozen(LONG_AGO):
        return make_box(actors)


@pytest.fixture
def probe(actors, box):
    return make_probe(actors, box.unit.parent)


def test_what_was_there_all_the_time_waits(actors, box, probe):
    tube = stored(actors, box)

    done = take(actors, probe, *WARM)

    assert done.waiting == 1
    assert times(actors) == {tube.code: (2, 6)}
    assert exposures.count_waiting(actors.technician) == 1


def test_what_came_later_or_left_before_does_not_wait(actors, box, probe):
    stored(actors, box, at=after(7))
    left = stored(actors, box)
    with clock.frozen(after(1)):
        check_out(actors, left.code)

    take(actors, probe, *WARM)

    assert times(actors) == {}


def test_what_came_or_left_in_between_waits_for_its_own_time(actors, box, probe):
    came, left = stored(actors, box, at=after(3)), stored(actors, box)
    with clock.frozen(after(4)):
        check_out(actors, left.code)

    take(actors, probe, *WARM)

    assert times(actors) == {came.code: (3, 6), left.code: (2, 4)}


def test_an_act_that_was_put_right_does_not_count(actors, box, probe):
    tube = stored(actors, box, at=after(3))
    act_id = registry_session.scalar(
        sa.select(CustodyAct.id)
        .where(CustodyAct.sample_id == tube.id)
        .order_by(CustodyAct.seq.desc())
    )
    with clock.frozen(after(20)):
        correct(actors.technician, act_id, reason="It lay on the bench")

    take(actors, probe, *WARM)

    assert times(actors) == {}


def test_a_box_counts_for_as_long_as_it_stood_there(actors, box, probe):
    tube = stored(actors, box)
    with clock.frozen(LONG_AGO):
        elsewhere = make_freezer(actors, code="F2")
    with clock.frozen(after(4)):
        custody.carry(actors.technician, box.id, to_id=elsewhere.id)

    take(actors, probe, *WARM)

    assert times(actors) == {tube.code: (2, 4)}


def test_a_box_of_a_rack_that_came_counts_from_then(actors, box, probe):
    with clock.frozen(LONG_AGO):
        other = make_freezer(actors, code="F2")
        rack = storage.create_unit(
            OPERATOR, site_id=other.site_id, kind=UnitKind.RACK, code="R1", name="Rack 1",
            parent_id=other.id,
        )  # fmt: skip
        inside = make_box(actors, freezer=rack)
    tube = stored(actors, inside)
    with clock.frozen(after(5)):
        custody.carry(actors.technician, rack.id, to_id=probe.unit_id)

    take(actors, probe, *WARM)

    assert times(actors) == {tube.code: (5, 6)}


def test_boxes_of_which_nobody_kept_where_they_stood_are_counted(actors, box, probe):
    with clock.frozen(after(30)):
        make_box(actors)
    take(actors, probe, *WARM)

    assert count_assumed(only()) == 1


def test_what_is_kept_bears_its_remark(actors, box, probe):
    tube, other = stored(actors, box), stored(actors, box)
    take(actors, probe, *WARM)

    done = decide(actors, tube)

    assert (done.samples, done.incidents) == (1, [])
    assert times(actors) == {other.code: (2, 6)}
    [shown] = queries.sample_page(actors.technician, tube.code).exposures
    assert (shown.decision, shown.remark) == (ExposureDecision.KEPT, "Still frozen at the core")
    assert not is_barred(actors, tube)


def test_lists_tell_what_waits_from_what_is_decided_and_what_never_was_there(actors, box, probe):
    waiting, decided = stored(actors, box), stored(actors, box)
    never = stored(actors, box, at=after(7))
    take(actors, probe, *WARM)
    decide(actors, decided)

    def listed(state):
        wanted = queries.Wanted(exposure=state, status=HolderKind.POSITION)
        return [line.code for line in queries.page(actors.technician, wanted).rows]

    assert listed(ExposureState.WAITING) == [waiting.code]
    assert listed(ExposureState.DECIDED) == [decided.code]
    assert listed(ExposureState.NEVER) == [never.code]
    assert exposures.states([waiting.id, decided.id, never.id]) == {
        waiting.id: ExposureState.WAITING,
        decided.id: ExposureState.DECIDED,
    }


def test_an_incident_puts_all_that_wait_in_quarantine(actors, box, probe):
    tubes = [stored(actors, box) for _ in range(2)]
    take(actors, probe, *WARM)

    done = decide(actors, decision=ExposureDecision.INCIDENT, everything=True)

    [incident] = done.incidents
    assert (done.samples, incident.kind) == (2, IncidentKind.TEMPERATURE)
    assert [is_barred(actors, one) for one in tubes] == [True, True]
    assert exposures.count_waiting(actors.technician) == 0


def test_what_does_not_wait_is_not_decided(actors, box, probe):
    tube = stored(actors, box)
    take(actors, probe, *WARM)
    decide(actors, tube)

    with pytest.raises(InvalidInput) as refused:
        decide(actors, tube)
    with pytest.raises(RuleBroken, match="No tube"):
        decide(actors, everything=True)

    assert "waits for no decision" in str(refused.value.errors["codes"][0])


def test_a_decision_needs_words(actors, box, probe):
    tube = stored(actors, box)
    take(actors, probe, *WARM)

    with pytest.raises(InvalidInput):
        decide(actors, tube, remark="  ")


def test_whoever_may_not_decide_does_not(actors, box, probe):
    tube = stored(actors, box)
    take(actors, probe, *WARM)

    with pytest.raises(NotPermitted):
        service.decide(
            actors.nurse, only().id, [tube.code], decision=ExposureDecision.KEPT, remark="Fit"
        )


def test_time_that_a_later_file_adds_waits_on_its_own(actors, box, probe):
    tube = stored(actors, box)
    take(actors, probe, -80, -50, -40, -50)
    assert times(actors) == {tube.code: (1, 3)}
    decide(actors, tube)

    take(actors, probe, -50, -50, -80, start=after(4))

    [(began, ended)] = times(actors).values()
    assert (round(began, 6), ended) == (3, 6)


def test_a_worse_temperature_makes_everything_wait_again(actors, box, probe):
    tube = stored(actors, box)
    take(actors, probe, -80, -50, -40, -50)
    decide(actors, tube)

    take(actors, probe, -10, -50, -80, start=after(4))

    assert times(actors) == {tube.code: (1, 6)}


def test_nothing_waits_for_what_was_no_excursion(actors, box, probe):
    stored(actors, box)
    take(actors, probe, -80, -55, start=after(0))
    take(actors, probe, -55, -80, start=after(5))
    assert len(times(actors)) == 1

    take(actors, probe, -80, -80, -80, start=after(2))

    assert exposures.count_waiting(actors.technician) == 0


class TestWaiting:
    """What was exposed is not used before somebody has judged it."""

    def test_it_is_not_taken_out(self, actors, box, probe):
        tube = stored(actors, box)
        take(actors, probe, *WARM)
        with pytest.raises(RuleBroken, match=r"exposed to -40 °C .* waits for a decision"):
            check_out(actors, tube.code)

    def test_it_is_moved_to_a_colder_place(self, actors, box, probe):
        tube = stored(actors, box)
        take(actors, probe, *WARM)
        colder = make_box(actors, freezer=make_freezer(actors, code="F2"), name="Away")
        custody.move(actors.technician, box_id=colder.id, placements=[Placement(tube.code)])
        assert queries.sample_page(actors.technician, tube.code).box_id == colder.id

    @pytest.mark.parametrize("everything", [False, True])
    def test_what_is_kept_is_used_again(self, actors, box, probe, everything):
        tube = stored(actors, box)
        take(actors, probe, *WARM)
        decide(actors, *([] if everything else [tube]), everything=everything)
        assert check_out(actors, tube.code)

    def test_a_page_shows_what_waits_first_and_says_where_it_goes_on(
        self, actors, box, probe, monkeypatch
    ):
        monkeypatch.setattr(limits, "PAGE_ROWS", 2)
        tubes = [stored(actors, box) for _ in range(3)]
        take(actors, probe, *WARM)
        decide(actors, tubes[0])
        first, following = exposures.exposures(actors.technician, only())
        rest, last = exposures.exposures(actors.technician, only(), skip=following)
        assert [one.sample.code for one in first] == [tubes[1].code, tubes[2].code]
        assert [one.sample.code for one in rest] == [tubes[0].code]
        assert (following, last) == (2, None)
        assert exposures.waits_for(actors.technician, only()) == 2
