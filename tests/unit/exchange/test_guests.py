"""Partners' tubes are used only as the partner allows, and never once they are recalled."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from registry.custody.exchange import taking_in
from registry.custody.exchange.guests import queries, service
from registry.custody.exchange.guests.models import GuestAct
from registry.custody.exchange.recalls import obeying, queries as recalls
from registry.custody.shipments.receiving import Receipt
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from registry.persistence import db
from registry.vocab.consent import Use
from registry.vocab.exchange import GuestActKind, RecalledState
from tests.factories.custody import biobank
from tests.factories.exchange import (
    make_conditions,
    make_known,
    make_manifest,
    make_recall,
    make_tube,
)
from tests.unit.exchange.recalling import arrived, english, obeyed

FIRST, SECOND, MISSING = "F-0001", "F-0002", "F-0003"


@pytest.fixture
def bag(app, actors):
    """A partner's bag with two of its three tubes in it."""
    make_known(actors)
    return make_bag(actors)


def make_bag(actors, **changes):
    tubes = [make_tube(code) for code in (FIRST, SECOND, MISSING)]
    file = make_manifest(actors, tubes=tubes, **changes)
    return taking_in.take_in(actors.technician, biobank(actors), file, Receipt([FIRST, SECOND]))


def use(actors, bag, *codes, use=Use.ACADEMIC_RESEARCH):
    return service.use(actors.technician, bag.id, codes, use=use, note="ELISA, 20 µL.")


def put_away(actors, bag, *codes):
    return service.put_away(actors.technician, bag.id, codes, place="Freezer 3, shelf 2")


def end(actors, bag, *codes, outcome=RecalledState.USED_UP):
    return service.end(actors.technician, bag.id, codes, outcome=outcome)


def recall(actors, *codes):
    tubes = [{"code": code, "shipment": "EXP-7"} for code in codes]
    return obeying.take_in(actors.technician, make_recall(actors, tubes=tubes))


def refused(act, *arguments, **options):
    with pytest.raises(InvalidInput) as found:
        act(*arguments, **options)
    return " ".join(english(one) for one in found.value.errors["codes"])


class TestWhatIsAllowed:
    def test_a_use_that_the_partner_allows_is_recorded(self, actors, bag):
        put_away(actors, bag, FIRST, SECOND)
        use(actors, bag, FIRST)
        done = [(one.code, one.kind) for one in queries.acts_on(bag)]
        assert done == [
            (FIRST, GuestActKind.PUT_AWAY),
            (SECOND, GuestActKind.PUT_AWAY),
            (FIRST, GuestActKind.USED),
        ]

    @pytest.mark.parametrize("other", [one for one in Use if one is not Use.ACADEMIC_RESEARCH])
    def test_no_other_use(self, actors, bag, other):
        with pytest.raises(RuleBroken, match="does not allow this use"):
            use(actors, bag, FIRST, use=other)

    def test_nothing_when_the_manifest_does_not_say(self, app, actors):
        make_known(actors)
        with pytest.raises(RuleBroken, match="does not say"):
            use(actors, make_bag(actors, conditions=None), FIRST)

    def test_nothing_once_the_project_has_ended(self, app, actors):
        make_known(actors)
        yesterday = str(clock.today() - timedelta(days=1))
        bag = make_bag(actors, conditions=make_conditions(until=yesterday))
        with pytest.raises(RuleBroken, match="has ended"):
            use(actors, bag, FIRST)
        assert queries.acts_on(bag) == []

    def test_only_what_arrived(self, actors, bag):
        assert "did not arrive" in refused(use, actors, bag, FIRST, MISSING)
        assert "did not arrive" in refused(put_away, actors, bag, MISSING)
        assert queries.acts_on(bag) == []

    def test_only_who_receives_at_the_site(self, actors, bag):
        for person in (actors.data_manager, actors.other_site_technician):
            with pytest.raises(NotPermitted):
                service.put_away(person, bag.id, [FIRST], place="Freezer 3")


class TestARecall:
    def test_it_stops_use_and_nothing_else_of_the_tube(self, actors, bag):
        recall(actors, FIRST)
        assert "was recalled by R-3-4" in refused(use, actors, bag, FIRST)
        use(actors, bag, SECOND)
        put_away(actors, bag, FIRST)

    def test_it_stops_a_tube_that_is_scanned_in_another_way_of_writing(self, actors, bag):
        recall(actors, FIRST)
        assert "was recalled" in refused(use, actors, bag, f" {FIRST.lower()} ")

    def test_what_became_of_a_recalled_tube_is_said_on_the_recall(self, actors, bag):
        found = recall(actors, FIRST)
        assert "say there what became" in refused(end, actors, bag, FIRST)
        obeying.end(actors.technician, found.id, [FIRST], state=RecalledState.DESTROYED)
        assert "is here no more: Destroyed" in refused(use, actors, bag, FIRST)
        assert queries.ends_in(bag) == {FIRST: RecalledState.DESTROYED}

    def test_a_tube_that_was_used_up_before_is_answered_so(self, actors, bag):
        use(actors, bag, FIRST)
        end(actors, bag, FIRST)
        found = recall(actors, FIRST, SECOND)
        assert recalls.states(found) == {
            FIRST: RecalledState.USED_UP,
            SECOND: RecalledState.SET_APART,
        }

    def test_a_tube_that_was_sent_back_and_came_again_is_used_again(self, actors, bag):
        found = recall(actors, FIRST)
        obeying.end(actors.technician, found.id, [FIRST], state=RecalledState.RETURNED)
        before = make_bag(actors, shipment="EXP-8")
        anew = make_bag(actors, shipment="EXP-9", sent_at=clock.now().isoformat())
        use(actors, anew, FIRST)
        assert "was recalled" in refused(use, actors, before, FIRST)
        assert "is here no more" in refused(use, actors, bag, FIRST)

    def test_between_two_installations(self, there, sent, recalled):
        _, codes, file = sent
        arrived(there, file, *codes)
        with there.inside() as people:
            [bag] = taking_in.every(people.technician)
            use(people, bag, codes[0])
        obeyed(there, recalled())
        with there.inside() as people:
            [bag] = taking_in.every(people.technician)
            assert "was recalled" in refused(use, people, bag, codes[1])
            assert len(queries.acts_on(bag)) == 1


class TestTheEnd:
    def test_a_tube_is_gone_once_and_for_all(self, actors, bag):
        end(actors, bag, FIRST, outcome=RecalledState.RETURNED)
        for act in (use, put_away, end):
            assert "is here no more: Sent back" in refused(act, actors, bag, FIRST)

    def test_being_set_apart_is_no_end(self, actors, bag):
        with pytest.raises(InvalidInput, match="what became"):
            end(actors, bag, FIRST, outcome=RecalledState.SET_APART)

    def test_the_database_itself_knows_one_end_of_a_tube(self, actors, bag):
        end(actors, bag, FIRST)
        row = {
            "shipment_id": bag.id,
            "code": FIRST,
            "kind": GuestActKind.GONE,
            "outcome": RecalledState.DESTROYED,
            "recorded_at": clock.now(),
        }
        with pytest.raises(sa.exc.IntegrityError), db.engines["registry"].begin() as connection:
            connection.execute(sa.insert(GuestAct), row)
