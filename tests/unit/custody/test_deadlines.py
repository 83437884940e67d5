"""What has to be made soon is listed until it is made, or it is said why not."""

from datetime import timedelta

from registry.custody import deadlines, service as custody
from registry.custody.service import Made
from registry.samples.plans import service as plans
from registry.vocab.plans import Shortfall
from registry.vocab.samples import SampleType
from tests.factories.custody import DIVIDED
from tests.factories.plans import make_plan, make_planned_tube, plasma
from tests.factories.samples import COLLECTED


def due(actor):
    return [(one.sample.code, one.until) for one in deadlines.due(actor)]


def make(actors, tube, line, count, shortfall=None):
    made = Made(line.id, count, line.volume, line.container_type, shortfall)
    return custody.make(actors.technician, tube.code, [made], at=DIVIDED)


def test_a_tube_is_due_at_the_soonest_of_its_lines(app, actors):
    soon, late, _ = make_plan(
        actors,
        plasma(within_minutes=60),
        plasma("0.3", 1, within_minutes=240),
        plasma("0.2", 1),
    )
    tube = make_planned_tube(actors)
    assert due(actors.technician) == [(tube.code, COLLECTED + timedelta(hours=1))]
    assert deadlines.due(actors.technician)[0].is_late

    make(actors, tube, soon, 6)
    assert due(actors.technician) == [(tube.code, COLLECTED + timedelta(hours=4))]

    make(actors, tube, late, 0, Shortfall.LATE)
    assert due(actors.technician) == []


def test_a_derivative_is_due_for_what_is_planned_of_it(app, actors):
    [spun] = make_plan(actors, plasma("3", 1, sample_type=SampleType.PLASMA_SINGLE_SPUN))
    make_plan(actors, plasma(within_minutes=90), parent_id=spun.id)
    tube = make_planned_tube(actors)
    assert due(actors.technician) == []

    [child] = make(actors, tube, spun, 1)

    assert due(actors.technician) == [(child.code, COLLECTED + timedelta(minutes=90))]


def test_what_was_withdrawn_or_is_elsewhere_is_not_due(app, actors):
    [line] = make_plan(actors, plasma(within_minutes=60))
    make_planned_tube(actors)
    assert due(actors.other_site_technician) == []

    plans.withdraw(actors.data_manager, line.id)

    assert due(actors.technician) == []
