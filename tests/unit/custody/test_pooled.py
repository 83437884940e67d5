"""What follows for a pool from each of the tubes that were poured into it, however far up."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from registry.custody import courses, derived, forms, queries, service as custody
from registry.custody.incidents import service as incidents
from registry.custody.models import Holding
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.samples.models import Sample
from registry.samples.sprec import Spin
from registry.vocab.custody import ActKind
from registry.vocab.incidents import IncidentKind
from registry.vocab.samples import ContainerType, SampleType
from registry.vocab.sprec import Ambient
from tests.factories.accounts import People
from tests.factories.custody import biobank, divide, make_received, place
from tests.factories.pools import make_alike, make_pool, pour
from tests.factories.probes import after, make_probe, take
from tests.factories.samples import (
    COLLECTED,
    make_consenting_participant,
    make_tubes,
    tube_in,
)
from tests.factories.storage import make_box
from tests.statements import counted
from tests.unit.custody.warming import LONG_AGO, WARM, times

pytestmark = pytest.mark.usefixtures("app")

SPIN = Spin(minutes=10, g=2000, ambient=Ambient.ROOM, brake=True)


def thaw(actors: People, *tubes: Sample) -> None:
    codes = [one.code for one in tubes]
    custody.process(actors.technician, codes, kind=ActKind.THAWED, happened_at=clock.now())


def told(sample: Sample) -> derived.Derived:
    return derived.of([sample.id])[sample.id]


def kept(sample: Sample) -> object:
    return registry_session.get_one(Holding, sample.id).wear


def is_barred(actors: People, sample: Sample) -> bool:
    return queries.sample_page(actors.technician, sample.code).barred is not None


def spun(
    actors: People, participant: Participant, spin_after: int, container: ContainerType
) -> Sample:
    """Plasma of a tube that was centrifuged so many minutes after it was drawn."""
    drawn = tube_in("5", container_type=container)
    [tube] = make_tubes(actors, drawn, participant=participant)
    custody.receive(
        actors.technician, [tube.code], received_at=COLLECTED + timedelta(minutes=20),
        site_id=biobank(actors), ambient=Ambient.ROOM,
    )  # fmt: skip
    custody.process(
        actors.technician, [tube.code], kind=ActKind.CENTRIFUGED,
        happened_at=COLLECTED + timedelta(minutes=spin_after), spin=SPIN,
    )  # fmt: skip
    at = COLLECTED + timedelta(minutes=spin_after + 20)
    [plasma] = divide(actors, tube.code, "1", sample_type=SampleType.PLASMA_SINGLE_SPUN, at=at)
    return plasma


@pytest.fixture
def participant(actors: People) -> Participant:
    return make_consenting_participant(actors)


class TestTheCode:
    def test_it_is_theirs_when_it_is_the_same(self, actors: People, participant: Participant):
        tubes = [spun(actors, participant, 90, ContainerType.EDTA_K) for _ in range(2)]

        pool = told(pour(actors, *tubes))

        assert pool.sprec == told(tubes[0]).sprec == "PL1-PED-A-B-N-X-X"
        assert pool.before_spin == timedelta(minutes=90)

    def test_what_they_do_not_agree_on_is_unknown(self, actors: People, participant: Participant):
        early = spun(actors, participant, 90, ContainerType.EDTA_K)
        late = spun(actors, participant, 150, ContainerType.HEPARIN_LI)

        pool = told(pour(actors, early, late))

        assert (told(early).sprec, told(late).sprec) == ("PL1-PED-A-B-N-X-X", "PL1-HEP-C-B-N-X-X")
        assert pool.sprec == "PL1-XXX-X-B-N-X-X"
        assert pool.before_spin is None

    def test_a_doubt_about_one_is_a_doubt_about_the_pool(self, actors: People):
        good = make_alike(actors, "1")[0]
        pool = pour(actors, good, *make_alike(actors, "1", participant=good.participant))

        assert [str(doubt) for doubt in told(pool).doubts] == [
            str(doubt) for doubt in told(good).doubts
        ]
        assert told(good).doubts


class TestWear:
    def test_a_pool_was_thawed_as_often_as_the_one_thawed_the_most(self, actors: People):
        once, twice, never = make_alike(actors, "1", "1", "1")
        thaw(actors, once, twice)
        thaw(actors, twice)

        pool = pour(actors, never, once, twice)

        assert told(pool).thaws == 2
        assert kept(pool) == courses.of([pool.id])[pool.id].wear

    def test_a_thaw_after_the_pouring_is_the_tube_s_own(self, actors: People):
        first, second = make_alike(actors, "1", "1")
        pool = pour(actors, first, second, volume=Decimal("0.5"))
        thaw(actors, first)

        assert (told(pool).thaws, told(first).thaws) == (0, 1)

    def test_a_thaw_that_is_undone_is_undone_for_a_later_correction(self, actors: People):
        pool = make_pool(actors)
        thaw(actors, pool)
        custody.undo_latest(actors.technician)

        assert told(pool).thaws == 0
        assert kept(pool) == courses.of([pool.id])[pool.id].wear


class TestFamily:
    def test_the_tree_has_every_tube_up_to_those_that_were_drawn(self, actors: People):
        first, second = make_alike(actors, "1", "1")
        pool = pour(actors, first, second)
        [aliquot] = divide(actors, pool.code, "0.5", at=clock.now())

        kin = queries.sample_page(actors.technician, aliquot.code).kin

        [above] = kin.parents
        assert above.sample.code == pool.code
        assert above.sample.is_pool
        assert [parent.sample.code for parent in above.parents] == [first.code, second.code]
        assert all(
            drawn.sample.sample_type is SampleType.BLOOD
            for parent in above.parents
            for drawn in parent.parents
        )
        page = queries.sample_page(actors.technician, first.code)
        assert [child.code for child in page.children] == [pool.code]

    def test_the_chain_has_the_acts_of_all_of_them(self, actors: People):
        first, second = make_alike(actors, "1", "1")
        pool = pour(actors, first, second, volume=Decimal("0.5"))
        thaw(actors, second)

        lines = queries.chain(actors.technician, pool.code)

        blood = [ActKind.COLLECTED, ActKind.RECEIVED, ActKind.DERIVED]
        assert [line.kind for line in lines if line.sample_code == first.code] == [
            ActKind.DERIVED, ActKind.POOLED,
        ]  # fmt: skip
        assert [line.is_after_separation for line in lines if line.sample_code == second.code] == [
            False, False, True,
        ]  # fmt: skip
        assert [line.kind for line in lines if not line.is_inherited] == [ActKind.POOLED]
        assert sorted(line.kind for line in lines[:6]) == sorted(blood * 2)

    def test_tubes_of_one_tube_poured_together_again_tell_its_acts_once(self, actors: People):
        drawn = make_received(actors)
        pool = pour(actors, *divide(actors, drawn.code, "1", "1"))

        lines = queries.chain(actors.technician, pool.code)

        collected = [line for line in lines if line.kind is ActKind.COLLECTED]
        assert [line.sample_code for line in collected] == [drawn.code]
        divided = [line for line in lines if line.sample_code == drawn.code]
        assert not any(line.is_after_separation for line in divided)
        assert told(pool).sprec is not None

    def test_the_form_names_them_before_the_pool(self, actors: People):
        pool = make_pool(actors, "1", "0.5")
        page = queries.sample_page(actors.technician, pool.code)

        chain = forms.chain_of(page, queries.chain(actors.technician, pool.code))

        assert [(one.sample_type, one.depth) for one in chain.family] == [
            (SampleType.BLOOD, 0),
            (SampleType.PLASMA_DOUBLE_SPUN, 1),
            (SampleType.BLOOD, 0),
            (SampleType.PLASMA_DOUBLE_SPUN, 1),
            (SampleType.PLASMA_DOUBLE_SPUN, 2),
        ]
        assert [one.code for one in chain.family if one.is_subject] == [pool.code]
        said = [str(note) for act in chain.acts for note in act.notes]
        parents = ", ".join(one.sample.code for one in page.kin.parents)
        assert f"Pooled from {parents}" in said

    def test_a_pool_of_many_takes_as_many_statements_as_one_of_few(self, actors: People):
        few, many = make_pool(actors, "1", "1"), make_pool(actors, *["0.5"] * 6)

        def read(pool: Sample) -> None:
            queries.sample_page(actors.technician, pool.code)
            queries.chain(actors.technician, pool.code)
            told(pool)

        registry_session.expire_all()
        with counted() as for_few:
            read(few)
        registry_session.expire_all()
        with counted() as for_many:
            read(many)
        assert len(for_few) == len(for_many)


class TestWhatHappensToOne:
    def test_an_incident_with_one_keeps_the_pool_and_what_was_made_of_it(self, actors: People):
        first, second = make_alike(actors, "1", "1")
        pool = pour(actors, first, second)
        [aliquot] = divide(actors, pool.code, "0.5", at=clock.now())

        incidents.report(
            actors.technician, [second.code], kind=IncidentKind.OTHER, account="Mislabelled"
        )

        assert is_barred(actors, pool)
        assert is_barred(actors, aliquot)
        assert not is_barred(actors, first)

    def test_what_is_in_quarantine_is_not_poured(self, actors: People):
        first, second = make_alike(actors, "1", "1")
        incidents.report(actors.technician, [second.code], kind=IncidentKind.OTHER, account="Slip")

        with pytest.raises(InvalidInput) as caught:
            pour(actors, first, second)

        assert "is in quarantine" in str(caught.value.errors["codes"][0])

    def test_it_waits_for_a_decision_for_the_times_of_each(self, actors: People):
        with clock.frozen(LONG_AGO):
            box = make_box(actors)
            warm = make_alike(actors, "1", "1")
            for one in warm:
                place(actors, box, one.code)
        probe = make_probe(actors, box.unit.parent)
        with clock.frozen(after(4)):
            pool = pour(actors, *warm, volume=Decimal("0.5"), at=after(4))

        take(actors, probe, *WARM)

        assert times(actors) == {
            warm[0].code: (2, 6), warm[1].code: (2, 6), pool.code: (2, 4),
        }  # fmt: skip
        with pytest.raises(RuleBroken, match="waits for a decision"):
            divide(actors, pool.code, "0.1", at=after(20))

    def test_a_line_of_a_list_names_its_first_tube_and_that_there_are_more(self, actors: People):
        pool = make_pool(actors)
        line = queries.line(actors.technician, pool.code)
        [first, _second] = queries.sample_page(actors.technician, pool.code).kin.parents

        assert (line.parent_code, line.is_pool) == (first.sample.code, True)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    volumes=st.lists(st.integers(1, 40), min_size=2, max_size=5),
    each=st.none() | st.integers(1, 40),
    loss=st.integers(0, 20),
)
def test_nothing_comes_into_being_and_nothing_gets_lost(
    actors: People, volumes: Sequence[int], each: int | None, loss: int
):
    """Whatever is poured: all that was in the tubes is in them, in the pool or in the loss."""
    amounts = [Decimal(one) / 20 for one in volumes]
    tubes = make_alike(actors, *map(str, amounts))
    lost, part = Decimal(loss) / 100, None if each is None else Decimal(each) / 20
    given_ = amounts if part is None else [part] * len(amounts)
    is_possible = sum(given_) > lost and all(part is None or part <= amount for amount in amounts)
    if not is_possible:
        with pytest.raises(InvalidInput):
            pour(actors, *tubes, volume=part, loss=lost)
        registry_session.rollback()
    made = [pour(actors, *tubes, volume=part, loss=lost)] if is_possible else []
    found = [queries.line(actors.technician, one.code).remaining for one in (*tubes, *made)]
    assert sum(found) == sum(amounts) - (lost if made else 0)
