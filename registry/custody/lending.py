"""What a correction does to loans: one that never was ends, one that goes on is open again."""

import sqlalchemy as sa

from registry.custody import asking
from registry.custody.models import CustodyAct, Loan
from registry.persistence import registry_session
from registry.samples.models import Sample
from registry.vocab.custody import ActKind


def check_may_have_again(returned: CustodyAct) -> None:
    """Refuse to undo a return where the person may no longer use the sample.

    :raises RuleBroken: the participant's consent does not allow what it was lent for.
    """
    for loan in _loans(Loan.closed_by_act_id == returned.id):
        asking.require_reason(registry_session.get_one(Sample, returned.sample_id), loan.reason)


def follow(wrong: CustodyAct, correction: CustodyAct) -> None:
    """Let the loan be as if the wrong act, whose sample's holding is locked, had not been."""
    if wrong.kind is ActKind.CHECKED_OUT:
        for loan in _loans(Loan.opened_by_act_id == wrong.id):
            loan.closed_at = correction.happened_at
            loan.closed_by_act_id = correction.id
    elif wrong.kind is ActKind.RETURNED:
        for loan in _loans(Loan.closed_by_act_id == wrong.id):
            loan.closed_at = loan.closed_by_act_id = None
    registry_session.flush()


def _loans(which: sa.ColumnElement[bool]) -> list[Loan]:
    return list(
        registry_session.scalars(
            sa.select(Loan).where(which).execution_options(populate_existing=True)
        )
    )
