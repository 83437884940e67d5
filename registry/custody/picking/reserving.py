"""What may not be done with a tube that waits on somebody's pick list."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from registry.custody.picking.models import PickLine, PickList
from registry.kernel import clock
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import Message, T
from registry.persistence import registry_session


class Reservation(NamedTuple):
    """For which list a tube is kept, and until when."""

    list_code: str
    until: datetime


def check_not_reserved(sample_id: int, code: str) -> None:
    """Refuse to use a sample, whose holding is locked, that is reserved for a pick list.

    :raises RuleBroken: the sentence says for which list and until when.
    """
    found = reserved_among([sample_id]).get(sample_id)
    if found is not None:
        raise RuleBroken(refusal(code, found), field="code")


def refusal(code: str, reserved: Reservation) -> Message:
    """Why what uses the sample cannot be done."""
    return T(
        "{code} is reserved until {until} for the pick list {list}: fetch it there, "
        "or leave it out of that list first.",
        code=code,
        until=clock.to_paris(reserved.until).strftime("%d/%m/%Y"),
        list=reserved.list_code,
    )


def reserved_among(sample_ids: Collection[int]) -> Mapping[int, Reservation]:
    """The reservations of these samples that run, by the samples."""
    rows = registry_session.execute(
        sa.select(PickLine.sample_id, PickList.code, PickList.reserved_until)
        .join(PickList, PickList.id == PickLine.list_id)
        .where(
            PickLine.sample_id.in_(sample_ids),
            PickLine.closed_at.is_(None),
            PickList.reserved_until > clock.now(),
        )
    )
    return {sample_id: Reservation(code, until) for sample_id, code, until in rows}
