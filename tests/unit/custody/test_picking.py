"""Tubes on a pick list: kept for it, fetched in the order of the freezers, given free again."""

from datetime import timedelta

import pytest

from registry.custody import queries as custody
from registry.custody.forms import Printing
from registry.custody.picking import printing, queries, service as picking
from registry.custody.picking.models import PickList
from registry.custody.shipments import queries as shipments, service as packing
from registry.kernel import clock
from registry.kernel.codes import tube
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from registry.kernel.messages import Message
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.consent import Use
from registry.vocab.custody import CheckoutReason, HolderKind
from registry.vocab.picking import PickStatus
from tests.factories.accounts import People
from tests.factories.consents import make_withdrawal
from tests.factories.custody import check_out, make_aliquots, make_stored, place
from tests.factories.samples import make_consenting_participant
from tests.factories.shipments import make_shipment, make_tubes_to_send
from tests.factories.storage import make_box, make_freezer
from tests.rendered import words


def make_list(actors: People, *codes: str, **facts) -> PickList:
    facts.setdefault("to_user_id", actors.technician.id)
    facts.setdefault("reason", CheckoutReason.ANALYSIS)
    return picking.open_(actors.technician, codes, title="Lupus, ELISA", **facts)


def reasons(refusal) -> str:
    return " ".join(str(message) for message in refusal.value.errors["codes"])


def statuses(picked: PickList) -> dict[str, PickStatus]:
    return {one.sample.code: one.status for one in queries.stops(picked)}


class TestReserving:
    def test_a_list_has_a_code_that_survives_a_misread(self, app, actors):
        picked = make_list(actors, make_stored(actors).code)
        assert picked.code.startswith("L")
        assert tube.is_valid(picked.code)

    def test_nobody_else_uses_what_is_reserved(self, app, actors):
        sample = make_stored(actors)
        picked = make_list(actors, sample.code)

        with pytest.raises(RuleBroken, match=f"pick list {picked.code}"):
            check_out(actors, sample.code)
        assert custody.sample_page(actors.technician, sample.code).reserved is not None

    def test_it_may_be_put_in_its_place_all_the_same(self, app, actors):
        [aliquot] = make_aliquots(actors)
        picked = make_list(actors, aliquot.code)

        place(actors, make_box(actors), aliquot.code)

        assert statuses(picked) == {aliquot.code: PickStatus.WAITING}

    def test_a_tube_waits_on_one_list(self, app, actors):
        sample = make_stored(actors)
        first = make_list(actors, sample.code)

        with pytest.raises(InvalidInput) as refusal:
            make_list(actors, sample.code)
        assert first.code in reasons(refusal)

    def test_when_the_reservation_has_ended_others_may_use_it(self, app, actors):
        sample = make_stored(actors)
        first = make_list(actors, sample.code)
        with clock.frozen(clock.now() + timedelta(days=limits.PICK_RESERVED_DAYS)):
            second = make_list(actors, sample.code)
            with pytest.raises(RuleBroken, match="reservation has ended"):
                picking.fetch(actors.technician, first.id, [sample.code])

            assert statuses(first) == {sample.code: PickStatus.RELEASED}
            assert statuses(second) == {sample.code: PickStatus.WAITING}

    def test_it_is_kept_longer_when_somebody_says_so(self, app, actors):
        sample = make_stored(actors)
        picked = make_list(actors, sample.code)
        with clock.frozen(clock.now() + timedelta(days=limits.PICK_RESERVED_DAYS)):
            picking.reserve_again(actors.technician, picked.id)
            with pytest.raises(RuleBroken, match="is reserved until"):
                check_out(actors, sample.code)

    def test_what_the_consent_does_not_allow_is_not_reserved(self, app, actors):
        participant = make_consenting_participant(actors)
        good, stopped = make_stored(actors), make_stored(actors, participant=participant)
        make_withdrawal(actors, participant, Use.ACADEMIC_RESEARCH, effective_on=clock.today())

        with pytest.raises(InvalidInput) as refusal:
            make_list(actors, good.code, stopped.code)
        assert stopped.code in reasons(refusal)
        assert good.code not in reasons(refusal)
        assert custody.sample_page(actors.technician, good.code).reserved is None

    def test_what_is_lent_is_not_reserved(self, app, actors):
        sample = make_stored(actors)
        check_out(actors, sample.code)
        with pytest.raises(InvalidInput) as refusal:
            make_list(actors, sample.code)
        assert "checked out" in reasons(refusal)

    @pytest.mark.parametrize("where", [{"to_user_id": None, "reason": None}, {"shipment_id": 1}])
    def test_it_is_for_one_person_or_shipment(self, app, actors, where):
        with pytest.raises(InvalidInput, match="a person or a shipment"):
            make_list(actors, make_stored(actors).code, **where)

    def test_the_person_works_there(self, app, actors):
        with pytest.raises(InvalidInput) as refusal:
            make_list(actors, make_stored(actors).code, to_user_id=actors.other_site_technician.id)
        assert "works at the sample's site" in reasons(refusal)

    def test_only_technicians_of_the_site_reserve(self, app, actors):
        code = make_stored(actors).code
        with pytest.raises((NotPermitted, NotFound)):
            picking.open_(actors.other_site_technician, [code], title="No", to_user_id=1,
                          reason=CheckoutReason.ANALYSIS)  # fmt: skip
        with pytest.raises(NotPermitted):
            picking.open_(actors.data_manager, [code], title="No", to_user_id=1,
                          reason=CheckoutReason.ANALYSIS)  # fmt: skip


class TestFetching:
    def test_what_is_scanned_goes_to_the_person_and_the_last_one_closes_the_list(
        self, app, actors, audit_tags
    ):
        one, other = make_stored(actors), make_stored(actors)
        picked = make_list(actors, one.code, other.code)

        picking.fetch(actors.technician, picked.id, [one.code])
        assert picked.closed_at is None
        picking.fetch(actors.technician, picked.id, [other.code])

        assert picked.closed_at is not None
        for code in (one.code, other.code):
            page = custody.sample_page(actors.technician, code)
            assert page.sample.status is HolderKind.PERSON
            assert page.loan is not None
        assert audit_tags().count(AuditTag.PICK_LIST_FETCHED) == 2

    def test_a_wrong_tube_blocks_and_nothing_is_fetched(self, app, actors):
        wanted, wrong = make_stored(actors), make_stored(actors)
        picked = make_list(actors, wanted.code)

        with pytest.raises(InvalidInput) as refusal:
            picking.fetch(actors.technician, picked.id, [wanted.code, wrong.code])
        assert wrong.code in reasons(refusal)
        assert wanted.code not in reasons(refusal)
        assert statuses(picked) == {wanted.code: PickStatus.WAITING}

    def test_a_withdrawal_takes_a_tube_off_the_list(self, app, actors, audit_tags):
        participant = make_consenting_participant(actors)
        sample = make_stored(actors, participant=participant)
        picked = make_list(actors, sample.code)

        make_withdrawal(actors, participant, effective_on=clock.today())

        assert statuses(picked) == {sample.code: PickStatus.STOPPED}
        assert AuditTag.PICK_LIST_STOPPED in audit_tags()
        with pytest.raises(InvalidInput):
            picking.fetch(actors.technician, picked.id, [sample.code])

    def test_a_withdrawal_from_another_use_leaves_it_there(self, app, actors):
        participant = make_consenting_participant(actors)
        sample = make_stored(actors, participant=participant)
        picked = make_list(actors, sample.code)

        make_withdrawal(actors, participant, Use.GENETICS, effective_on=clock.today())

        assert statuses(picked) == {sample.code: PickStatus.WAITING}

    def test_for_a_shipment_it_goes_into_the_bag(self, app, actors):
        one, other = make_tubes_to_send(actors)
        shipment = make_shipment(actors)
        picked = make_list(
            actors, one.code, other.code, to_user_id=None, reason=None, shipment_id=shipment.id
        )
        with pytest.raises(InvalidInput, match="Nothing was recorded"):
            packing.add(actors.technician, shipment.id, [other.code])

        picking.fetch(actors.technician, picked.id, [one.code])

        assert [line.sample.code for line in shipments.lines_of(shipment)] == [one.code]


class TestLeavingOutAndClosing:
    def test_what_is_left_out_says_why_and_is_free(self, app, actors):
        one, other = make_stored(actors), make_stored(actors)
        picked = make_list(actors, one.code, other.code)

        picking.leave_out(actors.technician, picked.id, one.code, reason="Not in its cell")

        left = next(stop for stop in queries.stops(picked) if stop.sample.code == one.code)
        assert (left.status, left.note) == (PickStatus.LEFT_OUT, "Not in its cell")
        check_out(actors, one.code)

    def test_a_closed_list_keeps_nothing(self, app, actors):
        sample = make_stored(actors)
        picked = make_list(actors, sample.code)

        picking.close(actors.technician, picked.id)

        assert statuses(picked) == {sample.code: PickStatus.RELEASED}
        check_out(actors, sample.code)
        with pytest.raises(RuleBroken, match="is closed"):
            picking.close(actors.technician, picked.id)

    def test_lists_of_other_sites_are_not_seen(self, app, actors):
        picked = make_list(actors, make_stored(actors).code)
        with pytest.raises(NotFound):
            queries.by_code(actors.other_site_technician, picked.code)
        assert queries.count_open(actors.other_site_technician) == 0
        assert queries.count_open(actors.technician) == 1


class TestTheOrder:
    def test_tubes_are_met_in_the_order_of_boxes_and_cells_and_the_bench_comes_last(
        self, app, actors
    ):
        [bench] = make_aliquots(actors)
        freezer = make_freezer(actors)
        far = make_box(actors, freezer=freezer, name="Box 10")
        near = make_box(actors, freezer=freezer, name="Box 9")
        tenth = make_stored(actors, box=far, cell="A1")
        second = make_stored(actors, box=near, cell="B1")
        first = make_stored(actors, box=near, cell="A2")
        picked = make_list(actors, bench.code, tenth.code, second.code, first.code)

        order = [stop.sample.code for stop in queries.stops(picked)]

        assert order == [first.code, second.code, tenth.code, bench.code]

    def test_the_print_has_what_is_still_to_be_fetched(self, app, actors):
        one, other = make_stored(actors), make_stored(actors)
        picked = make_list(actors, one.code, other.code)
        picking.fetch(actors.technician, picked.id, [one.code])
        how = Printing(translate=_english, language="en", printed_by="T")

        text = words(printing.sheet(picked, queries.stops(picked), how))

        assert other.code in text
        assert one.code not in text
        assert picked.title in text


def _english(message: Message) -> str:
    return str(message)
