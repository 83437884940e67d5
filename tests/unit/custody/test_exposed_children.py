"""What was made of a tube after it was exposed, before anybody knew, waits with it."""

import pytest

from registry.custody.spending import dispose
from registry.kernel import clock
from registry.kernel.errors import RuleBroken
from registry.vocab.custody import DisposalReason
from tests.factories.custody import divide, make_aliquots
from tests.factories.probes import after, make_probe, take
from tests.factories.storage import make_box
from tests.unit.custody.warming import LONG_AGO, WARM, decide, stored, times

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def box(actors):
    with clock.frozen(LONG_AGO):
        return make_box(actors)


@pytest.fixture
def probe(actors, box):
    return make_probe(actors, box.unit.parent)


@pytest.fixture
def parent(actors, box, probe):
    """It is in the warm freezer all the time."""
    return stored(actors, box)


def made(actors, parent, at):
    with clock.frozen(at):
        [child] = divide(actors, parent.code, "0.1", at=at)
    return child


def test_they_wait_with_it_for_the_time_that_they_were_in_it(actors, probe, parent):
    child = made(actors, parent, after(4))
    grandchild = made(actors, child, after(5))

    take(actors, probe, *WARM)

    assert times(actors) == {
        parent.code: (2, 6), child.code: (2, 4), grandchild.code: (2, 4),
    }  # fmt: skip
    with pytest.raises(RuleBroken, match="waits for a decision"):
        made(actors, grandchild, after(20))


def test_they_wait_though_the_parent_is_no_more(actors, probe, parent):
    child = made(actors, parent, after(4))
    dispose(actors.technician, [parent.code], reason=DisposalReason.EMPTY)

    take(actors, probe, *WARM)

    assert times(actors) == {child.code: (2, 4)}


def test_what_was_made_before_is_not_concerned(actors, box, probe):
    tube = stored(actors, box, at=after(3))
    [child] = make_aliquots(actors)

    take(actors, probe, *WARM)

    assert tube.code in times(actors)
    assert child.code not in times(actors)


def test_what_is_made_after_the_decision_has_it_behind_it(actors, probe, parent):
    take(actors, probe, *WARM)
    with clock.frozen(after(20)):
        decide(actors, parent)
    child = made(actors, parent, after(21))

    take(actors, probe, -80, -80, start=after(7))

    assert child.code not in times(actors)


def test_a_decision_of_the_parent_is_none_of_the_children(actors, probe, parent):
    child = made(actors, parent, after(4))
    take(actors, probe, *WARM)

    decide(actors, parent)

    assert times(actors) == {child.code: (2, 4)}
