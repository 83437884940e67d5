"""A tube that is planned to be kept cold goes nowhere warmer, unless somebody says why."""

import pytest

from registry.custody import service as custody
from registry.custody.checkout import return_
from registry.custody.filling import fill, judge
from registry.custody.proposing import queries as proposing, service as proposals
from registry.custody.service import Made, Placement
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.storage import policies
from registry.vocab.storage import Fit, StorageClass
from tests.factories.custody import DIVIDED, check_out, make_received
from tests.factories.plans import make_plan, make_planned_tube, plasma
from tests.factories.storage import make_box, make_freezer

pytestmark = pytest.mark.usefixtures("app")

ROOM, FRIDGE, FREEZER, ULTRA_LOW, NITROGEN = StorageClass


def planned(actors, storage_class=ULTRA_LOW):
    """A plasma on the bench that its plan keeps at this temperature."""
    [line] = make_plan(actors, plasma(count=1, storage_class=storage_class))
    tube = make_planned_tube(actors)
    whole = Made(line.id, 1, line.volume, line.container_type)
    [made] = custody.make(actors.technician, tube.code, [whole], at=DIVIDED)
    return made


def box_at(actors, storage_class):
    freezer = make_freezer(
        actors, code=f"F-{storage_class and storage_class.name}", storage_class=storage_class
    )
    return make_box(actors, freezer=freezer)


def put(actors, box, tube, **facts):
    return custody.place(
        actors.technician, box_id=box.id, placements=[Placement(tube.code)], **facts
    )


@pytest.mark.parametrize(
    ("plan", "kept_in"),
    [
        (None, {None, *StorageClass}),
        (ROOM, {ROOM}),
        (FRIDGE, {FRIDGE}),
        (FREEZER, {FREEZER, ULTRA_LOW, NITROGEN}),
        (ULTRA_LOW, {ULTRA_LOW, NITROGEN}),
        (NITROGEN, {NITROGEN}),
    ],
)
def test_colder_keeps_what_is_frozen_and_nothing_else(plan, kept_in):
    assert {one for one in (None, *StorageClass) if policies.keeps(plan, one)} == kept_in


def test_a_warmer_box_is_refused_with_both_temperatures(actors):
    tube, box = planned(actors), box_at(actors, FREEZER)

    with pytest.raises(InvalidInput) as refused:
        put(actors, box, tube)

    [reason] = refused.value.errors["placements"]
    assert "-60 to -85 °C" in str(reason)
    assert "-18 to -35 °C" in str(reason)


def test_it_goes_there_when_somebody_says_why(actors):
    tube, box = planned(actors), box_at(actors, FREEZER)

    assert put(actors, box, tube, comment="The freezer is being thawed") == [tube]


def test_a_place_of_unknown_temperature_is_no_cold_one(actors):
    tube, box = planned(actors), box_at(actors, None)

    with pytest.raises(InvalidInput) as refused:
        put(actors, box, tube)
    assert "unknown temperature" in str(refused.value.errors)


def test_what_has_no_plan_goes_where_it_is_put(actors):
    tube = make_received(actors)

    assert put(actors, box_at(actors, None), tube) == [tube]


def test_it_is_neither_moved_nor_taken_back_to_a_warmer_box(actors):
    tube, warm = planned(actors), box_at(actors, FREEZER)
    put(actors, make_box(actors), tube)

    with pytest.raises(InvalidInput) as refused:
        custody.move(actors.technician, box_id=warm.id, placements=[Placement(tube.code)])
    assert "planned to be kept" in str(refused.value.errors)
    check_out(actors, tube.code)
    with pytest.raises(RuleBroken, match="planned to be kept"):
        return_(actors.technician, tube.code, box_id=warm.id)

    assert return_(actors.technician, tube.code) == tube


def test_a_rack_scan_shows_it_and_records_nothing(actors):
    tube, warm = planned(actors), box_at(actors, FREEZER)

    [seen] = judge(actors.technician, warm.id, {(1, 1): tube.code})
    assert seen.state is Fit.NOT_KEPT
    with pytest.raises(InvalidInput) as refused:
        fill(actors.technician, box_id=warm.id, tubes={(1, 1): tube.code})
    assert "planned to be kept" in str(refused.value.errors)


def test_only_boxes_that_are_cold_enough_are_proposed(actors):
    box_at(actors, FREEZER)
    tube, cold = planned(actors, NITROGEN), box_at(actors, NITROGEN)

    proposals.propose(actors.technician, [tube.code])

    assert [one.box.id for one in proposing.own(actors.technician)] == [cold.id]


def test_without_such_a_box_it_is_said(actors):
    box_at(actors, FREEZER)
    tube = planned(actors, NITROGEN)

    with pytest.raises(InvalidInput) as refused:
        proposals.propose(actors.technician, [tube.code])
    assert "as cold as planned" in str(refused.value.errors)
