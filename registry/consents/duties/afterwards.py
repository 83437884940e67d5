"""Duties that follow a withdrawal: recipients to be told, the letter to the person."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from registry.consents.duties.lines import NO_FORM, end_of, line, seconds
from registry.consents.duties.people import Bearer, Person
from registry.consents.withdrawals.followup.models import RecallNotice, WithdrawalLetter
from registry.consents.withdrawals.models import Withdrawal


def followed(until: date, *conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Withdrawals after which something is open, by the day on which they were recorded."""
    at = Withdrawal.recorded_at
    return (
        sa.select(*line(at, seconds(at), Withdrawal.id, form=NO_FORM))
        .select_from(Withdrawal)
        .join(Bearer, Bearer.id == Withdrawal.participant_id)
        .join(Person, Person.id == sa.func.coalesce(Bearer.merged_into_id, Bearer.id))
        .where(at < end_of(until), *conditions)
    )


def notices(today: date, until: date) -> sa.Select[Any]:
    """Withdrawals of which a recipient was not told, or has not answered."""
    waits = sa.exists().where(
        RecallNotice.withdrawal_id == Withdrawal.id, RecallNotice.acknowledged_on.is_(None)
    )
    return followed(until, waits.correlate(Withdrawal))


def letters(today: date, until: date) -> sa.Select[Any]:
    """Withdrawals of which the person has no letter yet; nobody can write to the erased."""
    sent = sa.exists().where(WithdrawalLetter.withdrawal_id == Withdrawal.id)
    return followed(until, ~sent.correlate(Withdrawal), Person.identity_erased_on.is_(None))
