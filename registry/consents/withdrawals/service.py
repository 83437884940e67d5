"""Recording withdrawals and oppositions."""

from collections.abc import Collection
from datetime import date

from registry import audit
from registry.access import Permission, require
from registry.consents.withdrawals import policies
from registry.consents.withdrawals.models import Withdrawal, WithdrawalUse
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.participants.models import Participant
from registry.participants.policies import check_is_not_merged
from registry.persistence import lock_row, registry_session, transactional
from registry.vocab.audit import AuditTag
from registry.vocab.consent import Channel, Use, WithdrawalScope


@transactional
def withdraw(
    actor: Actor,
    participant_id: int,
    *,
    scope: WithdrawalScope,
    channel: Channel,
    uses: Collection[Use] = (),
    effective_on: date | None = None,
    reason: str | None = None,
) -> Withdrawal:
    """Record what a participant takes back or opposes; it holds from the commit on.

    Any channel will do, and no reason is owed.  Nothing is deleted: what was
    allowed on an earlier day can still be shown.  It never expires; only an
    express consent signed on a later day lifts it.

    :raises RuleBroken: the participant is merged into another.
    :raises InvalidInput: no use is named, or the day is to come.
    """
    participant = lock_row(Participant, participant_id)
    require(actor, Permission.CONSENT_WITHDRAW, participant)
    check_is_not_merged(participant)
    effective_on = effective_on or clock.today()
    policies.check_withdrawal(scope, uses, effective_on)
    named = sorted(set(uses)) if scope is WithdrawalScope.USES else []
    withdrawal = Withdrawal(
        participant=participant,
        scope=scope,
        effective_on=effective_on,
        channel=channel,
        reason=reason,
        recorded_at=clock.now(),
        recorded_by_id=actor.id,
        covers=[WithdrawalUse(use=use) for use in named],
    )
    registry_session.add(withdrawal)
    registry_session.flush()
    audit.record(
        actor,
        AuditTag.CONSENT_WITHDRAWN,
        participant,
        withdrawal=withdrawal.id,
        scope=scope,
        uses=named,
        effective_on=effective_on,
    )
    return withdrawal
