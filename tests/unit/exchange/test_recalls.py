"""A withdrawal here reaches the tubes at a partner's installation by a signed recall."""

import json
from datetime import timedelta

import pytest

from registry.consents.withdrawals.followup import queries as followup
from registry.custody.exchange import keys
from registry.custody.exchange.recalls import calling
from registry.custody.shipments import manifest
from registry.kernel import clock
from registry.kernel.errors import NotPermitted, RuleBroken
from registry.vocab import limits
from registry.vocab.consent import Use, WithdrawalEffect
from registry.vocab.exchange import RecallAsked, RecalledState
from registry.vocab.withdrawals import NoticeStatus
from tests.factories.exchange import make_known
from tests.factories.shipments import make_sent, make_tubes_to_send
from tests.unit.exchange.recalling import (
    answered,
    arrived,
    ended,
    newest_answer,
    not_usable,
    notice_of,
    obeyed,
    withdrawn,
)


class TestBothInstallations:
    def test_a_withdrawal_reaches_the_partner_and_the_answer_comes_back(
        self, here, there, sent, recalled
    ):
        _, (first, second, third), file = sent
        arrived(there, file, first, second)
        states, answer = obeyed(there, recalled())
        assert states == {
            first: RecalledState.SET_APART,
            second: RecalledState.SET_APART,
            third: RecalledState.NOT_ARRIVED,
        }
        assert not_usable(there, first, second, third) == {first, second, third}

        told, status, words = answered(here, answer)
        assert told == states
        assert status is NoticeStatus.ACKNOWLEDGED
        assert words == "Never arrived: 1, Set apart, not to be used: 2"

        ended(there, first, state=RecalledState.DESTROYED, note="Certificate 12")
        ended(there, second, third, state=RecalledState.USED_UP)
        told, _, again = answered(here, newest_answer(there))
        assert told == {
            first: RecalledState.DESTROYED,
            second: RecalledState.USED_UP,
            third: RecalledState.USED_UP,
        }
        assert again == words

    def test_a_recall_that_overtakes_the_bag_stops_its_tubes_when_they_come(
        self, here, there, sent, recalled
    ):
        _, codes, file = sent
        states, answer = obeyed(there, recalled())
        assert set(states.values()) == {RecalledState.UNKNOWN}
        arrived(there, file, *codes)
        assert not_usable(there, *codes) == set(codes)
        answered(here, answer)
        told, _, _ = answered(here, newest_answer(there))
        assert set(told.values()) == {RecalledState.SET_APART}

    def test_a_tube_that_came_in_another_bag_is_stopped_too(self, here, there, sent, recalled):
        with here.inside() as people:
            [tube] = make_tubes_to_send(people, 1)
            other = manifest.signed(make_sent(people, tube.code))
            code = tube.code
        arrived(there, other, code, sent[1][0])
        states, _ = obeyed(there, recalled())
        assert not_usable(there, sent[1][0], code) == {sent[1][0]}
        assert sent[1][0] in states


class TestWhatIsAsked:
    def said(self, file):
        return json.loads(json.loads(file)["recall"])

    def test_destruction_when_the_person_asked_for_it(self, recalled, sent):
        said = self.said(recalled(effects=[WithdrawalEffect.DESTROY_SAMPLES]))
        assert said["asked"] == RecallAsked.DESTROY
        assert {one["code"] for one in said["tubes"]} == set(sent[1])
        assert {one["shipment"] for one in said["tubes"]} == {sent[0]}

    def test_the_tubes_back_when_only_sharing_them_was_taken_back(self, recalled):
        said = self.said(recalled(Use.SHARE))
        assert said["asked"] == RecallAsked.RETURN
        assert said["until"] == str(clock.today() + timedelta(days=limits.RECALL_DAYS))

    def test_it_names_nobody(self, recalled):
        assert sorted(self.said(recalled())) == [
            "asked",
            "format",
            "recall",
            "recalled_at",
            "recipient_key",
            "tubes",
            "until",
        ]

    def test_a_use_that_the_project_does_not_need_recalls_nothing(self, here, sent):
        with here.inside() as people:
            withdrawal = withdrawn(people, sent[1][0], Use.RECONTACT)
            assert followup.notices(people.dpo, withdrawal.id) == []


class TestSigningLater:
    def test_a_partner_without_a_key_gets_the_letter_until_one_counts(self, app, actors):
        [tube] = make_tubes_to_send(actors, 1)
        make_sent(actors, tube.code)
        withdrawn(actors, tube.code)
        notice = notice_of(actors)
        assert calling.newest_of(notice.id) is None
        with pytest.raises(RuleBroken, match="send the letter"):
            calling.sign(actors.dpo, notice.id)
        known = make_known(actors)
        assert calling.sign(actors.dpo, notice.id).key == known
        with pytest.raises(RuleBroken, match="signed already"):
            calling.sign(actors.dpo, notice.id)

    def test_a_new_key_of_the_partner_has_it_signed_anew(self, app, actors):
        known = make_known(actors)
        [tube] = make_tubes_to_send(actors, 1)
        make_sent(actors, tube.code)
        withdrawn(actors, tube.code)
        notice = notice_of(actors)
        assert not calling.called(notice).can_be_signed
        keys.retire(actors.data_manager, known.id, "Their machine was lost.")
        make_known(actors, seed="new machine")
        assert calling.called(notice).can_be_signed
        assert calling.sign(actors.dpo, notice.id).key != known

    def test_only_whoever_follows_withdrawals_signs_or_reads_it(self, app, actors):
        make_known(actors)
        [tube] = make_tubes_to_send(actors, 1)
        make_sent(actors, tube.code)
        withdrawn(actors, tube.code)
        notice = notice_of(actors)
        for forbidden in (calling.sign, calling.get):
            with pytest.raises(NotPermitted):
                forbidden(actors.technician, notice.id)
