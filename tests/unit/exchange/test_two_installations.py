"""Two installations, each with its own databases and keys, exchange a shipment by signed files."""

import json

import pytest

from registry.custody.exchange import answers, keys, taking_in
from registry.custody.shipments import queries
from registry.custody.shipments.receiving import Receipt
from registry.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from registry.vocab.shipping import DifferenceKind, LineStatus, ShipmentState
from tests.factories.custody import biobank
from tests.factories.shipments import make_sent, make_tubes_to_send


def taken_in(there, file, *codes, **found):
    with there.inside() as people:
        kept = taking_in.take_in(people.technician, biobank(people), file, Receipt(codes, **found))
        return taking_in.signed(kept)


def answered(here, code, receipt):
    with here.inside() as people:
        shipment = queries.by_code(people.technician, code)
        answers.take_in(people.technician, shipment.id, receipt)


def found_here(here, code):
    with here.inside() as people:
        shipment = queries.by_code(people.technician, code)
        lines = {line.sample.code: line.status for line in queries.lines_of(shipment)}
        noted = {(one.kind, one.code, one.note) for one in shipment.differences}
        return shipment.state, lines, noted


def test_what_was_found_there_is_recorded_here(here, there, sent):
    code, (first, second, third), file = sent
    receipt = taken_in(
        there, file, first, second, damaged=[second], temperature="-40 °C", note="A cracked lid."
    )
    answered(here, code, receipt)
    state, lines, noted = found_here(here, code)
    assert state is ShipmentState.SETTLED
    assert lines == {
        first: LineStatus.ARRIVED,
        second: LineStatus.ARRIVED,
        third: LineStatus.MISSING,
    }
    assert noted == {
        (DifferenceKind.DAMAGED, second, "A cracked lid."),
        (DifferenceKind.TEMPERATURE, None, "-40 °C"),
        (DifferenceKind.MISSING, third, None),
    }


def test_everything_arrived(here, there, sent):
    code, codes, file = sent
    answered(here, code, taken_in(there, file, *codes))
    state, lines, noted = found_here(here, code)
    assert (state, set(lines.values()), noted) == (
        ShipmentState.SETTLED,
        {LineStatus.ARRIVED},
        set(),
    )


class TestAtTheReceivers:
    def test_a_manifest_is_taken_in_once(self, there, sent):
        _, codes, file = sent
        taken_in(there, file, *codes)
        with pytest.raises(RuleBroken, match="taken in already"):
            taken_in(there, file, codes[0])

    def test_a_changed_one_leaves_nothing_behind(self, there, sent):
        _, codes, file = sent
        with pytest.raises(InvalidInput, match="was changed"):
            taken_in(there, file.replace(codes[0].encode(), b"F-0001"), codes[1])
        with there.inside() as people:
            assert taking_in.every(people.technician) == []

    def test_a_damaged_tube_must_have_arrived(self, there, sent):
        _, codes, file = sent
        with pytest.raises(InvalidInput, match="not among"):
            taken_in(there, file, codes[0], damaged=[codes[1]])
        with there.inside() as people:
            assert taking_in.every(people.technician) == []

    def test_only_who_receives_at_the_site(self, there, sent):
        _, codes, file = sent
        with there.inside() as people, pytest.raises(NotPermitted):
            taking_in.take_in(people.data_manager, biobank(people), file, Receipt(codes))

    def test_its_tubes_are_told_apart_from_the_manifest(self, there, sent):
        _, codes, file = sent
        taken_in(there, file, codes[0], "F-9999")
        with there.inside() as people:
            [kept] = taking_in.every(people.technician)
            found = taking_in.contents(kept)
        assert found.announced == codes
        assert found.extra == ["F-9999"]


class TestAtTheSenders:
    def check_refused(self, here, code, receipt, match, kind=RuleBroken):
        before = found_here(here, code)
        with pytest.raises(kind, match=match):
            answered(here, code, receipt)
        assert found_here(here, code) == before

    def test_a_receipt_is_taken_in_once(self, here, there, sent):
        code, codes, file = sent
        receipt = taken_in(there, file, *codes)
        answered(here, code, receipt)
        self.check_refused(here, code, receipt, "is settled")

    def test_a_changed_receipt(self, here, there, sent):
        code, codes, file = sent
        receipt = taken_in(there, file, codes[0]).replace(codes[0].encode(), codes[1].encode())
        self.check_refused(here, code, receipt, "was changed", InvalidInput)

    def test_a_receipt_of_another_shipment(self, here, there, sent):
        _, codes, file = sent
        with here.inside() as people:
            [tube] = make_tubes_to_send(people, 1)
            other = make_sent(people, tube.code).code
        self.check_refused(here, other, taken_in(there, file, *codes), "another shipment")

    def test_a_manifest_is_no_receipt(self, here, sent):
        code, _, file = sent
        self.check_refused(here, code, file, "no signed receipt", InvalidInput)

    def test_a_receipt_signed_by_a_key_that_was_retired(self, here, there, sent):
        code, codes, file = sent
        receipt = taken_in(there, file, *codes)
        with here.inside() as people:
            partner = queries.by_code(people.technician, code).partner_id
            keys.retire(people.data_manager, keys.counting(partner).id, "Their machine was lost.")
        self.check_refused(here, code, receipt, "is retired")

    def test_a_receipt_is_of_no_use_where_it_was_signed(self, there, sent):
        _, codes, file = sent
        receipt = taken_in(there, file, *codes)
        with pytest.raises(InvalidInput, match="no signed manifest"):
            taken_in(there, receipt, *codes)

    def test_the_receipt_names_no_more_than_it_must(self, there, sent):
        _, codes, file = sent
        said = json.loads(json.loads(taken_in(there, file, *codes))["receipt"])
        assert sorted(said) == [
            "arrived",
            "damaged",
            "format",
            "manifest",
            "note",
            "received_at",
            "recipient_key",
            "shipment",
            "temperature",
        ]
