"""What follows from a chain of custody, and follows anew when the chain is put right."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from registry.custody import derived as custody_derived, queries, service as custody
from registry.custody.derived import Derived
from registry.kernel import clock
from registry.kernel.errors import InvalidInput
from registry.samples import queries as samples
from registry.samples.models import Sample
from registry.samples.sprec import Freezing, Spin
from registry.vocab.custody import ActKind
from registry.vocab.samples import ContainerType, SampleCondition, SampleType
from registry.vocab.sprec import Ambient, Vessel
from tests.factories.accounts import People
from tests.factories.custody import biobank, check_out, divide, make_stored, place
from tests.factories.samples import COLLECTED, make_tubes, tube_in
from tests.factories.storage import make_box
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("app")

SPIN = Spin(minutes=10, g=2000, ambient=Ambient.ROOM, brake=True)


def after(minutes: int):
    """A moment so many minutes after the collection."""
    return COLLECTED + timedelta(minutes=minutes)


@pytest.fixture
def tube(actors: People) -> Sample:
    """A blood tube that came in after an hour at room temperature."""
    [drawn] = make_tubes(actors, tube_in("5", container_type=ContainerType.EDTA_K))
    custody.receive(
        actors.technician,
        [drawn.code],
        received_at=after(60),
        site_id=biobank(actors),
        ambient=Ambient.ROOM,
    )
    return drawn


def process(actors: People, code: str, kind: ActKind, minutes: int, **how: object) -> None:
    custody.process(actors.technician, [code], kind=kind, happened_at=after(minutes), **how)  # type: ignore[arg-type]


def make_plasma(actors: People, tube: Sample, **freezing: Freezing) -> Sample:
    """Plasma spun at 90 minutes, frozen half an hour after that."""
    process(actors, tube.code, ActKind.CENTRIFUGED, 90, spin=SPIN)
    [plasma] = divide(
        actors, tube.code, "1", sample_type=SampleType.PLASMA_SINGLE_SPUN, at=after(110)
    )
    process(actors, plasma.code, ActKind.FROZEN, 130, ambient=Ambient.COOL, **freezing)
    return plasma


def derived(actors: People, code: str) -> Derived:
    sample = samples.get(actors.technician, code)
    return custody_derived.of([sample.id])[sample.id]


class TestTheCode:
    def test_it_says_what_was_done_to_the_tube_before_it_was_divided(
        self, actors: People, tube: Sample
    ):
        plasma = make_plasma(actors, tube)

        assert derived(actors, plasma.code).sprec == "PL1-PED-A-B-N-A-X"

    def test_what_is_done_to_the_parent_afterwards_changes_nothing(
        self, actors: People, tube: Sample
    ):
        plasma = make_plasma(actors, tube)
        process(actors, tube.code, ActKind.CENTRIFUGED, 200, spin=SPIN)

        assert derived(actors, plasma.code).sprec == "PL1-PED-A-B-N-A-X"

    def test_a_time_that_is_put_right_puts_it_right(self, actors: People, tube: Sample):
        process(actors, tube.code, ActKind.CENTRIFUGED, 90, spin=SPIN)
        assert (derived(actors, tube.code).sprec or "").split("-")[2] == "A"

        wrong = queries.chain(actors.technician, tube.code)[-1]
        custody.correct(actors.technician, wrong.act_id, reason="It was later")
        process(actors, tube.code, ActKind.CENTRIFUGED, 150, spin=SPIN)

        assert (derived(actors, tube.code).sprec or "").split("-")[2] == "C"

    def test_what_nobody_recorded_is_unknown(self, actors: People, tube: Sample):
        process(actors, tube.code, ActKind.CENTRIFUGED, 90)
        [plasma] = divide(
            actors, tube.code, "1", sample_type=SampleType.PLASMA_SINGLE_SPUN, at=after(110)
        )

        assert derived(actors, plasma.code).sprec == "PL1-PED-A-X-N-X-X"

    def test_what_does_not_go_together_is_said(self, actors: People, tube: Sample):
        process(actors, tube.code, ActKind.CENTRIFUGED, 90, spin=SPIN)
        [plasma] = divide(
            actors, tube.code, "1", sample_type=SampleType.PLASMA_DOUBLE_SPUN, at=after(110)
        )

        [doubt] = derived(actors, plasma.code).doubts
        assert "one centrifugation is recorded" in str(doubt)

    def test_of_a_cryotube_in_its_place(self, actors: People, tube: Sample):
        plasma = make_plasma(actors, tube, freezing=Freezing(Vessel.CRYOTUBE))
        place(actors, make_box(actors), plasma.code)

        assert derived(actors, plasma.code).sprec == "PL1-PED-A-B-N-A-D"

    def test_until_it_is_processed_nothing_is_told_of_its_spins(self, actors: People, tube: Sample):
        assert derived(actors, tube.code).sprec == "BLD-PED-X-X-X-X-X"

        process(actors, tube.code, ActKind.FROZEN, 130)

        assert derived(actors, tube.code).sprec == "BLD-PED-C-N-N-N-X"

    def test_a_spin_of_unknown_length_has_no_known_end(self, actors: People, tube: Sample):
        process(actors, tube.code, ActKind.CENTRIFUGED, 90, spin=Spin(g=2000))
        process(actors, tube.code, ActKind.FROZEN, 130, ambient=Ambient.COOL)

        assert derived(actors, tube.code).sprec == "BLD-PED-A-X-N-X-X"

    def test_stored_before_the_spin_ended_is_said(self, actors: People, tube: Sample):
        process(actors, tube.code, ActKind.CENTRIFUGED, 90, spin=SPIN)
        process(actors, tube.code, ActKind.FROZEN, 95, ambient=Ambient.COOL)

        found = derived(actors, tube.code)

        assert found.sprec == "BLD-PED-A-B-N-X-X"
        assert "before its centrifugation ended" in str(found.doubts[0])

    def test_blood_is_spun_to_be_divided_and_not_to_be_stored(self, actors: People, tube: Sample):
        process(actors, tube.code, ActKind.CENTRIFUGED, 90, spin=SPIN)
        assert not derived(actors, tube.code).doubts

        process(actors, tube.code, ActKind.FROZEN, 130)

        assert "Whole blood" in str(derived(actors, tube.code).doubts[0])

    def test_only_a_freezing_has_a_vessel(self, actors: People, tube: Sample):
        with pytest.raises(InvalidInput, match="Only a freezing"):
            process(actors, tube.code, ActKind.CENTRIFUGED, 90, freezing=Freezing(Vessel.CRYOTUBE))

    def test_only_a_centrifugation_has_a_force(self, actors: People, tube: Sample):
        with pytest.raises(InvalidInput, match="Only a centrifugation"):
            process(actors, tube.code, ActKind.FROZEN, 90, spin=SPIN)


class TestThaws:
    def test_an_aliquot_inherits_those_before_it_and_none_after(self, actors: People, tube: Sample):
        process(actors, tube.code, ActKind.FROZEN, 70)
        process(actors, tube.code, ActKind.THAWED, 100)
        [aliquot] = divide(actors, tube.code, "1", sample_type=tube.sample_type, at=after(110))
        process(actors, tube.code, ActKind.THAWED, 150)

        assert derived(actors, aliquot.code).thaws == 1
        assert derived(actors, tube.code).thaws == 2

    def test_a_tube_that_comes_back_thawed_was_thawed(self, actors: People):
        stored = make_stored(actors)
        check_out(actors, stored.code)
        custody.return_(actors.technician, stored.code, condition=SampleCondition.THAWED)

        assert derived(actors, stored.code).thaws == 1

    def test_what_comes_back_thawed_after_a_thawing_was_thawed_once(self, actors: People):
        stored = make_stored(actors)
        check_out(actors, stored.code)
        custody.process(
            actors.technician, [stored.code], kind=ActKind.THAWED, happened_at=clock.now()
        )
        custody.return_(actors.technician, stored.code, condition=SampleCondition.THAWED)

        assert derived(actors, stored.code).thaws == 1

    def test_one_that_was_undone_does_not_count(self, actors: People, tube: Sample):
        process(actors, tube.code, ActKind.THAWED, 100)
        custody.undo_latest(actors.technician)

        assert derived(actors, tube.code).thaws == 0


class TestOutOfTheStore:
    @pytest.fixture
    def stored(self, actors: People) -> Iterator[Sample]:
        with clock.frozen(after(600)):
            yield make_stored(actors, volume="1")

    def test_before_it_was_stored_it_was_not_out(self, actors: People, tube: Sample):
        assert derived(actors, tube.code).out_of_store is None

    def test_it_is_the_sum_of_all_times(self, actors: People, stored: Sample):
        for begins, ends in ((700, 720), (800, 805)):
            with clock.frozen(after(begins)):
                check_out(actors, stored.code)
            with clock.frozen(after(ends)):
                custody.return_(actors.technician, stored.code)

        found = derived(actors, stored.code)
        assert (found.out_of_store, found.is_out) == (timedelta(minutes=25), False)

    def test_it_runs_while_it_is_out(self, actors: People, stored: Sample):
        with clock.frozen(after(700)):
            check_out(actors, stored.code)
        with clock.frozen(after(760)):
            found = derived(actors, stored.code)

        assert (found.out_of_store, found.is_out) == (timedelta(hours=1), True)

    def test_moving_to_another_cell_is_no_time_out(self, actors: People, stored: Sample):
        box = make_box(actors)
        with clock.frozen(after(900)):
            custody.move(
                actors.technician, box_id=box.id, placements=[custody.Placement(stored.code, 1, 1)]
            )

        assert derived(actors, stored.code).out_of_store == timedelta(0)


def test_the_age_counts_from_the_collection(actors: People, tube: Sample):
    with clock.frozen(after(1440)):
        assert derived(actors, tube.code).age == timedelta(days=1)


def test_a_stored_primary_tube_says_so(actors: People, tube: Sample):
    place(actors, make_box(actors), tube.code)
    assert (derived(actors, tube.code).sprec or "").endswith("-Y")


def test_the_statements_do_not_grow_with_the_chain(actors: People):
    stored = make_stored(actors)
    with counted() as few:
        derived(actors, stored.code)
    for _ in range(3):
        check_out(actors, stored.code)
        custody.return_(actors.technician, stored.code)

    with counted() as many:
        derived(actors, stored.code)

    assert len(many) == len(few)
