"""A partner's recall while its tubes are taken in, used or sent back: none is used after it."""

import json

import pytest
import sqlalchemy as sa

from registry.custody.exchange import taking_in
from registry.custody.exchange.guests import service
from registry.custody.exchange.guests.models import GuestAct
from registry.custody.exchange.recalls import obeying, queries
from registry.custody.exchange.recalls.models import ForeignRecall, RecalledTubeEnd
from registry.custody.shipments.receiving import Receipt
from registry.persistence import registry_session
from registry.vocab.consent import Use
from registry.vocab.exchange import RecalledState
from tests.concurrency.racing import race, won
from tests.concurrency.test_withdrawing import rows
from tests.factories.custody import biobank
from tests.factories.exchange import make_known, make_manifest, make_recall, make_tube

pytestmark = pytest.mark.concurrency

ROUNDS = 4


@pytest.fixture
def numbers(actors):
    """A partner whose key counts, and numbers for its shipments."""
    make_known(actors)
    return range(ROUNDS)


def taking(actors, number):
    """Take in the bag of this number with its one tube."""
    code, site = f"F-{number}", biobank(actors)
    file = make_manifest(actors, shipment=f"EXP-{number}", tubes=[make_tube(code)])
    return lambda: taking_in.take_in(actors.technician, site, file, Receipt([code])).id


def recalling(actors, number):
    tubes = [{"code": f"F-{number}", "shipment": f"EXP-{number}"}]
    file = make_recall(actors, recall=f"R-{number}", tubes=tubes)
    return lambda: obeying.take_in(actors.technician, file).id


def using(actors, bag, number):
    return lambda: service.use(actors.technician, bag, [f"F-{number}"], use=Use.ACADEMIC_RESEARCH)


def test_a_tube_is_used_before_its_recall_or_not_at_all(application, app, actors, numbers):
    for number in numbers:
        bag = taking(actors, number)()
        race(application, recalling(actors, number), *[using(actors, bag, number)] * 2)

        [recalled] = rows(
            sa.select(ForeignRecall.taken_in_at).where(ForeignRecall.number == f"R-{number}")
        )
        used = rows(sa.select(GuestAct.recorded_at).where(GuestAct.shipment_id == bag))
        assert all(one.recorded_at <= recalled.taken_in_at for one in used)


def test_a_tube_that_comes_beside_its_recall_is_set_apart(application, app, actors, numbers):
    for number in numbers:
        done = race(application, taking(actors, number), recalling(actors, number))
        assert len(won(done)) == len(done)

        recall = registry_session.get_one(ForeignRecall, done[1])
        said = json.loads(json.loads(queries.signed_answer(recall))["answer"])
        assert said["tubes"] == {f"F-{number}": RecalledState.SET_APART}


def test_a_recall_that_is_sent_twice_holds_once(application, app, actors, numbers):
    for number in numbers:
        assert len(won(race(application, *[recalling(actors, number)] * 3))) == 1


def test_what_became_of_a_tube_is_said_once(application, app, actors, numbers):
    for number in numbers:
        bag, code = taking(actors, number)(), f"F-{number}"

        def gone(bag=bag, code=code):
            return service.end(actors.technician, bag, [code], outcome=RecalledState.RETURNED)

        assert len(won(race(application, gone, gone))) == 1

        again = taking(actors, ROUNDS + number)()
        recall, other = recalling(actors, ROUNDS + number)(), f"F-{ROUNDS + number}"

        def answered(recall=recall, code=other):
            return obeying.end(actors.technician, recall, [code], state=RecalledState.DESTROYED)

        def used(bag=again, number=ROUNDS + number):
            return using(actors, bag, number)()

        assert len(won(race(application, answered, answered, used))) == 1
    assert len(rows(sa.select(RecalledTubeEnd.tube_id))) == ROUNDS
