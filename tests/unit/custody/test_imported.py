"""What an import tells of and nobody knows the time of: the cells tubes lie in, and divisions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from registry.custody import derived, forms, queries, service as custody
from registry.custody.room import outlooks
from registry.custody.service import Existing, Placement
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.samples import ContainerType, SampleType
from tests.factories.consents import make_consent
from tests.factories.custody import biobank, divide
from tests.factories.participants import make_participant
from tests.factories.storage import make_box
from tests.statements import counted

OPERATOR = Actor.system("import")
DRAWN = datetime(2026, 3, 28, 8, 17, tzinfo=UTC)


@pytest.fixture
def participant(app, actors):
    return make_participant(actors)


@pytest.fixture
def box(app, actors):
    return make_box(actors)


@pytest.fixture
def tube(participant, box):
    return Existing(
        code="T07000001",
        participant_id=participant.id,
        sample_type=SampleType.SERUM,
        container_type=ContainerType.SERUM_CLOT,
        volume=Decimal(2),
        collected_at=DRAWN,
        received_at=DRAWN + timedelta(hours=1),
        box_code=box.unit.code,
        cell="B3",
    )


def child_of(tube, **facts):
    return replace(
        tube,
        code="T07000002",
        volume=Decimal("0.5"),
        box_code=None,
        cell=None,
        parent_code=tube.code,
        **facts,
    )


def take(*rows):
    return [outcome.refusal for outcome in custody.register_existing(OPERATOR, rows)]


def last_act(actors, code):
    return [line for line in queries.chain(actors.technician, code) if line.sample_code == code][-1]


class TestPlaces:
    def test_a_tube_in_a_box_is_at_the_site_of_its_box_and_its_chain_says_so(
        self, actors, box, tube
    ):
        assert take(tube) == [None]
        act = last_act(actors, tube.code)
        assert (act.kind, act.holder_before, act.holder_after) == (
            ActKind.PLACED,
            HolderKind.BENCH,
            HolderKind.POSITION,
        )
        assert (act.site_before, act.site) == ("Hôpital de Paris", "Biobanque")
        assert queries.sample_page(actors.technician, tube.code).cell == "B3"
        assert queries.box_map(actors.technician, box.id).taken == 1

    def test_it_can_be_moved_within_its_site_from_then_on(self, actors, box, tube):
        take(tube)
        custody.move(actors.technician, box_id=box.id, placements=[Placement(tube.code, 1, 1)])
        assert queries.sample_page(actors.technician, tube.code).cell == "A1"

    def test_without_a_box_it_stays_at_the_participant_s_site(self, actors, box, tube):
        take(replace(tube, box_code=None, cell=None))
        assert last_act(actors, tube.code).site != "Biobanque"
        with pytest.raises(InvalidInput) as refused:
            custody.place(actors.technician, box_id=box.id, placements=[Placement(tube.code)])
        [reason] = refused.value.errors["placements"]
        assert "is at another site" in str(reason)

    def test_when_it_was_placed_is_not_known_and_nothing_follows_from_it(self, actors, tube):
        take(tube)
        lines = queries.chain(actors.technician, tube.code)
        page = queries.sample_page(actors.technician, tube.code)
        assert not lines[-1].is_time_known
        assert derived.of([page.sample.id])[page.sample.id].before_spin is None
        assert [act.happened_at for act in forms.chain_of(page, lines).acts][-1] is None

    def test_what_an_import_told_is_not_undone(self, actors, tube):
        take(tube)
        act = last_act(actors, tube.code)
        assert not act.can_be_corrected
        with pytest.raises(RuleBroken, match="An import told of this"):
            custody.correct(actors.technician, act.act_id, reason="Wrong")

    def test_the_same_row_again_changes_nothing_even_after_a_move(self, actors, box, tube):
        take(tube)
        custody.move(actors.technician, box_id=box.id, placements=[Placement(tube.code, 1, 1)])
        [outcome] = custody.register_existing(OPERATOR, [tube])
        assert (outcome.is_new, outcome.refusal) == (False, None)

    def test_a_known_tube_is_refused_in_a_cell_where_it_never_was(self, tube):
        take(tube)
        [refusal] = take(replace(tube, cell="B4"))
        assert "never was in this cell" in str(refusal.message)

    def test_a_taken_cell_is_refused_also_within_one_file(self, tube):
        first, second = take(tube, replace(tube, code="T07000009"))
        assert first is None
        assert "B3 is taken" in str(second.message)

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"box_code": "NOWHERE"}, "box_code"),
            ({"box_code": None}, "box_code"),
            ({"cell": None}, "cell"),
            ({"cell": "Z99"}, "cell"),
            ({"received_at": None}, "received_at"),
        ],
    )
    def test_a_place_that_cannot_be_is_refused(self, tube, change, field):
        [refusal] = take(replace(tube, **change))
        assert refusal.field == field

    def test_a_box_refuses_what_it_does_not_accept(self, actors, tube):
        plasma = make_box(actors, accepts=[SampleType.PLASMA_DOUBLE_SPUN])
        [refusal] = take(replace(tube, box_code=plasma.unit.code))
        assert "does not accept" in str(refusal.message)

    def test_the_forecast_counts_no_tube_that_an_import_found_there(self, actors, tube):
        take(tube)
        assert all(one.placed == 0 for one in outlooks(actors.technician))


class TestDivisions:
    def test_the_parent_s_chain_says_what_was_made_of_it(self, actors, tube):
        take(tube, child_of(tube))
        act = last_act(actors, tube.code)
        assert (act.kind, act.is_time_known) == (ActKind.ALIQUOTED, False)
        assert act.fields["children"] == ["T07000002"]
        assert act.holder_after is HolderKind.POSITION

    def test_another_type_is_a_derivative(self, actors, tube):
        blood = replace(
            tube,
            code="T07000007",
            sample_type=SampleType.BLOOD,
            container_type=ContainerType.EDTA_K,
            cell="B4",
        )
        take(blood, replace(child_of(blood), sample_type=SampleType.PLASMA_DOUBLE_SPUN))
        assert last_act(actors, blood.code).kind is ActKind.DERIVED

    def test_a_parent_of_an_earlier_file_says_it_too(self, actors, tube):
        take(tube)
        take(child_of(tube))
        assert [line.seq for line in queries.chain(actors.technician, tube.code)] == [1, 2, 3, 4]

    def test_it_takes_as_many_statements_for_many_parents_as_for_few(self, actors, tube):
        sizes = []
        for first, count in ((0, 2), (100, 40)):
            rows = []
            for number in range(count):
                parent = replace(tube, code=f"N{first + number}", box_code=None, cell=None)
                rows += [parent, replace(child_of(parent), code=f"M{first + number}")]
            with counted() as statements:
                assert not any(take(*rows))
            sizes.append(len(statements))
        assert sizes[0] == sizes[1]

    def test_what_is_done_to_the_parent_afterwards_is_not_the_child_s(
        self, actors, participant, box, tube
    ):
        take(tube, child_of(tube))
        make_consent(actors, participant)
        divide(actors, tube.code, "0.5", sample_type=SampleType.SERUM, at=clock.now())
        later = [
            line for line in queries.chain(actors.technician, "T07000002") if line.is_inherited
        ]
        assert [line.is_after_separation for line in later] == [False] * 4 + [True]

    def test_a_child_without_a_box_can_be_received_where_its_parent_is(self, actors, tube):
        take(tube, child_of(tube, received_at=None))
        custody.receive(
            actors.technician,
            ["T07000002"],
            received_at=clock.now(),
            site_id=biobank(actors),
        )
        assert last_act(actors, "T07000002").site == "Biobanque"
