"""The tree of places: what can be inside what, what is inherited, and who sees it."""

import pytest
import sqlalchemy as sa

from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted
from registry.persistence import db
from registry.storage import queries, service
from registry.storage.models import Box
from registry.vocab import limits
from registry.vocab.samples import SampleType
from registry.vocab.storage import StorageClass, UnitKind
from tests.factories.storage import make_box, make_freezer
from tests.statements import counted

OPERATOR = Actor.system("test")


def rack_in(parent, **facts):
    facts.setdefault("code", "R1")
    return service.create_unit(
        OPERATOR,
        site_id=parent.site_id,
        parent_id=parent.id,
        kind=UnitKind.RACK,
        name="Rack",
        **facts,
    )


class TestSettingUp:
    def test_a_technician_sets_up_a_freezer_at_his_site(self, app, actors, sites, audit_tags):
        unit = service.create_unit(
            actors.technician, site_id=sites.paris, kind=UnitKind.FREEZER, code="F9", name="F9"
        )
        assert queries.inside(actors.technician) == [unit]
        assert audit_tags() == ["storage:created"]

    def test_not_at_another_site(self, app, actors, sites):
        with pytest.raises(NotPermitted):
            service.create_unit(
                actors.other_site_technician,
                site_id=sites.paris,
                kind=UnitKind.FREEZER,
                code="F9",
                name="F9",
            )

    def test_a_code_names_one_place(self, app, actors):
        freezer = make_freezer(actors, code="F1")
        with pytest.raises(InvalidInput, match="already"):
            rack_in(freezer, code="F1")

    def test_a_freezer_does_not_stand_in_a_rack(self, app, actors):
        rack = rack_in(make_freezer(actors))
        with pytest.raises(InvalidInput, match="cannot be inside"):
            service.create_unit(
                OPERATOR,
                site_id=rack.site_id,
                parent_id=rack.id,
                kind=UnitKind.FREEZER,
                code="F2",
                name="F2",
            )

    def test_a_rack_does_not_stand_at_the_top_of_a_site(self, app, actors, sites):
        with pytest.raises(InvalidInput, match="inside another place"):
            service.create_unit(
                OPERATOR, site_id=sites.paris, kind=UnitKind.RACK, code="R1", name="Rack"
            )

    def test_a_place_is_at_the_site_of_the_one_it_is_in(self, app, actors, sites):
        freezer = make_freezer(actors, site_id=sites.lyon)
        with pytest.raises(NotFound):
            service.create_unit(
                OPERATOR,
                site_id=sites.paris,
                parent_id=freezer.id,
                kind=UnitKind.RACK,
                code="R1",
                name="Rack",
            )

    def test_a_box_needs_its_own_door(self, app, actors, sites):
        with pytest.raises(InvalidInput, match="rows and columns"):
            service.create_unit(
                OPERATOR, site_id=sites.paris, kind=UnitKind.BOX, code="B", name="B"
            )

    @pytest.mark.parametrize("side", [0, limits.BOX_SIDE_MAX + 1])
    def test_a_box_has_bounds(self, app, actors, side):
        with pytest.raises(InvalidInput, match="cells on a side"):
            make_box(actors, rows=side)

    def test_the_database_refuses_a_box_beyond_its_bounds(self, app, actors):
        box = make_box(actors)
        with (
            pytest.raises(sa.exc.IntegrityError),
            db.engines["registry"].begin() as connection,
        ):
            connection.execute(sa.update(Box).where(Box.id == box.id).values(rows=33))


class TestRules:
    def test_a_box_accepts_no_more_than_what_it_stands_in(self, app, actors):
        freezer = make_freezer(actors, accepts=[SampleType.SERUM, SampleType.PLASMA_DOUBLE_SPUN])
        box = make_box(actors, freezer=freezer, accepts=[SampleType.SERUM, SampleType.BLOOD])
        assert queries.rules(queries.way_to(box.id)).accepts == {SampleType.SERUM}

    def test_nothing_said_means_whatever_the_place_around_accepts(self, app, actors):
        freezer = make_freezer(actors, accepts=[SampleType.SERUM])
        box = make_box(actors, freezer=freezer)
        assert queries.rules(queries.way_to(box.id)).accepts == {SampleType.SERUM}
        other = make_box(actors, freezer=make_freezer(actors, code="F2"))
        assert queries.rules(queries.way_to(other.id)).accepts is None

    def test_the_nearest_temperature_counts(self, app, actors):
        freezer = make_freezer(actors)
        rack = rack_in(freezer, storage_class=StorageClass.FREEZER)
        box = make_box(actors, freezer=rack)
        assert queries.rules(queries.way_to(box.id)).storage_class is StorageClass.FREEZER
        other = make_box(actors, freezer=freezer)
        assert queries.rules(queries.way_to(other.id)).storage_class is StorageClass.ULTRA_LOW


class TestReading:
    def test_the_way_to_a_box_leads_from_the_outside_in(self, app, actors):
        box = make_box(actors, freezer=rack_in(make_freezer(actors)))
        kinds = [place.kind for place in queries.way_to(box.id)]
        assert kinds == [UnitKind.ROOM, UnitKind.FREEZER, UnitKind.RACK, UnitKind.BOX]

    def test_the_ways_to_many_places_take_one_statement(self, app, actors):
        box_ids = [make_box(actors).id for _ in range(5)]
        with counted() as statements:
            ways = queries.ways_to(box_ids)
        assert {len(way) for way in ways.values()} == {3}
        assert len(statements) == 1

    def test_a_box_is_found_by_its_label(self, app, actors):
        box = make_box(actors)
        assert queries.box_by_code(actors.technician, f" {box.unit.code}\r\n") == box

    def test_another_site_s_places_are_not_there(self, app, actors, sites):
        box = make_box(actors, freezer=make_freezer(actors, site_id=sites.paris))
        stranger = actors.other_site_technician
        assert queries.inside(stranger) == []
        assert queries.boxes(stranger) == []
        assert queries.visible_ids(stranger, [box.id]) == []
        for look in (queries.box, queries.unit):
            with pytest.raises(NotFound):
                look(stranger, box.id)
        with pytest.raises(NotFound):
            queries.box_by_code(stranger, box.unit.code)

    def test_who_has_nothing_to_do_with_storage_sees_none(self, app, actors):
        box = make_box(actors)
        with pytest.raises(NotPermitted):
            queries.box(actors.investigator, box.id)


class TestOrder:
    def test_names_are_ordered_as_people_count(self, app, actors):
        freezer = make_freezer(actors)
        for number in (10, 9, 1):
            service.create_unit(
                OPERATOR,
                site_id=freezer.site_id,
                parent_id=freezer.id,
                kind=UnitKind.RACK,
                code=f"R{number}",
                name=f"Rack n° {number}",
            )
        found = queries.inside(actors.technician, freezer.id)
        assert [place.name for place in found] == ["Rack n° 1", "Rack n° 9", "Rack n° 10"]

    @pytest.mark.parametrize(
        "names", [["Box 2", "Box 10", "box 11"], ["1", "02", "A", "A1B2", "A1B10"]]
    )
    def test_numbers_within_names_count(self, names):
        assert sorted(names, key=queries.natural) == names
        assert sorted(names) != names
