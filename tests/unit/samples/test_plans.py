"""Plans of tubes: only what can come of what, added to and withdrawn from, never changed."""

import pytest

from registry.kernel.errors import InvalidInput, NotFound, NotPermitted
from registry.samples.plans import queries, service
from registry.vocab import limits
from registry.vocab.printing import LabelPurpose
from registry.vocab.samples import SampleType
from tests.factories.plans import edta_tube, make_plan, plasma


def branches():
    [tree] = queries.trees([edta_tube()])
    return [(one.line.sample_type, one.depth) for one in tree.branches]


def test_a_tree_is_planned_and_each_line_follows_what_it_is_made_of(app, actors, audit_tags):
    buffy, spun = make_plan(
        actors,
        plasma(count=1, sample_type=SampleType.BUFFY_COAT_NONVIABLE, priority=2),
        plasma("3", 1, sample_type=SampleType.PLASMA_SINGLE_SPUN),
    )
    make_plan(actors, plasma(count=4), parent_id=spun.id)

    assert branches() == [
        (SampleType.PLASMA_SINGLE_SPUN, 0),
        (SampleType.PLASMA_DOUBLE_SPUN, 1),
        (SampleType.BUFFY_COAT_NONVIABLE, 0),
    ]
    assert buffy.parent_id is None
    assert audit_tags()[-3:] == ["cohort:protocol_changed"] * 3


@pytest.mark.parametrize("kind", [SampleType.SERUM, SampleType.URINE_SPOT])
def test_what_cannot_come_of_the_tube_is_refused(app, actors, kind):
    with pytest.raises(InvalidInput) as refused:
        make_plan(actors, plasma(sample_type=kind))

    assert refused.value.field == "sample_type"
    assert branches() == []


def test_what_cannot_come_of_a_planned_derivative_is_refused(app, actors):
    [line] = make_plan(actors)

    with pytest.raises(InvalidInput):
        make_plan(actors, plasma(sample_type=SampleType.PLASMA_SINGLE_SPUN), parent_id=line.id)


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("volume", {"volume": "0"}),
        ("count", {"count": 0}),
        ("count", {"count": limits.ALIQUOTS_AT_ONCE_MAX + 1}),
        ("priority", {"priority": 0}),
        ("priority", {"priority": 10}),
        ("within_minutes", {"within_minutes": 0}),
        ("label_purpose", {"label_purpose": LabelPurpose.PLACE}),
    ],
)
def test_what_is_out_of_bounds_is_refused(app, actors, field, facts):
    with pytest.raises(InvalidInput) as refused:
        make_plan(actors, plasma(**facts))

    assert refused.value.field == field


def test_more_than_the_tube_holds_is_told_and_not_refused(app, actors):
    [spun] = make_plan(actors, plasma("6", 1, sample_type=SampleType.PLASMA_SINGLE_SPUN))
    [tree] = queries.trees([edta_tube()])
    assert not tree.is_too_much

    make_plan(actors, plasma("7", 1), parent_id=spun.id)
    make_plan(actors, plasma("0.5", 1))

    [tree] = queries.trees([edta_tube()])
    assert tree.is_too_much
    assert [one.is_too_much for one in tree.branches] == [True, False, False]


def test_a_line_is_withdrawn_with_all_below_it_and_only_once(app, actors):
    [spun] = make_plan(actors, plasma("3", 1, sample_type=SampleType.PLASMA_SINGLE_SPUN))
    [below] = make_plan(actors, plasma(), parent_id=spun.id)
    [other] = make_plan(actors, plasma("1", 1))

    service.withdraw(actors.data_manager, spun.id)

    assert (below.retired_at, other.retired_at) == (spun.retired_at, None)
    assert branches() == [(SampleType.PLASMA_DOUBLE_SPUN, 0)]
    for gone in (spun, below):
        with pytest.raises(NotFound):
            service.withdraw(actors.data_manager, gone.id)
        with pytest.raises(NotFound):
            make_plan(actors, plasma(), parent_id=gone.id)


def test_a_plan_has_an_end(app, actors):
    make_plan(actors, *[plasma(count=1)] * limits.PLANNED_LINES_MAX)

    with pytest.raises(InvalidInput, match="at most 24 lines"):
        make_plan(actors)


def test_only_who_edits_protocols_plans(app, actors):
    tube = edta_tube()
    [line] = make_plan(actors)
    for actor in (actors.nurse, actors.technician, actors.admin):
        with pytest.raises(NotPermitted):
            service.add(actor, tube.id, plasma())
        with pytest.raises(NotPermitted):
            service.withdraw(actor, line.id)
