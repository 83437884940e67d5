"""What samples went through, in an extract: in classes, and silent where it would tell the type."""

from datetime import timedelta

import pytest

from registry.custody import service as custody
from registry.extracts import histories
from registry.kernel import clock
from registry.kernel.errors import InvalidInput
from registry.persistence import unit_of_work
from registry.samples.models import Sample
from registry.vocab.applications import OutBand, ThawBand, Variable, out_band, thaw_band
from registry.vocab.custody import ActKind
from registry.vocab.samples import ContainerType, SampleType
from tests.factories.accounts import People
from tests.factories.applications import make_application, make_donors
from tests.factories.custody import check_out, make_received, make_stored
from tests.factories.extracts import approved, produce, table
from tests.factories.samples import COLLECTED
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("app")

ALL = (*sorted(histories.VARIABLES), Variable.SAMPLE_TYPE)


def spin(actors: People, tube: Sample) -> None:
    custody.process(
        actors.technician, [tube.code], kind=ActKind.CENTRIFUGED,
        happened_at=COLLECTED + timedelta(hours=2),
    )  # fmt: skip


def thaw(actors: People, tube: Sample, hours: int) -> None:
    custody.process(
        actors.technician, [tube.code], kind=ActKind.THAWED,
        happened_at=COLLECTED + timedelta(hours=hours),
    )  # fmt: skip


def test_every_variable_says_what_the_page_of_the_sample_says(actors: People):
    with unit_of_work():
        for _one in range(12):
            tube = make_received(actors, container_type=ContainerType.EDTA_K)
            spin(actors, tube)
            thaw(actors, tube, 3)

    rows = table(produce(actors, approved(actors, variables=ALL)))

    assert len(rows) == 12
    said = ("thaws", "out_of_store", "exposure", "sprec_elements", "sprec_version")
    assert {tuple(row[name] for name in said) for row in rows} == {
        ("1", "", "never", "X-X-N-X-X", "2.0")
    }


def test_codes_that_occur_are_in_the_dictionary(actors: People):
    make_donors(actors, 12)

    extract = produce(actors, approved(actors, variables=(Variable.THAWS, Variable.EXPOSURE)))

    lines = {
        (line["column"], line["code"]): line["meaning_en"]
        for line in table(extract, "dictionary.csv")
    }
    assert lines["thaws", "0"] == "Never thawed"
    assert lines["exposure", "never"] == "Never out of the limits"


def test_elements_are_silent_where_the_type_is_not_told(actors: People):
    # Six people have each type: neither is named, and the elements would tell them apart.
    with unit_of_work():
        for at in range(12):
            kind = SampleType.SERUM if at % 2 else SampleType.SALIVA
            tube = make_received(actors, sample_type=kind)
            spin(actors, tube)

    rows = table(produce(actors, approved(actors, variables=ALL)))

    said = ("sample_type", "sprec_elements", "sprec_version")
    assert len(rows) == 12
    assert {tuple(row[name] for name in said) for row in rows} == {("masked", "", "")}


def test_elements_are_asked_for_with_the_type_alone(actors: People):
    with pytest.raises(InvalidInput, match="choose both"):
        make_application(actors, variables=(Variable.SPREC_ELEMENTS,))


def test_time_out_of_the_store_leaves_as_a_band(actors: People):
    stored = make_stored(actors)
    with clock.frozen(clock.now() + timedelta(days=1)):
        check_out(actors, stored.code)
    with clock.frozen(clock.now() + timedelta(days=1, minutes=61)):
        custody.return_(actors.technician, stored.code)

    assert histories.of([stored.id])[stored.id].out_of_store is OutBand.UNDER_4_HOURS


@pytest.mark.parametrize(
    ("lasted", "band"),
    [
        (timedelta(0), OutBand.NONE),
        (timedelta(seconds=1), OutBand.UNDER_1_HOUR),
        (timedelta(hours=1), OutBand.UNDER_4_HOURS),
        (timedelta(hours=4), OutBand.UNDER_24_HOURS),
        (timedelta(hours=24), OutBand.LONGER),
    ],
)
def test_the_bands_of_time(lasted: timedelta, band: OutBand):
    assert out_band(lasted) is band


def test_the_bands_of_thaws():
    assert [thaw_band(thaws) for thaws in (0, 1, 2, 3, 9)] == [*ThawBand, ThawBand.OFTEN]


def test_the_statements_do_not_grow_with_the_samples(actors: People):
    few = [make_stored(actors).id]
    many = [*few, *(make_stored(actors).id for _one in range(3))]
    with counted() as of_few:
        histories.of(few)
    with counted() as of_many:
        assert len(histories.of(many)) == 4

    assert len(of_many) == len(of_few)
