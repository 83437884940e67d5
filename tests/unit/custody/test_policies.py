"""The table of transitions is whole, and every act that was recorded is in it."""

import sqlalchemy as sa

from registry.custody import asking, policies, service as custody
from registry.custody.models import CustodyAct
from registry.custody.policies import ALLOWED_FROM, CORRECTABLE
from registry.custody.service import Placement
from registry.persistence import registry_session
from registry.vocab.consent import Use
from registry.vocab.custody import ActKind, CheckoutReason, HolderKind
from tests.factories.custody import make_checked_out
from tests.factories.storage import make_box


def test_every_act_has_its_row():
    assert ALLOWED_FROM.keys() == set(ActKind)


def test_every_holder_is_reached_and_all_but_the_destroyed_are_left():
    reached = {after for _before, _kind, after in policies.transitions()}
    left = {before for before, _kind, after in policies.transitions() if after is not before}
    assert reached == set(HolderKind)
    assert left == {None, *HolderKind} - {HolderKind.DESTROYED}


def test_of_the_acts_that_can_be_undone_two_begin_or_end_a_loan():
    by_person = {
        kind
        for before, kind, after in policies.transitions()
        if kind in CORRECTABLE and before is not after and HolderKind.PERSON in (before, after)
    }
    assert by_person == {ActKind.CHECKED_OUT, ActKind.RETURNED}


def test_every_reason_to_take_a_sample_out_asks_for_a_use():
    assert asking.USE_OF.keys() == set(CheckoutReason)


def test_a_reason_that_only_the_comment_names_is_asked_as_research():
    assert asking.USE_OF[CheckoutReason.OTHER] is Use.ACADEMIC_RESEARCH


def test_what_leaves_for_another_laboratory_is_asked_as_shared():
    assert asking.USE_OF[CheckoutReason.TRANSFER] is Use.SHARE


def test_what_is_recorded_is_in_the_table(app, actors):
    lent = make_checked_out(actors)
    custody.return_(actors.technician, lent.code)
    custody.move(actors.technician, box_id=make_box(actors).id, placements=[Placement(lent.code)])
    recorded = registry_session.execute(
        sa.select(CustodyAct.holder_before, CustodyAct.kind, CustodyAct.holder_after)
    )
    assert {tuple(row) for row in recorded} <= set(policies.transitions())
