"""The decision on many at once: in few statements, and portion by portion."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from registry.consents.decision import Study, decide, decide_each, decide_many, deciding
from registry.consents.signing import service
from registry.kernel.collecting import uncollected
from registry.persistence import db
from registry.vocab.consent import Answer, Use
from tests.factories.accounts import People
from tests.factories.consents import make_consent, make_template, make_withdrawal, signed_form
from tests.factories.participants import OPERATOR, make_participant
from tests.unit.participants.test_handlers import merge

pytestmark = pytest.mark.usefixtures("app")

RESEARCH = Use.ACADEMIC_RESEARCH
MAY = date(2026, 5, 2)
REFUSES = {"research": Answer.REFUSED}


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    engine = db.engines["registry"]
    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)


class TestMany:
    def test_the_number_of_statements_does_not_grow(self, actors: People):
        everybody = [make_participant(actors).id for _ in range(12)]
        participants = iter(everybody)
        for participant_id in participants:
            form = signed_form(make_template())
            service.record(OPERATOR, participant_id, form)

        with counted_statements() as for_two:
            decide_many(everybody[:2], RESEARCH, MAY)
        with counted_statements() as for_all:
            found = decide_many(everybody, RESEARCH, MAY)

        assert len(for_all) == len(for_two) == 8
        assert all(found[one].is_allowed for one in everybody)

    def test_a_study_takes_no_more_of_them_than_a_use(self, actors: People):
        participant = make_participant(actors).id
        service.record(OPERATOR, participant, signed_form(make_template()))

        with counted_statements() as for_a_use:
            decide(participant, RESEARCH, MAY)
        with counted_statements() as for_a_study:
            decide(participant, Study(genetics=True, country="US"), MAY)

        assert len(for_a_study) == len(for_a_use)

    def test_a_portion_takes_as_many_as_one_participant(
        self, actors: People, monkeypatch: pytest.MonkeyPatch
    ):
        everybody = [make_participant(actors).id for _ in range(6)]
        monkeypatch.setattr(deciding, "READ_AT_ONCE", 3)

        with counted_statements() as seen:
            found = decide_many(everybody, RESEARCH, MAY)

        assert len(seen) == 2 * 8
        assert list(found) == everybody

    def test_it_agrees_with_one_at_a_time(self, actors: People):
        agreed, refused, silent = (make_participant(actors) for _ in range(3))
        make_consent(actors, agreed)
        make_consent(actors, refused, answers=REFUSES)
        ids = [agreed.id, refused.id, silent.id]

        together = decide_many(ids, RESEARCH, MAY)

        assert together == {one: decide(one, RESEARCH, MAY) for one in ids}
        assert [together[one].rule for one in ids] == [13, 8, 3]

    def test_nobody_is_no_question(self):
        assert decide_many([], RESEARCH, MAY) == {}

    def test_more_ids_than_an_engine_binds_values(self):
        ids = range(1, 70_001)

        assert len(decide_many(ids, RESEARCH, MAY)) == 70_000


class TestEach:
    def test_the_next_portion_is_read_when_it_is_asked_for(
        self, actors: People, monkeypatch: pytest.MonkeyPatch
    ):
        everybody = [make_participant(actors).id for _ in range(6)]
        monkeypatch.setattr(deciding, "READ_AT_ONCE", 2)

        with counted_statements() as seen:
            first, _decision = next(decide_each(iter(everybody), RESEARCH, MAY))

        assert first == everybody[0]
        assert len(seen) == 8

    def test_somebody_named_twice_is_decided_about_twice(self, actors: People):
        participant = make_participant(actors)
        make_consent(actors, participant)

        found = list(decide_each([participant.id] * 2, RESEARCH, MAY))

        assert found == [(participant.id, decide(participant.id, RESEARCH, MAY))] * 2

    def test_cycles_are_looked_for_again_afterwards(self):
        meanwhile = []

        @uncollected()
        def crash() -> None:
            meanwhile.append(gc.isenabled())
            raise RuntimeError

        with pytest.raises(RuntimeError):
            crash()

        assert meanwhile == [False]
        assert gc.isenabled()


class TestMerges:
    @pytest.mark.parametrize("who", range(3))
    def test_whoever_of_three_is_asked_about_all_three_answer(self, actors: People, who: int):
        uids = ["a" * 32, "b" * 32, "c" * 32]
        three = [make_participant(actors, person_uid=uid) for uid in uids]
        ids = [one.id for one in three]
        make_consent(actors, three[0])
        make_withdrawal(actors, three[who], RESEARCH, effective_on=MAY)
        merge(uids[1], uids[0])
        merge(uids[2], uids[1])

        assert all(decide(one, RESEARCH, MAY).is_withdrawn for one in ids)
        assert all(one.is_withdrawn for one in decide_many(ids, RESEARCH, MAY).values())

    def test_no_statement_walks_through_the_facts_of_everybody(self):
        engine = db.engines["registry"]
        if engine.dialect.name != "sqlite":
            pytest.skip("PostgreSQL rightly walks through a table of a few rows")
        with counted_statements() as seen:
            decide(1, RESEARCH, MAY)
        plans = []
        with engine.connect() as connection:
            for query in seen:
                values = (None,) * query.count("?")
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values)
                plans += [row.detail for row in plan]

        of_forms = ("SCAN consent_item", "SCAN consent_template")
        walked = {one for one in plans if one.startswith("SCAN") and not one.startswith(of_forms)}
        assert walked
        assert all("VIRTUAL TABLE" in one for one in walked), walked
