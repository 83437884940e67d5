"""What follows from a chain of custody of tissue: how it was taken and fixed is said at receipt."""

from datetime import timedelta

import pytest

from registry.custody import derived as custody_derived, service as custody
from registry.custody.derived import Derived
from registry.kernel import clock
from registry.kernel.errors import InvalidInput
from registry.samples import queries as samples
from registry.samples.models import Sample
from registry.samples.sprec import Freezing
from registry.samples.tissue import Handling
from registry.vocab.custody import ActKind
from registry.vocab.samples import ContainerType, SampleType
from registry.vocab.sprec import Vessel
from registry.vocab.tissue import Collection, Fixation
from tests.factories.accounts import People
from tests.factories.custody import biobank, divide, place
from tests.factories.samples import COLLECTED, make_tubes, tube_in
from tests.factories.storage import make_box

pytestmark = pytest.mark.usefixtures("app")


def after(minutes: int):
    """A moment so many minutes after the collection."""
    return COLLECTED + timedelta(minutes=minutes)


def derived(actors: People, code: str) -> Derived:
    sample = samples.get(actors.technician, code)
    return custody_derived.of([sample.id])[sample.id]


SNAP = Handling(Collection.SURGERY, after(-5), Fixation.SNAP)


def take(actors: People, handling: Handling | None, **facts: object) -> Sample:
    facts.setdefault("sample_type", SampleType.TISSUE)
    [taken] = make_tubes(actors, tube_in("1", container_type=ContainerType.OTHER, **facts))
    custody.receive(
        actors.technician,
        [taken.code],
        received_at=after(10),
        site_id=biobank(actors),
        handling=handling,
    )
    return taken


def test_its_code_has_other_elements(actors: People):
    taken = take(actors, SNAP)
    custody.process(
        actors.technician,
        [taken.code],
        kind=ActKind.FROZEN,
        happened_at=after(15),
        freezing=Freezing(Vessel.CRYOTUBE),
    )
    place(actors, make_box(actors), taken.code)

    found = derived(actors, taken.code)

    assert found.sprec == "TIS-SRG-B-C-SNP-N-D"
    assert found.solid is not None
    assert (found.solid.warm, found.solid.cold) == (
        timedelta(minutes=5),
        timedelta(minutes=15),
    )


def test_a_piece_of_it_inherits_how_it_was_taken(actors: People):
    taken = take(actors, SNAP)
    [piece] = divide(actors, taken.code, "0.5", sample_type=SampleType.CELLS_VIABLE, at=after(20))

    assert derived(actors, piece.code).sprec == "CLN-SRG-B-X-SNP-N-X"


def test_until_it_is_said_how_it_was_taken_it_has_none(actors: People):
    found = derived(actors, take(actors, None).code)

    assert (found.sprec, found.elements) == (None, None)


def test_times_in_no_order_are_said(actors: People):
    late = Handling(Collection.BIOPSY, after(1), Fixation.FORMALIN, after(5), after(4))
    found = derived(actors, take(actors, late).code)

    assert found.sprec == "TIS-BPS-X-B-FOR-X-X"
    assert len(found.doubts) == 2


def test_nothing_else_was_taken_so(actors: People):
    with pytest.raises(InvalidInput) as refused:
        take(actors, SNAP, sample_type=SampleType.BLOOD)

    assert "is no tissue" in str(refused.value.errors["codes"][0])


def test_a_fixation_still_to_come_is_refused_at_its_field(actors: People):
    with pytest.raises(InvalidInput) as refused:
        take(actors, Handling(fixed_at=clock.now() + timedelta(hours=1)))

    assert refused.value.field == "fixed_at"
