"""A box or rack moved as one act: all tubes inside say so, and nothing goes where it cannot be."""

import pytest

from registry.custody import queries, service as custody
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from registry.storage import queries as storage, service
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.samples import SampleType
from registry.vocab.storage import StorageClass, UnitKind
from tests.factories.custody import make_aliquots, make_checked_out, make_stored, place
from tests.factories.storage import make_box, make_freezer
from tests.statements import counted

OPERATOR = Actor.system("test")


def make_rack(freezer, code="R1", **facts):
    return service.create_unit(
        OPERATOR, site_id=freezer.site_id, parent_id=freezer.id, kind=UnitKind.RACK,
        code=code, name=f"Rack {code}", **facts,
    )  # fmt: skip


def carry(actors, unit, to, **facts):
    return custody.carry(actors.technician, unit.id, to_id=to.id, **facts)


@pytest.fixture
def freezer(app, actors):
    return make_freezer(actors)


class TestMoving:
    def test_every_tube_says_the_new_way_in_its_chain(self, actors, freezer, audit_tags):
        rack, other = make_rack(freezer), make_rack(freezer, "R2")
        box = make_box(actors, freezer=rack)
        tube = make_stored(actors, box=box, cell="B3")
        assert carry(actors, rack, other, reason="defrosting") == 1
        last = queries.chain(actors.technician, tube.code)[-1]
        assert (last.kind, last.comment) == (ActKind.MOVED, "defrosting")
        assert last.place == f"Room F1 › Freezer F1 › Rack R2 › Rack R1 › {box.unit.name} · B3"  # noqa: RUF001
        listed = queries.listed(actors.technician, [tube.code])[tube.code]
        assert (listed.place, listed.status) == (last.place, HolderKind.POSITION)
        assert audit_tags()[-2:] == ["storage:moved", "sample:moved"]

    def test_a_tube_that_somebody_has_keeps_its_cell_and_has_no_act(self, actors, freezer):
        box = make_box(actors, freezer=make_rack(freezer))
        lent = make_checked_out(actors, box=box, cell="A1")
        assert carry(actors, box.unit, make_rack(freezer, "R2")) == 0
        assert queries.chain(actors.technician, lent.code)[-1].kind is ActKind.CHECKED_OUT
        home = queries.sample_page(actors.technician, lent.code).loan.home
        assert "Rack R2" in home

    def test_it_takes_as_many_statements_for_many_tubes_as_for_two(self, actors, freezer):
        def statements(count):
            box = make_box(actors, freezer=freezer)
            for tube in make_aliquots(actors, *["0.01"] * count):
                place(actors, box, tube.code)
            rack = make_rack(freezer, f"N{count}")
            with counted() as made:
                assert carry(actors, box.unit, rack) == count
            return len([one for one in made if "audit" not in one])

        assert statements(2) == statements(12)

    def test_one_tube_cannot_undo_the_move_of_its_box(self, actors, freezer):
        box = make_box(actors, freezer=freezer)
        tube = make_stored(actors, box=box)
        carry(actors, box.unit, make_rack(freezer))
        act = queries.chain(actors.technician, tube.code)[-1].act_id
        with pytest.raises(RuleBroken, match=f"came here with {box.unit.name}"):
            custody.correct(actors.technician, act, reason="mistaken")


class TestRefusing:
    def check_refused(self, actors, unit, to, match, error=RuleBroken):
        before = unit.parent_id
        with pytest.raises(error, match=match):
            carry(actors, unit, to)
        assert storage.unit(actors.technician, unit.id).parent_id == before

    def test_not_into_itself_or_what_is_inside_it(self, actors, freezer):
        rack = make_rack(freezer)
        inner = service.create_unit(
            OPERATOR, site_id=rack.site_id, parent_id=rack.id, kind=UnitKind.RACK, code="R2",
            name="R2",
        )  # fmt: skip
        self.check_refused(actors, rack, rack, "inside itself")
        self.check_refused(actors, rack, inner, "inside itself")

    def test_not_where_it_is_already(self, actors, freezer):
        self.check_refused(actors, make_rack(freezer), freezer, "already")

    def test_not_into_what_does_not_take_its_kind(self, actors, freezer):
        other = make_rack(make_freezer(actors, code="F2"), "R0")
        self.check_refused(actors, freezer, other, "cannot be inside", InvalidInput)
        box = make_box(actors, freezer=freezer)
        self.check_refused(
            actors, make_rack(freezer, "R2"), box.unit, "cannot be inside", InvalidInput
        )

    def test_not_into_a_full_place(self, actors, freezer):
        rack = make_rack(freezer, capacity=1)
        make_box(actors, freezer=rack)
        self.check_refused(actors, make_box(actors, freezer=freezer).unit, rack, "is full: 1")
        with pytest.raises(RuleBroken, match="is full"):
            make_box(actors, freezer=rack)

    def test_not_where_it_is_warmer_unless_it_is_empty(self, actors, freezer):
        fridge = make_rack(freezer, storage_class=StorageClass.FRIDGE)
        tank = make_rack(freezer, "LN", storage_class=StorageClass.NITROGEN)
        empty, box = make_box(actors, freezer=freezer), make_box(actors, freezer=freezer)
        make_stored(actors, box=box)
        self.check_refused(actors, box.unit, fridge, "would come to 2 to 10")
        assert carry(actors, empty.unit, fridge) == 0
        assert carry(actors, box.unit, tank) == 1

    def test_not_where_its_tubes_are_not_accepted(self, actors, freezer):
        rack = make_rack(freezer, accepts=[SampleType.SERUM])
        empty, box = make_box(actors, freezer=freezer), make_box(actors, freezer=freezer)
        make_stored(actors, box=box)
        self.check_refused(actors, box.unit, rack, "does not accept")
        assert carry(actors, empty.unit, rack) == 0

    def test_not_to_another_site_and_not_by_a_stranger(self, actors, freezer, sites):
        other = make_freezer(actors, code="F-PARIS", site_id=sites.paris)
        rack = make_rack(freezer)
        self.check_refused(actors, rack, other, "another site")
        with pytest.raises(NotFound):
            custody.carry(actors.other_site_technician, rack.id, to_id=freezer.id)
        with pytest.raises(NotPermitted):
            custody.carry(actors.data_manager, rack.id, to_id=freezer.id)
