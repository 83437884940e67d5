"""The duty that an order to destroy is, for the list of what needs doing about consents."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from registry.consents.duties.afterwards import followed
from registry.consents.withdrawals.models import Withdrawal
from registry.custody.destruction.models import DestructionOrder
from registry.vocab.custody import OrderStatus


def orders(today: date, until: date) -> sa.Select[Any]:
    """Withdrawals after which samples are ordered to be destroyed and are there still."""
    cause = sa.literal("withdrawal:").concat(sa.cast(Withdrawal.id, sa.String))
    waits = sa.exists().where(
        DestructionOrder.cause == cause, DestructionOrder.status == OrderStatus.ORDERED
    )
    return followed(until, waits.correlate(Withdrawal))
