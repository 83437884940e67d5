"""Searching samples by their code and their delays: nothing unknown matches, nothing is guessed."""

from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from registry.custody import queries, service as custody
from registry.custody.queries import Sought, Wanted
from registry.samples import sprec
from registry.samples.models import Sample
from registry.samples.sprec import Freezing, Spin
from registry.samples.tissue import Handling
from registry.vocab.custody import ActKind
from registry.vocab.samples import ContainerType, SampleType
from registry.vocab.sprec import SEPARATOR, SOLIDS, Ambient, Vessel
from registry.vocab.tissue import Collection, Fixation
from tests.factories.accounts import People
from tests.factories.custody import biobank, divide, make_received, place
from tests.factories.samples import COLLECTED, make_tubes, tube_in
from tests.factories.storage import make_box
from tests.statements import counted

SPIN = Spin(minutes=10, g=2000, ambient=Ambient.ROOM, brake=True)

codes = st.lists(st.sampled_from(["PL1", "PED", "A", "B", "X"]), min_size=7, max_size=7).map(
    SEPARATOR.join
)


@given(codes, st.integers(1, 7), st.sets(st.integers(0, 6)))
def test_a_code_begins_with_each_of_its_beginnings_whatever_is_any(
    code: str, length: int, any_of: set[int]
):
    elements = code.split(SEPARATOR)
    asked = ["*" if at in any_of else one for at, one in enumerate(elements)][:length]

    assert sprec.begins(code, SEPARATOR.join(asked))
    assert not sprec.begins(code, SEPARATOR.join([*elements, "*"]))
    assert not sprec.begins(code, SEPARATOR.join([*asked[:-1], "Q"]))


@pytest.mark.parametrize(
    ("code", "asked", "does"),
    [
        ("PL1-PED-A-B-N-A-X", "PL", True),
        ("PL1-PED-A-B-N-A-X", "PL-PED", False),
        ("PL1-PED-A-B-N-A-X", "PL1-*-B", False),
        ("PL1-PED-A-B-N-A-X", "*-*-A", True),
        (None, "*", False),
    ],
)
def test_an_element_is_whole_but_for_the_last(code: str | None, asked: str, does: bool):
    assert sprec.begins(code, asked) is does


def search(actors: People, **sought: object) -> list[str]:
    asked = Sought(**sought)  # type: ignore[arg-type]
    wanted = Wanted(sample_types=asked.types)
    rows = queries.page(actors.technician, wanted).rows
    return [line.code for line in asked.keep(rows)]


@pytest.fixture
def plasma(app: object, actors: People) -> Sample:
    """Plasma of blood that was spun after 90 minutes."""
    [drawn] = make_tubes(actors, tube_in("5", container_type=ContainerType.EDTA_K))
    custody.receive(
        actors.technician, [drawn.code], received_at=COLLECTED + timedelta(minutes=60),
        site_id=biobank(actors), ambient=Ambient.ROOM,
    )  # fmt: skip
    custody.process(
        actors.technician, [drawn.code], kind=ActKind.CENTRIFUGED,
        happened_at=COLLECTED + timedelta(minutes=90), spin=SPIN,
    )  # fmt: skip
    [made] = divide(actors, drawn.code, "1", sample_type=SampleType.PLASMA_SINGLE_SPUN)
    return made


class TestFluids:
    def test_by_the_beginning_of_the_code(self, actors: People, plasma: Sample):
        [blood] = queries.sample_page(actors.technician, plasma.code).kin.parents

        assert search(actors, sprec="PL1-PED-A-B") == [plasma.code]
        assert search(actors, sprec="*-PED") == [plasma.code, blood.sample.code]
        assert search(actors, sprec="PL1-PED-C") == []

    def test_by_a_code_of_which_every_element_is_known(self, actors: People, plasma: Sample):
        assert search(actors, sprec_complete=True) == []

        custody.process(
            actors.technician, [plasma.code], kind=ActKind.FROZEN,
            happened_at=COLLECTED + timedelta(minutes=150), ambient=Ambient.ROOM,
            freezing=Freezing(Vessel.CRYOTUBE),
        )  # fmt: skip
        place(actors, make_box(actors), plasma.code)

        assert search(actors, sprec_complete=True) == [plasma.code]

    def test_by_the_delay(self, actors: People, plasma: Sample):
        assert plasma.code in search(actors, delay_minutes_to=90)
        assert plasma.code not in search(actors, delay_minutes_to=89)

    def test_what_nobody_knows_is_not_below_anything(self, app: object, actors: People):
        waiting = make_received(actors)

        assert waiting.code in search(actors)
        assert waiting.code not in search(actors, delay_minutes_to=525_600)

    def test_the_statements_do_not_grow_with_the_rows(self, actors: People, plasma: Sample):
        with counted() as few:
            assert search(actors, sprec="PL1")
        divide(actors, plasma.code, *["0.1"] * 5, sample_type=SampleType.PLASMA_SINGLE_SPUN)

        with counted() as many:
            assert len(search(actors, sprec="PL1")) == 6

        assert len(many) == len(few)


class TestSolids:
    @pytest.fixture
    def tissue(self, app: object, actors: People) -> Sample:
        """A biopsy, five minutes without blood, fixed after 25 more."""
        [drawn] = make_tubes(actors, tube_in("5", sample_type=SampleType.TISSUE))
        custody.receive(
            actors.technician, [drawn.code], received_at=COLLECTED + timedelta(minutes=10),
            site_id=biobank(actors),
            handling=Handling(
                Collection.BIOPSY, COLLECTED - timedelta(minutes=5), Fixation.SNAP, None, None
            ),
        )  # fmt: skip
        custody.process(
            actors.technician, [drawn.code], kind=ActKind.FROZEN,
            happened_at=COLLECTED + timedelta(minutes=25),
        )  # fmt: skip
        return drawn

    def test_by_its_ischaemia(self, actors: People, tissue: Sample):
        assert search(actors, warm_minutes_to=5, cold_minutes_to=25) == [tissue.code]
        assert search(actors, warm_minutes_to=4) == []
        assert search(actors, cold_minutes_to=24) == []

    def test_a_fluid_has_none(self, actors: People, plasma: Sample):
        assert search(actors, warm_minutes_to=525_600) == []


def test_what_no_type_can_be_is_not_even_read():
    assert Sought(sprec="PL1").types == {SampleType.PLASMA_SINGLE_SPUN}
    assert Sought(sprec="*-PED").types is None
    assert Sought(delay_minutes_to=5).types is None
    solid = Sought(warm_minutes_to=5).types
    assert solid is not None
    assert solid > SOLIDS
    assert SampleType.SERUM not in solid
