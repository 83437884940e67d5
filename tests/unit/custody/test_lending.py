"""A sample that somebody has: its cell is kept, one loan is open, and it comes back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from registry.consents.decision import facts
from registry.custody import queries, service as custody
from registry.custody.models import Loan
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from registry.participants.models import Participant
from registry.persistence import db, registry_session
from registry.vocab.consent import Answer, Use
from registry.vocab.custody import ActKind, CheckoutReason, HolderKind
from registry.vocab.samples import SampleCondition
from tests.factories.consents import make_consent, make_withdrawal
from tests.factories.custody import (
    check_out,
    make_aliquots,
    make_checked_out,
    make_stored,
)
from tests.factories.participants import make_participant
from tests.factories.samples import make_tube
from tests.factories.storage import make_box, make_freezer


def status(actors, sample):
    return queries.listed(actors.technician, [sample.code])[sample.code].status


class TestCheckingOut:
    def test_the_person_has_it_and_the_cell_stays_kept(self, app, actors, audit_tags):
        box = make_box(actors)
        stored = make_stored(actors, box=box, cell="B3")
        check_out(actors, stored.code, comment="Run 12")
        page = queries.sample_page(actors.technician, stored.code)
        assert page.sample.status is HolderKind.PERSON
        assert page.sample.place == "Technician"
        assert page.loan
        assert str(page.loan.reason) == "Analysis"
        assert page.loan.home
        assert page.loan.home.endswith("B3")
        assert (page.box_id, page.cell) == (box.id, "B3")
        assert queries.free_cells(actors.technician, box.id)[0] == (1, 1)
        assert (2, 3) not in queries.free_cells(actors.technician, box.id)
        line = queries.chain(actors.technician, stored.code)[-1]
        assert (line.kind, line.reason, line.comment) == (
            ActKind.CHECKED_OUT,
            "analysis",
            "Run 12",
        )
        assert audit_tags()[-1] == "sample:checked_out"

    def test_what_somebody_has_nobody_else_gets(self, app, actors):
        lent = make_checked_out(actors)
        with pytest.raises(RuleBroken, match="checked out to Technician"):
            check_out(actors, lent.code)

    def test_what_was_not_received_is_not_handed_out(self, app, actors):
        tube = make_tube(actors)
        with pytest.raises(RuleBroken, match="receive it first"):
            check_out(actors, tube.code)

    def test_it_goes_to_somebody_who_works_at_its_site(self, app, actors):
        stored = make_stored(actors)
        for stranger in (actors.other_site_nurse.id, 999):
            with pytest.raises(InvalidInput) as refused:
                check_out(actors, stored.code, to_user_id=stranger)
            assert refused.value.field == "to_user_id"
        assert status(actors, stored) is HolderKind.POSITION

    def test_another_reason_is_said_in_words(self, app, actors):
        stored = make_stored(actors)
        for comment in (None, "  "):
            with pytest.raises(InvalidInput) as refused:
                check_out(actors, stored.code, reason=CheckoutReason.OTHER, comment=comment)
            assert refused.value.field == "comment"
        assert check_out(actors, stored.code, reason=CheckoutReason.OTHER, comment="Photograph")

    def test_another_site_s_sample_is_not_there(self, app, actors):
        stored = make_stored(actors)
        with pytest.raises(NotFound):
            custody.check_out(
                actors.other_site_technician,
                stored.code,
                to_user_id=actors.other_site_technician.id,
                reason=CheckoutReason.ANALYSIS,
            )

    def test_a_nurse_hands_nothing_out(self, app, actors):
        stored = make_stored(actors)
        with pytest.raises(NotPermitted):
            custody.check_out(
                actors.nurse,
                stored.code,
                to_user_id=actors.nurse.id,
                reason=CheckoutReason.ANALYSIS,
            )


class TestConsent:
    def test_analysis_needs_consent_to_research(self, app, actors):
        participant = make_participant(actors)
        make_consent(actors, participant, answers={"research": Answer.REFUSED})
        stored = make_stored(actors, participant=participant)
        with pytest.raises(RuleBroken):
            check_out(actors, stored.code, reason=CheckoutReason.ANALYSIS)
        assert check_out(actors, stored.code, reason=CheckoutReason.QUALITY_CONTROL)

    @pytest.mark.parametrize("reason", CheckoutReason)
    def test_after_a_withdrawal_nothing_leaves(self, app, actors, reason):
        stored = make_stored(actors)
        participant = registry_session.get_one(Participant, stored.participant_id)
        make_withdrawal(actors, participant, effective_on=clock.today())
        with pytest.raises(RuleBroken):
            check_out(actors, stored.code, reason=reason, comment="A reason")
        assert status(actors, stored) is HolderKind.POSITION

    def test_taking_back_one_use_stops_that_use_alone(self, app, actors):
        stored = make_stored(actors)
        participant = registry_session.get_one(Participant, stored.participant_id)
        make_withdrawal(actors, participant, Use.ACADEMIC_RESEARCH, effective_on=clock.today())
        with pytest.raises(RuleBroken):
            check_out(actors, stored.code)
        assert check_out(actors, stored.code, reason=CheckoutReason.QUALITY_CONTROL)

    def test_a_check_that_crashes_lets_nothing_leave(self, app, actors, monkeypatch):
        stored = make_stored(actors)

        def crash(*_: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(facts, "load", crash)
        with pytest.raises(RuleBroken, match="could not be checked"):
            check_out(actors, stored.code)
        assert status(actors, stored) is HolderKind.POSITION


class TestReturning:
    def test_it_goes_back_to_the_cell_that_was_kept(self, app, actors, audit_tags):
        box = make_box(actors)
        lent = make_checked_out(actors, box=box, cell="B3")
        custody.return_(
            actors.technician, lent.code, condition=SampleCondition.THAWED, comment="Warm"
        )
        page = queries.sample_page(actors.technician, lent.code)
        assert (page.sample.status, page.cell, page.loan) == (HolderKind.POSITION, "B3", None)
        line = queries.chain(actors.technician, lent.code)[-1]
        assert (line.kind, line.fields["condition"], line.comment) == (
            ActKind.RETURNED,
            "thawed",
            "Warm",
        )
        assert audit_tags()[-1] == "sample:returned"

    def test_it_comes_back_into_no_box_of_another_site(self, app, actors, sites):
        box = make_box(actors, freezer=make_freezer(actors, code="F-PARIS", site_id=sites.paris))
        lent = make_checked_out(actors)
        with pytest.raises(RuleBroken, match="is at another site"):
            custody.return_(actors.technician, lent.code, box_id=box.id)

    def test_it_can_go_to_another_box_and_leaves_its_old_cell(self, app, actors):
        box, other = make_box(actors), make_box(actors)
        lent = make_checked_out(actors, box=box, cell="B3")
        custody.return_(actors.technician, lent.code, box_id=other.id, row=1, col=2)
        page = queries.sample_page(actors.technician, lent.code)
        assert (page.box_id, page.cell) == (other.id, "A2")
        assert (2, 3) in queries.free_cells(actors.technician, box.id)

    def test_what_had_no_cell_comes_back_to_the_bench(self, app, actors):
        [aliquot] = make_aliquots(actors)
        check_out(actors, aliquot.code)
        custody.return_(actors.technician, aliquot.code)
        assert status(actors, aliquot) is HolderKind.BENCH

    def test_what_nobody_has_does_not_come_back(self, app, actors):
        stored = make_stored(actors)
        with pytest.raises(RuleBroken, match="is in its place"):
            custody.return_(actors.technician, stored.code)

    def test_it_does_not_come_back_before_it_went(self, app, actors):
        lent = make_checked_out(actors)
        with pytest.raises(InvalidInput, match="cannot be before"):
            custody.return_(actors.technician, lent.code, at=clock.now() - timedelta(minutes=5))

    def test_it_does_not_go_into_an_occupied_cell(self, app, actors):
        box = make_box(actors)
        make_stored(actors, box=box, cell="A1")
        lent = make_checked_out(actors, box=box, cell="A2")
        with pytest.raises(RuleBroken, match="is taken by"):
            custody.return_(actors.technician, lent.code, box_id=box.id, row=1, col=1)
        assert status(actors, lent) is HolderKind.PERSON

    def test_it_can_be_lent_again(self, app, actors):
        lent = make_checked_out(actors)
        custody.return_(actors.technician, lent.code)
        assert check_out(actors, lent.code)


class TestTheDatabase:
    def test_a_sample_has_one_open_loan_whatever_the_program_does(self, app, actors):
        lent = make_checked_out(actors)
        columns = [column for column in Loan.__table__.columns if column.name != "id"]
        again = sa.select(
            *(sa.literal(1) if column.name == "opened_by_act_id" else column for column in columns)
        ).where(Loan.sample_id == lent.id)
        with (
            pytest.raises(sa.exc.IntegrityError),
            db.engines["registry"].begin() as connection,
        ):
            connection.execute(
                sa.insert(Loan).from_select([column.name for column in columns], again)
            )

    def test_a_loan_is_closed_by_an_act(self, app, actors):
        make_checked_out(actors)
        with (
            pytest.raises(sa.exc.IntegrityError),
            db.engines["registry"].begin() as connection,
        ):
            connection.execute(sa.update(Loan).values(closed_at=clock.now()))
