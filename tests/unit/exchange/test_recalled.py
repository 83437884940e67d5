"""What a recall does at the receiver's, and its answer at the sender's: once, if believed."""

import json
from datetime import timedelta

import pytest

from registry.custody.exchange import own
from registry.custody.exchange.recalls import answers, calling, obeying, queries as recalls
from registry.custody.exchange.recalls.queries import stopping
from registry.custody.shipments import queries
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from registry.persistence import registry_session
from registry.vocab import limits
from registry.vocab.exchange import RECALL_ENDS, RecalledState
from tests.factories.exchange import make_known, make_recall, make_signed
from tests.factories.shipments import make_partner, make_sent, make_tubes_to_send
from tests.unit.exchange.recalling import (
    answered,
    arrived,
    ended,
    english,
    not_usable,
    notice_of,
    obeyed,
    refusals,
    withdrawn,
)


class TestAtTheReceivers:
    def test_a_recall_is_taken_in_once(self, there, sent, recalled):
        file = recalled()
        obeyed(there, file)
        with pytest.raises(RuleBroken, match="taken in already"):
            obeyed(there, file)

    def test_a_changed_one_stops_nothing(self, there, sent, recalled):
        with pytest.raises(InvalidInput, match="was changed"):
            obeyed(there, recalled().replace(sent[1][0].encode(), b"F-0001"))
        with there.inside() as people:
            assert recalls.every(people.technician) == []

    def test_no_recall_is_too_old(self, app, actors):
        make_known(actors)
        long_ago = clock.now() - timedelta(days=4 * limits.MANIFEST_DAYS_MAX)
        kept = obeying.take_in(
            actors.technician, make_recall(actors, recalled_at=long_ago.isoformat())
        )
        assert kept.is_open

    @pytest.mark.parametrize(
        "changes",
        [
            {"format": "shipment-recall/9"},
            {"recall": None},
            {"recall": ""},
            {"asked": "lend"},
            {"until": "soon"},
            {"recalled_at": "2026-11-20T10:00:00"},
            {"tubes": []},
            {"tubes": None},
            {"tubes": [{"code": "F-0001", "shipment": 7}]},
            {"tubes": [{"code": "F-0001", "shipment": "A"}, {"code": "F-0001", "shipment": "B"}]},
        ],
    )
    def test_what_is_not_understood_is_refused(self, app, actors, changes):
        make_known(actors)
        with pytest.raises(InvalidInput, match="no signed recall"):
            obeying.take_in(actors.technician, make_recall(actors, **changes))

    def test_it_is_said_once_what_became_of_a_tube(self, there, sent, recalled):
        _, (first, second, third), file = sent
        arrived(there, file, first, second, third)
        obeyed(there, recalled())
        ended(there, first)
        assert refusals(there, second, first) == [
            f"It is on record already what became of {first}."
        ]
        assert not_usable(there, first, second) == {first, second}

    def test_nothing_is_said_of_what_is_not_recalled(self, there, sent, recalled):
        obeyed(there, recalled())
        [unknown] = refusals(there, "F-0001")
        assert "not among the tubes" in unknown
        assert not_usable(there, *sent[1]) == set(sent[1])

    @pytest.mark.parametrize("state", RECALL_ENDS)
    def test_a_tube_that_came_on_paper_ends_and_stays_stopped_in_its_bag(
        self, there, sent, recalled, state
    ):
        obeyed(there, recalled())
        ended(there, sent[1][0], state=state)
        arrived(there, sent[2], *sent[1])
        assert not_usable(there, *sent[1]) == set(sent[1])

    def test_being_set_apart_is_no_end(self, there, sent, recalled):
        arrived(there, sent[2], *sent[1])
        obeyed(there, recalled())
        with pytest.raises(InvalidInput, match="what became"):
            ended(there, sent[1][0], state=RecalledState.SET_APART)

    def test_tubes_of_another_partner_with_the_same_code_stay_usable(self, app, actors):
        make_known(actors)
        kept = obeying.take_in(actors.technician, make_recall(actors))
        now = clock.now()
        assert stopping(kept.partner_id, ["F-0001"], sent_at=now) == {"F-0001": kept}
        assert stopping(kept.partner_id + 1, ["F-0001"], sent_at=now) == {}

    @pytest.mark.parametrize("state", RECALL_ENDS)
    def test_only_a_tube_that_was_sent_back_is_free_when_it_is_sent_anew(self, app, actors, state):
        make_known(actors)
        kept = obeying.take_in(actors.technician, make_recall(actors))
        before = clock.now()
        obeying.end(actors.technician, kept.id, ["F-0001"], state=state)
        assert not kept.is_open
        assert set(stopping(kept.partner_id, ["F-0001"], sent_at=before)) == {"F-0001"}
        anew = stopping(kept.partner_id, ["F-0001"], sent_at=clock.now())
        assert (anew == {}) is (state is RecalledState.RETURNED)

    def test_only_who_receives_takes_one_in(self, app, actors):
        make_known(actors)
        with pytest.raises(NotPermitted):
            obeying.take_in(actors.dpo, make_recall(actors))

    def test_only_who_receives_says_what_became_of_tubes(self, app, actors):
        make_known(actors)
        kept = obeying.take_in(actors.technician, make_recall(actors))
        with pytest.raises(NotPermitted):
            obeying.end(actors.data_manager, kept.id, ["F-0001"], state=RecalledState.DESTROYED)


class TestAtTheSenders:
    def test_an_answer_is_taken_in_once(self, here, there, sent, recalled):
        _, answer = obeyed(there, recalled())
        answered(here, answer)
        with pytest.raises(RuleBroken, match="taken in already"):
            answered(here, answer)

    def test_an_answer_of_a_stranger_is_refused(self, here, there, sent, recalled):
        _, answer = obeyed(there, recalled())
        said = json.loads(json.loads(answer)["answer"])
        with pytest.raises(InvalidInput, match="of no partner"):
            answered(here, make_signed(said, part="answer"))

    def test_an_answer_of_another_partner_is_refused(self, here, there, sent, recalled):
        _, answer = obeyed(there, recalled())
        said = json.loads(json.loads(answer)["answer"])
        with here.inside() as people:
            make_known(people, make_partner(people, name="Another university"))
        with pytest.raises(RuleBroken, match="answers no recall"):
            answered(here, make_signed(said, part="answer"))

    def test_an_answer_about_other_tubes_is_refused(self, app, actors):
        make_known(actors)
        [tube] = make_tubes_to_send(actors, 1)
        make_sent(actors, tube.code)
        withdrawn(actors, tube.code)
        recall = calling.get(actors.dpo, notice_of(actors).id)
        said = {
            "format": obeying.FORMAT,
            "recipient_key": own.key(actors.technician).public_key,
            "recall": recall.notice.number,
            "of": recall.digest,
            "answered_at": clock.now().isoformat(),
            "tubes": {"F-0001": "destroyed"},
        }
        with pytest.raises(InvalidInput, match="no signed answer"):
            answers.take_in(actors.dpo, make_signed(said, part="answer"), translate=english)

    def test_nothing_is_left_of_a_refused_withdrawal(self, here, sent, monkeypatch):
        def broken(*_args, **_kwargs):
            raise RuntimeError

        with here.inside() as people:
            monkeypatch.setattr(calling, "_sign", broken)
            with pytest.raises(RuntimeError):
                withdrawn(people, sent[1][0])
            registry_session.rollback()
            shipment = queries.by_code(people.technician, sent[0])
            assert {line.stopped_for for line in queries.lines_of(shipment)} == {None}
