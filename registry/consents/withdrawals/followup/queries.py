"""Reading what followed a withdrawal, within the actor's sites."""

from collections.abc import Sequence

import sqlalchemy as sa

from registry.access import Permission, require
from registry.consents.withdrawals import queries as withdrawals
from registry.consents.withdrawals.followup.models import (
    RecallNotice,
    WithdrawalLetter,
    WithdrawalRelease,
)
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.participants import queries as participants
from registry.persistence import registry_session


def releases(actor: Actor, withdrawal_id: int) -> Sequence[WithdrawalRelease]:
    """What had left when it was recorded, the latest first.

    :raises NotFound: there is no such withdrawal at the actor's sites.
    """
    withdrawals.get(actor, withdrawal_id)
    return registry_session.scalars(
        sa.select(WithdrawalRelease)
        .where(WithdrawalRelease.withdrawal_id == withdrawal_id)
        .order_by(WithdrawalRelease.released_on.desc(), WithdrawalRelease.id)
    ).all()


def notices(actor: Actor, withdrawal_id: int) -> Sequence[RecallNotice]:
    """The notices to those who hold something, by addressee.

    :raises NotFound: there is no such withdrawal at the actor's sites.
    """
    withdrawals.get(actor, withdrawal_id)
    return registry_session.scalars(
        sa.select(RecallNotice)
        .where(RecallNotice.withdrawal_id == withdrawal_id)
        .order_by(RecallNotice.addressee)
    ).all()


def notice(actor: Actor, notice_id: int) -> RecallNotice:
    """One notice.

    :raises NotFound: there is no such notice at the actor's sites.
    """
    found = registry_session.get(RecallNotice, notice_id)
    if found is None:
        raise NotFound(T("There is no such notice at your sites."))
    participant = participants.get_by_id(actor, found.withdrawal.participant_id)
    require(actor, Permission.CONSENT_READ, participant)
    return found


def letter(actor: Actor, withdrawal_id: int) -> WithdrawalLetter | None:
    """When the participant got the letter; None if not yet.

    :raises NotFound: there is no such withdrawal at the actor's sites.
    """
    withdrawals.get(actor, withdrawal_id)
    return registry_session.get(WithdrawalLetter, withdrawal_id)
