"""Recording withdrawals and oppositions."""

from collections.abc import Collection
from datetime import date

from registry import audit
from registry.access import Permission, require
from registry.consents.withdrawals import policies
from registry.consents.withdrawals.events import ConsentWithdrawn, Reach
from registry.consents.withdrawals.models import (
    Withdrawal,
    WithdrawalChoice,
    WithdrawalItem,
    WithdrawalProject,
    WithdrawalUse,
)
from registry.consents.withdrawals.policies import Asked
from registry.consents.withdrawals.reach import reach
from registry.kernel import clock, events
from registry.kernel.actor import Actor
from registry.participants.models import Participant
from registry.participants.policies import check_is_not_merged
from registry.persistence import lock_row, registry_session, transactional
from registry.vocab.audit import AuditTag
from registry.vocab.consent import (
    Channel,
    SignatoryRole,
    Use,
    WithdrawalEffect,
    WithdrawalScope,
)


@transactional
def withdraw(  # noqa: PLR0913 - each is one fact about what was said
    actor: Actor,
    participant_id: int,
    *,
    scope: WithdrawalScope,
    channel: Channel,
    uses: Collection[Use] = (),
    items: Collection[str] = (),
    projects: Collection[str] = (),
    effects: Collection[WithdrawalEffect] = (),
    said_by: SignatoryRole = SignatoryRole.SELF,
    effective_on: date | None = None,
    reason: str | None = None,
) -> Withdrawal:
    """Record what a participant takes back or opposes; it holds from the commit on.

    Any channel will do, and no reason is owed.  `uses`, `items` (codes of the
    form's questions) or `projects` (numbers of requests) say what the scope is
    about; `effects` what is asked for beyond what the scope implies.  No
    record is deleted: what was allowed on an earlier day can still be shown.
    It never expires; only an express consent signed on a later day lifts it.

    Samples, extracts and notices follow in the same transaction.

    :raises RuleBroken: the participant is merged into another.
    :raises InvalidInput: nothing is named, or the day is to come.
    """
    participant = lock_row(Participant, participant_id)
    require(actor, Permission.CONSENT_WITHDRAW, participant)
    check_is_not_merged(participant)
    effective_on = effective_on or clock.today()
    asked = Asked(
        scope=scope,
        uses=frozenset(uses),
        items=frozenset(items),
        projects=frozenset(projects),
        effects=frozenset(effects),
    )
    policies.check(asked, said_by, effective_on)
    reached = reach(participant_id, asked)
    withdrawal = Withdrawal(
        participant=participant,
        scope=scope,
        effective_on=effective_on,
        channel=channel,
        said_by=said_by,
        reason=reason,
        recorded_at=clock.now(),
        recorded_by_id=actor.id,
    )
    _keep(withdrawal, reached)
    _record(actor, withdrawal)
    _tell(actor, withdrawal, reached)
    return withdrawal


def _keep(withdrawal: Withdrawal, reached: Reach) -> None:
    """Write it with all that it names; a withdrawal from everything names no use."""
    is_whole = withdrawal.scope is WithdrawalScope.ALL
    withdrawal.covers = [WithdrawalUse(use=use) for use in sorted(reached.stopped) if not is_whole]
    withdrawal.items = [WithdrawalItem(item_code=code) for code in sorted(reached.items)]
    withdrawal.projects = [WithdrawalProject(project=one) for one in sorted(reached.projects)]
    withdrawal.asked = [WithdrawalChoice(effect=effect) for effect in sorted(reached.effects)]
    registry_session.add(withdrawal)
    registry_session.flush()


def _record(actor: Actor, withdrawal: Withdrawal) -> None:
    audit.record(
        actor,
        AuditTag.CONSENT_WITHDRAWN,
        withdrawal.participant,
        withdrawal=withdrawal.id,
        scope=withdrawal.scope,
        said_by=withdrawal.said_by,
        uses=[covered.use for covered in withdrawal.covers],
        items=[item.item_code for item in withdrawal.items],
        projects=[one.project for one in withdrawal.projects],
        effects=[choice.effect for choice in withdrawal.asked],
        effective_on=withdrawal.effective_on,
    )


def _tell(actor: Actor, withdrawal: Withdrawal, reached: Reach) -> None:
    events.publish(
        ConsentWithdrawn(
            **vars(reached),
            actor=actor,
            withdrawal_id=withdrawal.id,
            recorded_at=withdrawal.recorded_at,
        )
    )
