"""Carrying out a plan: what is made by which line, and why the rest was not."""

from dataclasses import replace
from decimal import Decimal

import pytest

from registry.custody import queries, service as custody
from registry.custody.service import Made
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from registry.labels import contents
from registry.samples.plans import queries as plans
from registry.vocab.labels import label
from registry.vocab.plans import Shortfall
from registry.vocab.printing import LabelPurpose
from registry.vocab.samples import ContainerType, SampleType
from tests.factories.custody import DIVIDED, make_received
from tests.factories.labels import ENGLISH
from tests.factories.plans import make_plan, make_planned_tube, plasma

KEY = "3f0c2a52-0f1c-4f5e-9a60-6a1a53a3a2b1"


def made(line, count=None, **facts):
    whole = Made(line.id, line.count, line.volume, line.container_type)
    return replace(whole, **({} if count is None else {"count": count}), **facts)


def make(actors, tube, *lines, **facts):
    return custody.make(actors.technician, tube.code, lines, at=DIVIDED, **facts)


def progress(actors, sample):
    found = plans.progress(actors.technician, [sample.id]).get(sample.id, ())
    return [(one.line.id, one.line.count, one.made, one.reason) for one in found]


def test_every_line_is_made_at_once(app, actors):
    spun, buffy = make_plan(
        actors, plasma(), plasma("0.3", 1, sample_type=SampleType.BUFFY_COAT_NONVIABLE, priority=2)
    )
    tube = make_planned_tube(actors)

    children = make(actors, tube, made(spun), made(buffy))

    assert [one.sample_type for one in children] == [SampleType.PLASMA_DOUBLE_SPUN] * 6 + [
        SampleType.BUFFY_COAT_NONVIABLE
    ]
    assert queries.listed(actors.technician, [tube.code])[tube.code].remaining == Decimal("2.7")
    assert progress(actors, tube) == [(spun.id, 6, 6, None), (buffy.id, 1, 1, None)]
    assert plans.open_lines(actors.technician, tube.id) == []


def test_what_was_not_made_says_why(app, actors, audit_tags):
    [line] = make_plan(actors)
    tube = make_planned_tube(actors, "2.1")

    make(actors, tube, made(line, 4, shortfall=Shortfall.YIELD))

    assert progress(actors, tube) == [(line.id, 6, 4, label(Shortfall.YIELD))]
    assert plans.open_lines(actors.technician, tube.id) == []
    assert audit_tags()[-1] == "sample:plan_short"


def test_less_than_planned_without_a_reason_is_refused_and_nothing_is_made(app, actors):
    line, other = make_plan(actors, plasma(), plasma("0.2", 1))
    tube = make_planned_tube(actors)

    with pytest.raises(InvalidInput, match="6 are planned and 4 made"):
        make(actors, tube, made(other), made(line, 4))

    assert progress(actors, tube) == [(line.id, 6, 0, None), (other.id, 1, 0, None)]


def test_nothing_at_all_can_be_made_for_a_reason(app, actors):
    [line] = make_plan(actors)
    tube = make_planned_tube(actors)

    assert make(actors, tube, made(line, 0, shortfall=Shortfall.QUALITY)) == []
    assert progress(actors, tube) == [(line.id, 6, 0, label(Shortfall.QUALITY))]


def test_more_than_is_left_is_refused_for_all_lines(app, actors):
    first, second = make_plan(actors, plasma("1", 2), plasma("1", 2))
    tube = make_planned_tube(actors, "3")

    with pytest.raises(RuleBroken, match="Only 1 mL"):
        make(actors, tube, made(first), made(second))

    assert queries.sample_page(actors.technician, tube.code).children == []


def test_labels_are_taken_in_the_order_of_the_lines_and_none_is_left(app, actors):
    first, second = make_plan(actors, plasma("1", 2), plasma("0.5", 1))
    tube = make_planned_tube(actors)
    codes = ["EXT-1", "EXT-2", "EXT-3"]

    with pytest.raises(InvalidInput, match="2 labels were scanned for 3 tubes"):
        make(actors, tube, made(first), made(second), codes=codes[:2])
    children = make(actors, tube, made(first), made(second), codes=codes)

    assert [child.code for child in children] == codes
    assert [child.remaining for child in children] == [1, 1, Decimal("0.5")]


def test_asked_again_nothing_is_made_twice(app, actors):
    [line] = make_plan(actors)
    tube = make_planned_tube(actors)
    asked = made(line, 4, shortfall=Shortfall.YIELD)

    first = make(actors, tube, asked, client_key=KEY)

    assert make(actors, tube, asked, client_key=KEY) == first
    assert progress(actors, tube) == [(line.id, 6, 4, label(Shortfall.YIELD))]


def test_a_derivative_has_the_plan_below_its_line(app, actors):
    [spun] = make_plan(actors, plasma("3", 1, sample_type=SampleType.PLASMA_SINGLE_SPUN))
    [below] = make_plan(actors, plasma("0.5", 6), parent_id=spun.id)
    tube = make_planned_tube(actors)

    [child] = make(actors, tube, made(spun))

    assert progress(actors, child) == [(below.id, 6, 0, None)]
    assert len(make(actors, child, made(below))) == 6


def test_the_line_of_another_tube_is_refused(app, actors):
    [line] = make_plan(actors)
    tube = make_received(actors)

    with pytest.raises(NotFound, match="The plan has changed"):
        make(actors, tube, made(line))


def test_the_container_and_the_volume_may_differ_from_the_plan(app, actors):
    [line] = make_plan(actors, plasma("0.5", 2))
    tube = make_planned_tube(actors)

    [child, _] = make(
        actors, tube, made(line, volume=Decimal("0.4"), container_type=ContainerType.GLASS)
    )

    assert (child.remaining, child.container_type) == (Decimal("0.4"), ContainerType.GLASS)


def test_the_label_is_of_the_template_that_the_plan_names(app, actors):
    [line] = make_plan(actors, plasma("0.5", 1, label_purpose=LabelPurpose.ALIQUOT))
    tube = make_planned_tube(actors)
    [child] = make(actors, tube, made(line))

    [said] = contents.of_samples(actors.technician, [child.code], ENGLISH)

    # Without the plan it would be a derivative's.
    assert said.purpose is LabelPurpose.ALIQUOT


def test_only_who_divides_samples_carries_out_plans(app, actors):
    [line] = make_plan(actors)
    tube = make_planned_tube(actors)

    for actor in (actors.nurse, actors.data_manager):
        with pytest.raises(NotPermitted):
            custody.make(actor, tube.code, [made(line)], at=DIVIDED)
