"""Registering tubes with a consent, taking them in, centrifuging and freezing them."""

from datetime import timedelta
from decimal import Decimal

import pytest

from registry.custody import queries, service as custody
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from registry.participants import service as participants
from registry.vocab.consent import Answer
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.samples import SampleCondition
from tests.factories.consents import make_consent, make_withdrawal
from tests.factories.custody import RECEIVED, biobank, make_received, receive, times_of
from tests.factories.participants import make_cohort, make_participant
from tests.factories.samples import (
    COLLECTED,
    make_consenting_participant,
    make_tube,
    make_tubes,
    tube_in,
)


def kinds(actors, sample):
    return [line.kind for line in queries.chain(actors.technician, sample.code)]


def reasons(refused):
    [found] = refused.value.errors.values()
    return [str(reason) for reason in found]


class TestRegistering:
    def test_each_tube_begins_its_chain_at_the_site_that_drew_it(self, app, actors, audit_tags):
        first, second = make_tubes(actors, tube_in("6"), tube_in("2.5"))
        assert (first.remaining, second.remaining) == (Decimal(6), Decimal("2.5"))
        for tube in (first, second):
            [line] = queries.chain(actors.nurse, tube.code)
            assert line.kind is ActKind.COLLECTED
            assert line.happened_at == COLLECTED
            assert line.holder_after is HolderKind.COLLECTION_SITE
            assert (line.actor, line.site) == ("Nurse", "Hôpital de Paris")
        assert audit_tags()[-2:] == ["sample:registered"] * 2

    def test_without_a_consent_nothing_is_registered(self, app, actors):
        participant = make_participant(actors)
        with pytest.raises(RuleBroken):
            make_tube(actors, participant=participant)
        assert queries.of_participant(actors.nurse, participant.id) == []

    def test_a_refused_storage_stops_it(self, app, actors):
        participant = make_participant(actors)
        make_consent(actors, participant, answers={"biobank": Answer.REFUSED})
        with pytest.raises(RuleBroken):
            make_tube(actors, participant=participant)

    def test_a_tube_drawn_before_the_signature_is_refused(self, app, actors):
        with pytest.raises(RuleBroken):
            make_tube(actors, collected_at=COLLECTED - timedelta(days=30))

    def test_after_a_withdrawal_nothing_new_is_kept(self, app, actors):
        participant = make_consenting_participant(actors)
        make_withdrawal(actors, participant, effective_on=COLLECTED.date() + timedelta(days=1))
        with pytest.raises(RuleBroken):
            make_tube(actors, participant=participant)

    def test_the_collection_is_not_still_to_come(self, app, actors):
        with pytest.raises(InvalidInput, match="still to come") as refused:
            make_tube(actors, collected_at=clock.now() + timedelta(minutes=10))
        assert refused.value.field == "collected_at"

    def test_a_ward_clock_that_runs_ahead_is_understood(self, app, actors):
        tube = make_tube(actors, collected_at=clock.now() + timedelta(minutes=2))
        assert tube.collected_at <= clock.now()

    @pytest.mark.parametrize("volume", ["0", "-1"])
    def test_a_tube_holds_something(self, app, actors, volume):
        with pytest.raises(InvalidInput) as refused:
            make_tubes(actors, tube_in("5", code="GOOD-1"), tube_in(volume, code="EMPTY-1"))
        assert reasons(refused) == ["EMPTY-1: A quantity must be above 0."]

    @pytest.mark.parametrize("tubes", [[], [tube_in()] * 41])
    def test_a_kit_has_some_tubes_and_not_too_many(self, app, actors, tubes):
        with pytest.raises(InvalidInput, match="at once"):
            make_tubes(actors, *tubes)

    def test_a_kit_of_another_cohort_is_refused(self, app, actors):
        participant = make_consenting_participant(actors)
        foreign = make_cohort("RA").kits[0].tubes[0]
        with pytest.raises(InvalidInput, match="not one of the participant's cohort"):
            make_tubes(actors, tube_in(kit_tube_id=foreign.id), participant=participant)

    def test_nobody_registers_for_another_site(self, app, actors):
        participant = make_consenting_participant(actors)
        with pytest.raises(NotFound):
            custody.register_tubes(
                actors.other_site_nurse,
                participant_id=participant.id,
                visit_id=None,
                collected_at=COLLECTED,
                tubes=[tube_in()],
            )

    def test_a_technician_registers_no_kits(self, app, actors):
        participant = make_consenting_participant(actors)
        with pytest.raises(NotPermitted):
            custody.register_tubes(
                actors.technician,
                participant_id=participant.id,
                visit_id=None,
                collected_at=COLLECTED,
                tubes=[tube_in()],
            )

    def test_the_visit_is_the_participant_s(self, app, actors):
        visited = make_consenting_participant(actors)
        visit = participants.open_visit(
            actors.nurse, visited.id, plan_id=None, occurred_on=COLLECTED.date()
        )
        assert make_tubes(actors, tube_in(), participant=visited, visit_id=visit.id)
        other = make_consenting_participant(actors)
        with pytest.raises(NotFound, match="visit"):
            make_tubes(actors, tube_in(), participant=other, visit_id=visit.id)


class TestReceiving:
    def test_tubes_are_on_the_bench_of_whoever_took_them_in(self, app, actors, audit_tags):
        tubes = make_tubes(actors, tube_in(), tube_in())
        receive(actors, *(tube.code for tube in tubes))
        found = queries.listed(actors.technician, [tube.code for tube in tubes])
        assert {line.status for line in found.values()} == {HolderKind.BENCH}
        assert {line.place for line in found.values()} == {"Biobanque"}
        assert {line.since for line in found.values()} == {RECEIVED}
        assert audit_tags()[-2:] == ["sample:received"] * 2

    def test_the_condition_and_the_comment_are_kept(self, app, actors):
        tube = make_tube(actors)
        custody.receive(
            actors.technician,
            [tube.code],
            received_at=RECEIVED,
            site_id=biobank(actors),
            condition=SampleCondition.HAEMOLYSED,
            comment="Pink plasma",
        )
        line = queries.chain(actors.technician, tube.code)[-1]
        assert (line.fields["condition"], line.comment) == ("haemolysed", "Pink plasma")

    def test_all_or_none_and_each_refused_tube_is_named(self, app, actors):
        good, done = make_tube(actors), make_received(actors)
        with pytest.raises(InvalidInput) as refused:
            receive(actors, good.code, done.code, "T-UNKNOWN")
        assert reasons(refused) == [
            f"{done.code} is on the bench, in no box and with nobody.",
            "There is no sample T-UNKNOWN at your sites.",
        ]
        assert kinds(actors, good) == [ActKind.COLLECTED]

    def test_a_tube_scanned_twice_is_named(self, app, actors):
        tube = make_tube(actors)
        with pytest.raises(InvalidInput) as refused:
            receive(actors, tube.code, tube.code.lower())
        assert reasons(refused) == [f"{tube.code} was scanned twice."]

    def test_nothing_scanned_is_refused(self, app, actors):
        with pytest.raises(InvalidInput, match="at once"):
            receive(actors)

    def test_a_tube_does_not_arrive_before_it_was_drawn(self, app, actors):
        tube = make_tube(actors)
        with pytest.raises(InvalidInput) as refused:
            receive(actors, tube.code, at=COLLECTED - timedelta(minutes=1))
        assert reasons(refused)[0].startswith(f"{tube.code}: The time cannot be before")

    def test_it_is_not_received_in_the_future(self, app, actors):
        tube = make_tube(actors)
        with pytest.raises(InvalidInput) as refused:
            receive(actors, tube.code, at=clock.now() + timedelta(minutes=1))
        assert refused.value.field == "received_at"

    def test_a_minute_that_has_begun_is_as_good_as_the_second(self, app, actors):
        tube = make_tube(actors, collected_at=COLLECTED + timedelta(seconds=40))
        receive(actors, tube.code, at=COLLECTED)
        line = queries.chain(actors.technician, tube.code)[-1]
        assert line.happened_at == COLLECTED + timedelta(seconds=40)

    def test_a_tube_of_another_site_is_not_there(self, app, actors, sites):
        tube = make_tube(actors)
        with pytest.raises(InvalidInput) as refused:
            custody.receive(
                actors.other_site_technician,
                [tube.code],
                received_at=RECEIVED,
                site_id=sites.lyon,
            )
        assert "no sample" in reasons(refused)[0]

    def test_nobody_receives_where_they_do_not_work(self, app, actors, sites):
        with pytest.raises(NotPermitted):
            custody.receive(
                actors.other_site_technician, ["T1"], received_at=RECEIVED, site_id=sites.paris
            )

    def test_a_nurse_receives_nothing(self, app, actors, sites):
        with pytest.raises(NotPermitted):
            custody.receive(actors.nurse, ["T1"], received_at=RECEIVED, site_id=sites.paris)


class TestProcessing:
    def test_centrifuging_and_freezing_leave_the_tube_where_it_is(self, app, actors, audit_tags):
        tube = make_received(actors)
        for kind, hours in ((ActKind.CENTRIFUGED, 2), (ActKind.FROZEN, 3)):
            custody.process(
                actors.technician,
                [tube.code],
                kind=kind,
                happened_at=COLLECTED + timedelta(hours=hours),
            )
        assert kinds(actors, tube)[-2:] == [ActKind.CENTRIFUGED, ActKind.FROZEN]
        assert queries.listed(actors.technician, [tube.code])[tube.code].since == RECEIVED
        assert times_of(tube.id, ActKind.FROZEN) == [COLLECTED + timedelta(hours=3)]
        assert audit_tags()[-2:] == ["sample:centrifuged", "sample:frozen"]

    def test_nothing_else_is_recorded_through_this_door(self, app, actors):
        tube = make_received(actors)
        with pytest.raises(InvalidInput):
            custody.process(
                actors.technician, [tube.code], kind=ActKind.PLACED, happened_at=clock.now()
            )
