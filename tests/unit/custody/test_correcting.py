"""An act that was wrong stays, and another one undoes it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from registry.custody import queries, service as custody
from registry.custody.models import CustodyAct
from registry.custody.service import Placement
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from registry.persistence import db
from registry.vocab.custody import ActKind, HolderKind
from tests.factories.custody import (
    RECEIVED,
    divide,
    make_aliquots,
    make_received,
    make_stored,
    place,
    receive,
    times_of,
)
from tests.factories.storage import make_box

REASON = "Wrong box scanned"


def last_act(actors, sample):
    return queries.chain(actors.technician, sample.code)[-1]


def undo(actors, sample, *, act=None, reason=REASON):
    return custody.correct(
        actors.technician, (act or last_act(actors, sample)).act_id, reason=reason
    )


class TestUndoing:
    def test_a_placement_undone_frees_the_cell_and_both_acts_stay(self, app, actors, audit_tags):
        box = make_box(actors)
        stored = make_stored(actors, box=box, cell="B3")
        undo(actors, stored)
        page = queries.sample_page(actors.technician, stored.code)
        assert (page.sample.status, page.box_id) == (HolderKind.BENCH, None)
        placed, corrected = queries.chain(actors.technician, stored.code)[-2:]
        assert (placed.kind, corrected.kind) == (ActKind.PLACED, ActKind.CORRECTED)
        assert corrected.corrects_seq == placed.seq
        assert placed.corrected_by_seq == corrected.seq
        assert corrected.comment == REASON
        assert audit_tags()[-1] == "sample:corrected"

    def test_it_can_be_placed_again(self, app, actors):
        box = make_box(actors)
        stored = make_stored(actors, box=box, cell="B3")
        undo(actors, stored)
        place(actors, box, stored.code, "B4")
        assert queries.sample_page(actors.technician, stored.code).cell == "B4"

    def test_a_move_undone_leads_back_to_the_old_cell(self, app, actors):
        box = make_box(actors)
        stored = make_stored(actors, box=box, cell="A1")
        custody.move(actors.technician, box_id=box.id, placements=[Placement(stored.code, 8, 12)])
        undo(actors, stored)
        assert queries.sample_page(actors.technician, stored.code).cell == "A1"

    def test_a_cell_that_is_taken_by_now_is_not_given_back(self, app, actors):
        box = make_box(actors)
        stored = make_stored(actors, box=box, cell="A1")
        custody.move(actors.technician, box_id=box.id, placements=[Placement(stored.code, 8, 12)])
        make_stored(actors, box=box, cell="A1")
        with pytest.raises(RuleBroken, match="taken by now"):
            undo(actors, stored)

    def test_a_receipt_undone_can_be_recorded_with_the_right_time(self, app, actors):
        tube = make_received(actors)
        undo(actors, tube)
        receive(actors, tube.code, at=RECEIVED - timedelta(minutes=30))
        line = queries.listed(actors.technician, [tube.code])[tube.code]
        assert line.since == RECEIVED - timedelta(minutes=30)

    def test_acts_are_undone_one_after_the_other_backwards(self, app, actors):
        box = make_box(actors)
        tube = make_received(actors)
        place(actors, box, tube.code)
        undo(actors, tube)
        received = next(
            line
            for line in queries.chain(actors.technician, tube.code)
            if line.kind is ActKind.RECEIVED
        )
        assert received.can_be_corrected
        undo(actors, tube, act=received)
        line = queries.listed(actors.technician, [tube.code])[tube.code]
        assert line.status is HolderKind.COLLECTION_SITE

    def test_centrifuging_undone_keeps_the_holder(self, app, actors):
        tube = make_received(actors)
        custody.process(actors.technician, [tube.code], kind=ActKind.FROZEN, happened_at=RECEIVED)
        undo(actors, tube)
        line = queries.listed(actors.technician, [tube.code])[tube.code]
        assert (line.status, line.since) == (HolderKind.BENCH, RECEIVED)
        assert times_of(tube.id, ActKind.FROZEN) == []


class TestRefusals:
    def test_an_act_is_undone_once(self, app, actors):
        stored = make_stored(actors)
        placed = last_act(actors, stored)
        undo(actors, stored)
        with pytest.raises(RuleBroken, match="corrected already"):
            undo(actors, stored, act=placed)

    def test_a_correction_is_not_corrected(self, app, actors):
        stored = make_stored(actors)
        undo(actors, stored)
        with pytest.raises(RuleBroken, match="itself a correction"):
            undo(actors, stored)

    def test_what_other_acts_followed_stays(self, app, actors):
        tube = make_received(actors)
        received = last_act(actors, tube)
        place(actors, make_box(actors), tube.code)
        with pytest.raises(RuleBroken, match="undo the last one first"):
            undo(actors, tube, act=received)

    def test_what_others_depend_on_cannot_be_undone(self, app, actors):
        [sample] = make_aliquots(actors)
        with pytest.raises(RuleBroken, match="cannot be undone"):
            undo(actors, sample)

    def test_a_division_cannot_be_undone(self, app, actors):
        tube = make_received(actors)
        divide(actors, tube.code, "1")
        with pytest.raises(RuleBroken, match="cannot be undone"):
            undo(actors, tube)

    @pytest.mark.parametrize("reason", ["", "  a ", "x" * 501])
    def test_a_reason_is_given(self, app, actors, reason):
        stored = make_stored(actors)
        with pytest.raises(InvalidInput, match="reason"):
            undo(actors, stored, reason=reason)

    def test_another_site_s_act_is_not_there(self, app, actors):
        stored = make_stored(actors)
        with pytest.raises(NotFound):
            custody.correct(
                actors.other_site_technician, last_act(actors, stored).act_id, reason=REASON
            )

    def test_a_nurse_corrects_nothing(self, app, actors):
        stored = make_stored(actors)
        with pytest.raises(NotPermitted):
            custody.correct(actors.nurse, last_act(actors, stored).act_id, reason=REASON)


class TestTheDatabase:
    @pytest.mark.parametrize(
        "change",
        [
            sa.delete(CustodyAct),
            sa.update(CustodyAct).values(comment="It never happened"),
        ],
    )
    def test_an_act_never_changes(self, app, actors, change):
        make_stored(actors)
        with (
            pytest.raises(sa.exc.DBAPIError, match="append-only"),
            db.engines["registry"].begin() as connection,
        ):
            connection.execute(change)
