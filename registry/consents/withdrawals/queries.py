"""Reading withdrawals, always within the actor's sites."""

from collections.abc import Sequence

import sqlalchemy as sa

from registry.access import Permission, require
from registry.consents.withdrawals.models import Withdrawal
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.participants import queries as participants
from registry.persistence import registry_session


def of_participant(actor: Actor, participant_id: int) -> Sequence[Withdrawal]:
    """The participant's withdrawals with those of whoever was merged into it, latest first.

    :raises NotFound: the participant is at no site of the actor's.
    """
    participant = participants.get_by_id(actor, participant_id)
    require(actor, Permission.CONSENT_READ, participant)
    return registry_session.scalars(
        sa.select(Withdrawal)
        .where(Withdrawal.participant_id.in_(participants.with_aliases(participant_id)))
        .order_by(Withdrawal.effective_on.desc(), Withdrawal.id.desc())
    ).all()


def get(actor: Actor, withdrawal_id: int) -> Withdrawal:
    """One withdrawal.

    :raises NotFound: there is none, or the participant is at no site of the actor's.
    """
    found = registry_session.get(Withdrawal, withdrawal_id)
    if found is None:
        raise NotFound(T("There is no such withdrawal at your sites."))
    participant = participants.get_by_id(actor, found.participant_id)
    require(actor, Permission.CONSENT_READ, participant)
    return found
