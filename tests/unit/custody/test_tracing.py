"""Who was there then: compared with asking at every moment."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from registry.custody.exposures.tracing import Standing, Stay, Step, presence, together, without

BEGUN = datetime(2026, 6, 1, tzinfo=UTC)
OUTER, RACKS, BOXES = 1, (2, 3), (4, 5)
ELSEWHERE = 9
HOURS = 12


def at(hour):
    return BEGUN + timedelta(hours=hour)


hours = st.integers(0, HOURS)
spans = st.tuples(hours, hours).filter(lambda one: one[0] < one[1])


def moves(parents):
    """Where a place stood first, and the hours at which it was put elsewhere."""
    return st.tuples(
        st.sampled_from(parents),
        st.lists(st.tuples(hours, st.sampled_from(parents)), max_size=3),
    )


def by_hour(later):
    return sorted(later, key=lambda one: one[0])


def stays(moved):
    first, later = moved
    return [Stay(first, None), *(Stay(parent, at(hour)) for hour, parent in by_hour(later))]


def parent_at(found, moment):
    return [one for one in found if one.since is None or one.since <= moment][-1].parent_id


def is_inside(place, standing, moment):
    while place is not None and place != OUTER:
        place = parent_at(standing[place], moment) if place in standing else None
    return place == OUTER


def box_at(steps, moment):
    undone = {one.corrects_id for one in steps}
    latest, box = None, None
    for one in steps:
        if one.corrects_id is not None or one.id in undone:
            continue
        latest = one.happened_at if latest is None else max(latest, one.happened_at)
        if latest <= moment:
            box = one.box_id
    return box


@st.composite
def chains(draw):
    """Acts in their order; some are put right, the last one that stands first."""
    steps, standing = [], []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        if standing and draw(st.booleans()) and draw(st.booleans()):
            steps.append(Step(number, at(HOURS), None, corrects_id=standing.pop()))
            continue
        hour = draw(hours)
        steps.append(Step(number, at(hour), draw(st.sampled_from([None, *BOXES]))))
        standing.append(number)
    return steps


@given(
    racks=st.tuples(moves([OUTER, ELSEWHERE, None]), moves([OUTER, ELSEWHERE, 2])),
    boxes=st.tuples(moves([*RACKS, ELSEWHERE]), moves([*RACKS, OUTER])),
    steps=chains(),
    window=spans,
)
def test_a_sample_is_there_at_the_moments_at_which_its_box_is(racks, boxes, steps, window):
    standing = {
        **dict(zip(RACKS, map(stays, racks), strict=True)),
        **dict(zip(BOXES, map(stays, boxes), strict=True)),
    }
    begin, end = map(at, window)

    found = presence(steps, Standing(standing), OUTER, (begin, end))

    for half in range(2 * HOURS):
        moment = at(half / 2)
        box = box_at(steps, moment)
        expected = begin <= moment < end and box is not None and is_inside(box, standing, moment)
        assert any(since <= moment < until for since, until in found) == expected
    assert found == together(found)


@given(st.lists(spans, max_size=4), st.lists(spans, max_size=4))
def test_what_is_left_of_times_is_what_the_others_do_not_cover(times, less):
    kept = without([(at(a), at(b)) for a, b in times], [(at(a), at(b)) for a, b in less])

    for half in range(2 * HOURS):
        moment = half / 2
        expected = any(a <= moment < b for a, b in times) and not any(
            a <= moment < b for a, b in less
        )
        assert any(since <= at(moment) < until for since, until in kept) == expected


def test_racks_that_were_in_each_other_in_turn_are_no_endless_way():
    standing = Standing(
        {2: [Stay(3, None), Stay(OUTER, at(5))], 3: [Stay(OUTER, None), Stay(2, at(6))]}
    )

    assert standing.within(2, OUTER, (at(0), at(9))) == [(at(0), at(9))]
