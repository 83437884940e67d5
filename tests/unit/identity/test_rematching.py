"""Matching the whole registry again."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from registry import audit
from registry.identity import rematching, service
from registry.identity.arrivals import Arrival
from registry.identity.models import MatchReview, Person
from registry.identity.weighing import START
from registry.kernel.actor import Actor
from registry.kernel.errors import NotPermitted
from registry.persistence import unit_of_work, vault_session
from registry.vocab.audit import AuditTag
from registry.vocab.identity import Agreement, Compared, ReviewOutcome, Standing
from tests.factories.identity import adopt
from tests.unit.identity.population import Population

OPERATOR = Actor.system("worker")
PERSONS = 40


def never() -> bool:
    return False


def quiet(*_done: int) -> None: ...


def rematch(after=None, progress=quiet, should_stop=never):
    return rematching.rematch(OPERATOR, after=after, progress=progress, should_stop=should_stop)


def pairs() -> set[tuple[int, int]]:
    rows = vault_session.execute(sa.select(MatchReview.first_id, MatchReview.second_id))
    return {(row.first_id, row.second_id) for row in rows}


@pytest.fixture
def small_steps(monkeypatch):
    monkeypatch.setattr(rematching, "_NEXT", rematching._NEXT.limit(7))


@pytest.fixture
def unmatched(app, sites, monkeypatch):
    """Persons and, once more, half of them with slips: taken in when nothing matched."""
    population = Population(11)
    known = population.persons(PERSONS)
    again = [population.again(one, keeps_number=False) for one in known[: PERSONS // 2]]
    monkeypatch.setattr("registry.identity.matching.compare_with", lambda *_: [])
    became = service.enrol_many(
        OPERATOR, [Arrival(one.traits, one.identifier) for one in (*known, *again)]
    )
    monkeypatch.undo()
    vault_session.rollback()
    return [one.person_uid for one in became]


def test_who_may_be_one_person_is_put_into_the_review_list(unmatched, small_steps):
    done = rematch()

    assert done.is_finished
    assert done.persons == PERSONS + PERSONS // 2
    truth = {(number, PERSONS + number) for number in range(1, PERSONS // 2 + 1)}
    assert len(truth & pairs()) >= 0.9 * len(truth)
    assert done.reviews == len(pairs())


def test_nobody_is_merged(unmatched):
    rematch()
    standings = set(vault_session.scalars(sa.select(Person.standing)))
    assert standings == {Standing.ESTABLISHED}


def test_again_it_finds_nothing_more(unmatched, small_steps):
    rematch()
    found = pairs()
    assert rematch().reviews == 0
    assert pairs() == found


def forget_reviews() -> None:
    with unit_of_work():
        rematching.require(OPERATOR, rematching.Permission.IDENTITY_REMATCH)
        vault_session.execute(sa.delete(MatchReview))
        audit.record(OPERATOR, AuditTag.IDENTITY_REMATCHED, "vault:test")


def test_stopped_and_taken_up_it_finds_the_same(unmatched, small_steps):
    cursors: list[int] = []
    stopped = rematch(
        progress=lambda _done, _total, cursor: cursors.append(cursor),
        should_stop=lambda: len(cursors) == 7,
    )
    assert not stopped.is_finished
    assert stopped.cursor == cursors[-1] == 49
    rematch(after=stopped.cursor)
    in_parts = pairs()

    forget_reviews()
    rematch()
    assert in_parts == pairs() != set()


def test_killed_within_a_step_it_loses_that_step_alone(unmatched, small_steps, monkeypatch):
    cursors: list[int] = []

    def dying(*args, **details):
        if len(cursors) == 7:
            raise KeyboardInterrupt
        recorded(*args, **details)

    recorded = audit.record
    with monkeypatch.context() as patched:
        patched.setattr(audit, "record", dying)
        with pytest.raises(KeyboardInterrupt):
            rematch(progress=lambda _done, _total, cursor: cursors.append(cursor))
    kept = pairs()
    rematch(after=cursors[-1])
    in_parts = pairs()
    assert kept < in_parts

    forget_reviews()
    rematch()
    assert in_parts == pairs()


def test_what_was_decided_is_not_asked_again(unmatched, actors):
    rematch()
    (review, *_) = service.open_reviews(actors.identity_officer)
    with unit_of_work():
        found = vault_session.get_one(MatchReview, review.id)
        found.outcome, found.decided_by = ReviewOutcome.DIFFERENT, "test"
        found.decided_at = found.opened_at
        rematching.require(OPERATOR, rematching.Permission.IDENTITY_REMATCH)
        audit.record(OPERATOR, AuditTag.IDENTITY_REMATCHED, "vault:test")
    before = len(pairs())

    assert rematch().reviews == 0
    assert len(pairs()) == before


def test_how_far_it_is_is_told_with_where_to_go_on(unmatched, small_steps):
    told: list[tuple[int, int, int]] = []
    rematch(progress=lambda *so_far: told.append(so_far))
    everybody = PERSONS + PERSONS // 2
    assert told[0] == (7, everybody, 7)
    assert told[-1][:2] == (everybody, everybody)


def test_that_identities_were_compared_is_recorded(unmatched, audit_tags):
    rematch()
    assert audit_tags()[-1] == "identity:rematched"


def test_a_nurse_may_not(app, actors):
    with pytest.raises(NotPermitted):
        rematching.rematch(actors.nurse, after=None, progress=quiet, should_stop=never)


class TestOtherWeights:
    """What waits is weighed again once the weights are others; what was decided is left alone."""

    LEARNT = replace(START, version="learnt", duplicates=0.5)

    def test_what_waits_shows_what_it_weighs_today(self, unmatched):
        rematch()
        before = dict(vault_session.execute(sa.select(MatchReview.id, MatchReview.bits)).all())
        adopt(self.LEARNT)

        done = rematch()

        vault_session.expire_all()
        after = vault_session.scalars(sa.select(MatchReview)).all()
        assert done.weighed_again == len(before)
        assert {one.weights_version for one in after} == {"learnt"}
        assert all(one.bits > before[one.id] for one in after if one.id in before)
        assert rematch().weighed_again == 0

    def test_what_was_decided_stays_as_it_was_decided(self, unmatched):
        rematch()
        review = vault_session.scalars(sa.select(MatchReview)).first()
        service.decide_review(OPERATOR, review.id, ReviewOutcome.DIFFERENT)
        adopt(self.LEARNT)

        rematch()

        vault_session.expire_all()
        assert vault_session.get(MatchReview, review.id).weights_version == START.version

    def test_a_national_number_in_common_stays_its_ground(self, unmatched):
        rematch()
        review = vault_session.scalars(sa.select(MatchReview)).first()
        note_common_number(review.id)
        adopt(self.LEARNT)

        rematch()

        vault_session.expire_all()
        levels = vault_session.get(MatchReview, review.id).levels
        assert levels[Compared.NATIONAL] == Agreement.EXACT


def note_common_number(review_id: int) -> None:
    with unit_of_work():
        rematching.require(OPERATOR, rematching.Permission.IDENTITY_REMATCH)
        pair = vault_session.get(MatchReview, review_id)
        pair.levels = pair.levels | {Compared.NATIONAL.value: Agreement.EXACT.value}
        audit.record(OPERATOR, AuditTag.IDENTITY_REMATCHED, "vault:test")
