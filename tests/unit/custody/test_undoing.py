"""A slip is undone at once by one scan: all that was done together, and nothing else."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from registry.custody import own, queries, service as custody
from registry.custody.models import Loan
from registry.custody.picking import queries as picking, service as picks
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from registry.persistence import registry_session
from registry.vocab import limits
from registry.vocab.consent import Use
from registry.vocab.custody import ActKind, CheckoutReason, HolderKind
from tests.factories.accounts import People
from tests.factories.consents import make_withdrawal
from tests.factories.custody import (
    check_out,
    make_aliquots,
    make_checked_out,
    make_received,
    make_stored,
    make_tube,
    place,
    receive,
)
from tests.factories.participants import OPERATOR
from tests.factories.samples import make_consenting_participant
from tests.factories.storage import make_box

pytestmark = pytest.mark.usefixtures("app")


def status(actors: People, code: str) -> HolderKind:
    return queries.line(actors.technician, code).status


def cell(actors: People, code: str) -> str | None:
    return queries.sample_page(actors.technician, code).cell


def loans(sample_id: int) -> list[tuple[datetime, datetime | None]]:
    registry_session.expire_all()
    rows = registry_session.scalars(sa.select(Loan).where(Loan.sample_id == sample_id))
    return [(loan.opened_at, loan.closed_at) for loan in rows]


class TestAtOnce:
    def test_what_was_done_last_is_undone(self, actors: People):
        stored = make_stored(actors, cell="B3")

        assert custody.undo_latest(actors.technician) == [stored.code]

        assert status(actors, stored.code) is HolderKind.BENCH
        last = queries.chain(actors.technician, stored.code)[-1]
        assert (last.kind, last.comment) == (ActKind.CORRECTED, None)

    def test_tubes_scanned_together_are_undone_together(self, actors: People):
        tubes = [make_tube(actors).code for _ in range(3)]
        receive(actors, *tubes)

        assert sorted(custody.undo_latest(actors.technician)) == sorted(tubes)

        assert {status(actors, code) for code in tubes} == {HolderKind.COLLECTION_SITE}

    def test_what_was_done_before_stays(self, actors: People):
        earlier, later = make_tube(actors).code, make_tube(actors).code
        receive(actors, earlier)
        receive(actors, later)

        custody.undo_latest(actors.technician)

        assert status(actors, earlier) is HolderKind.BENCH

    def test_scanned_twice_it_does_not_undo_the_act_before(self, actors: People):
        stored = make_stored(actors)
        custody.undo_latest(actors.technician)

        with pytest.raises(RuleBroken, match="undone already"):
            custody.undo_latest(actors.technician)

        assert status(actors, stored.code) is HolderKind.BENCH

    def test_after_a_minute_it_takes_a_reason(self, actors: People):
        stored = make_stored(actors)
        later = clock.now() + timedelta(seconds=limits.UNDO_SECONDS + 1)

        with clock.frozen(later), pytest.raises(RuleBroken, match="with a reason"):
            custody.undo_latest(actors.technician)

        assert status(actors, stored.code) is HolderKind.POSITION

    def test_nobody_undoes_what_a_colleague_did(self, actors: People):
        make_stored(actors)

        with pytest.raises(RuleBroken, match="recorded nothing"):
            custody.undo_latest(actors.other_site_technician)

    def test_a_nurse_undoes_nothing(self, actors: People):
        with pytest.raises(NotPermitted):
            custody.undo_latest(actors.nurse)

    def test_what_cannot_be_undone_is_said_and_nothing_changes(self, actors: People):
        aliquots = make_aliquots(actors, "0.5", "0.5")

        with pytest.raises(InvalidInput) as refusal:
            custody.undo_latest(actors.technician)

        assert len(refusal.value.errors["code"]) == len(aliquots) + 1

    def test_of_several_all_or_none_are_undone(self, actors: People):
        box = make_box(actors)
        first, second = make_aliquots(actors, "0.5", "0.5")
        custody.place(
            actors.technician,
            box_id=box.id,
            placements=[
                custody.Placement(first.code, 1, 1),
                custody.Placement(second.code, 1, 2),
            ],
        )
        custody.check_out(
            OPERATOR,
            second.code,
            to_user_id=actors.technician.id,
            reason=CheckoutReason.ANALYSIS,
        )

        with pytest.raises(InvalidInput, match="refused"):
            custody.undo_latest(actors.technician)

        registry_session.expire_all()
        assert status(actors, first.code) is HolderKind.POSITION


class TestLoans:
    def test_a_check_out_undone_puts_the_tube_back_and_ends_the_loan(self, actors: People):
        lent = make_checked_out(actors, cell="B3")

        custody.undo_latest(actors.technician)

        assert (status(actors, lent.code), cell(actors, lent.code)) == (HolderKind.POSITION, "B3")
        [(opened, closed)] = loans(lent.id)
        assert closed is not None
        assert closed >= opened

    def test_it_can_be_checked_out_again(self, actors: People):
        lent = make_checked_out(actors)
        custody.undo_latest(actors.technician)

        check_out(actors, lent.code)

        assert status(actors, lent.code) is HolderKind.PERSON

    def test_a_return_undone_gives_it_back_to_who_had_it(self, actors: People):
        lent = make_checked_out(actors, cell="B3")
        custody.return_(actors.technician, lent.code)

        custody.undo_latest(actors.technician)

        page = queries.sample_page(actors.technician, lent.code)
        assert (page.sample.status, page.sample.place) == (
            HolderKind.PERSON,
            actors.technician.name,
        )
        assert [closed for _, closed in loans(lent.id)] == [None]

    def test_a_return_that_says_what_was_used_stays(self, actors: People):
        lent = make_checked_out(actors)
        custody.return_(actors.technician, lent.code, remaining=Decimal("0.1"))

        with pytest.raises(RuleBroken, match="recorded as used"):
            custody.undo_latest(actors.technician)

    def test_nobody_has_it_again_without_consent(self, actors: People):
        participant = make_consenting_participant(actors)
        lent = make_checked_out(actors, participant=participant)
        custody.return_(actors.technician, lent.code)
        make_withdrawal(actors, participant, Use.ACADEMIC_RESEARCH, effects=())

        with pytest.raises(RuleBroken):
            custody.undo_latest(actors.technician)

        assert status(actors, lent.code) is HolderKind.POSITION

    def test_a_tube_fetched_by_mistake_waits_on_its_list_again(self, actors: People):
        tubes = [make_stored(actors).code for _ in range(2)]
        picked = picks.open_(
            actors.technician,
            tubes,
            title="Lupus",
            to_user_id=actors.technician.id,
            reason=CheckoutReason.ANALYSIS,
        )
        picks.fetch(actors.technician, picked.id, tubes[:1])
        assert picking.to_fetch([picked.id]) == {picked.id: 1}

        custody.undo_latest(actors.technician)

        assert picking.to_fetch([picked.id]) == {picked.id: 2}
        with pytest.raises(RuleBroken, match="reserved"):
            check_out(actors, tubes[0])


class TestOwnActs:
    def test_they_are_listed_newest_first_and_say_what_can_be_undone(self, actors: People):
        tube = make_received(actors)
        place(actors, make_box(actors), tube.code)

        rows, following = own.acts(actors.technician)

        assert [one.kind for one in rows] == [ActKind.PLACED, ActKind.RECEIVED]
        assert [one.can_be_corrected for one in rows] == [True, False]
        assert following is None

    def test_what_was_undone_says_so(self, actors: People):
        make_stored(actors)
        custody.undo_latest(actors.technician)

        rows, _ = own.acts(actors.technician)

        assert [one.is_undone for one in rows[:2]] == [False, True]
        assert not any(one.can_be_corrected for one in rows[:2])

    def test_a_colleague_s_are_not_among_them(self, actors: People):
        make_stored(actors)

        assert own.acts(actors.other_site_technician) == ([], None)

    def test_pages_do_not_repeat_an_act(self, actors: People, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr("registry.vocab.limits.PAGE_ROWS", 1)
        make_stored(actors)

        first, following = own.acts(actors.technician)
        second, _ = own.acts(actors.technician, before=following)

        assert first[0].act_id > second[0].act_id
