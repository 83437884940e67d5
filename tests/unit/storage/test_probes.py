"""Probes, and the files that are recorded of them."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from registry.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from registry.persistence import registry_session
from registry.storage.temperatures import queries, service
from registry.storage.temperatures.models import KnownExcursion, ProbeReading
from tests.factories import probes
from tests.factories.probes import BEGUN, after, logger_file, make_probe, take
from tests.factories.storage import make_box, make_freezer

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def probe(actors):
    return make_probe(actors)


def known():
    """The excursions that hold: from which step to which, their worst and whether they are open."""
    rows = registry_session.scalars(
        sa.select(KnownExcursion)
        .where(KnownExcursion.dropped_at.is_(None))
        .order_by(KnownExcursion.start)
    )
    return [
        ((one.start - BEGUN) / probes.STEP, (one.end - BEGUN) / probes.STEP, one.peak, one.is_open)
        for one in rows
    ]


def count():
    return registry_session.scalar(sa.select(sa.func.count()).select_from(ProbeReading))


def test_a_probe_has_the_limits_of_its_places_class(actors):
    probe = make_probe(actors)

    assert (probe.lowest, probe.highest, probe.delay_minutes) == (None, -60, 15)


def test_a_probe_can_have_its_own_limits(actors):
    probe = make_probe(actors, lowest=Decimal(-90), highest=Decimal(-70), delay_minutes=0)

    assert (probe.lowest, probe.highest, probe.delay_minutes) == (-90, -70, 0)


def test_a_place_without_a_class_needs_limits(actors):
    room = make_freezer(actors).parent

    with pytest.raises(InvalidInput, match="write its limits"):
        make_probe(actors, room)


def test_the_lowest_is_below_the_highest(actors):
    with pytest.raises(InvalidInput, match="below the highest"):
        make_probe(actors, lowest=Decimal(5), highest=Decimal(5))


def test_a_probe_watches_no_box(actors):
    with pytest.raises(InvalidInput, match="is none"):
        make_probe(actors, make_box(actors).unit)


def test_two_probes_never_share_a_code(actors, probe):
    with pytest.raises(InvalidInput, match="already"):
        make_probe(actors, code=probe.code)


def test_only_who_sets_up_places_sets_up_probes(actors):
    place = make_freezer(actors)

    with pytest.raises(NotPermitted):
        service.set_up(actors.data_manager, unit=place.code, code="P", name="P")


def test_a_probe_out_of_use_takes_no_file_and_keeps_what_it_read(actors, probe):
    take(actors, probe, -80, -80)
    service.retire(actors.technician, probe.id)

    with pytest.raises(RuleBroken, match="out of use"):
        take(actors, probe, -80, start=after(2))
    assert count() == 2


def test_a_file_is_looked_at_without_recording_it(actors, probe):
    found = service.look(actors.technician, probe, logger_file(BEGUN, [-80, -50, -40, -50, -80]))

    assert (len(found.new), found.known, found.first, found.last) == (5, 0, BEGUN, after(4))
    assert [one.peak for one in found.excursions] == [-40]
    assert (count(), known()) == (0, [])


def test_an_excursion_is_found_in_the_readings(actors, probe):
    take(actors, probe, -80, -50, -40, -50, -80)

    assert known() == [(1, 4, -40, False)]


def test_the_same_file_again_changes_nothing(actors, probe):
    take(actors, probe, -80, -50, -40, -50, -80)
    before = known()

    again = take(actors, probe, -80, -50, -40, -50, -80)

    assert (again.taken.new, again.taken.known) == ([], 5)
    assert (count(), known()) == (5, before)


def test_a_later_file_goes_on_with_an_open_excursion(actors, probe):
    take(actors, probe, -80, -50, -40, -50)
    assert known() == [(1, 3, -40, True)]
    [same] = registry_session.scalars(sa.select(KnownExcursion.id))

    take(actors, probe, -50, -30, -80, start=after(3))

    assert known() == [(1, 5, -30, False)]
    assert registry_session.scalars(sa.select(KnownExcursion.id)).all() == [same]
    assert count() == 6


def test_an_earlier_file_that_comes_late_begins_the_excursion_earlier(actors, probe):
    take(actors, probe, -50, -50, -50, -80, start=after(5))
    assert known() == [(5, 8, -50, False)]

    take(actors, probe, -80, -40, -40, start=after(2))

    assert known() == [(3, 8, -40, False)]


def test_a_file_that_contradicts_an_earlier_one_is_refused_by_its_lines(actors, probe):
    take(actors, probe, -80, -80, -80)

    with pytest.raises(InvalidInput) as refused:
        take(actors, probe, -80, -79, start=after(1))

    assert [str(one) for one in refused.value.errors["file"]] == [
        "Line 3: at this time -80 °C is recorded, not -79 °C."
    ]
    assert count() == 3


def test_readings_that_show_a_gap_was_cold_part_an_excursion(actors, probe):
    take(actors, probe, -80, -50, -50, -50)
    take(actors, probe, -50, -50, -50, -80, start=after(8))
    assert known() == [(1, 11, -50, False)]

    take(actors, probe, -80, -80, -80, -80, start=after(4))

    assert known() == [(1, 4, -50, False), (8, 11, -50, False)]


def test_whoever_sees_no_places_takes_no_files(actors, probe):
    with pytest.raises(NotPermitted):
        service.record(actors.nurse, probe.id, logger_file(BEGUN, [-80]))


def test_a_probe_is_not_found_from_another_site(actors, probe):
    assert queries.probe(actors.technician, probe.code).id == probe.id
    assert [one.id for one in queries.watching([probe.unit_id])] == [probe.id]
