"""What comes to a person after a withdrawal: it goes where the withdrawal put the rest.

Tubes of a participant who turns out to be the one who withdrew, and tubes that
are taken in later, are in quarantine from the moment they are here; they leave
it as all others do, once the consent allows keeping them again.
"""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy import orm

from registry.consents import decision
from registry.consents.withdrawals.models import Withdrawal, WithdrawalChoice
from registry.custody.destruction import ordering
from registry.custody.quarantine import opening
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.participants.events import ParticipantMerged
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.vocab.consent import Use, WithdrawalEffect

#: While it is doubtful who somebody is, a withdrawal on record counts.
_STANDING_RULES = (1, 2)


def on_participant_merged(event: ParticipantMerged) -> None:
    """Let a withdrawal of either hold for the tubes of both."""
    follow(event.actor, [event.into_id])


def follow(actor: Actor, participant_ids: Collection[int]) -> int:
    """Put in quarantine what these people's standing withdrawals would have put there.

    What such a withdrawal asked to be destroyed is ordered to be.  Gives how
    many samples entered; the number of statements grows with the people who
    withdrew alone.
    """
    entered = 0
    for person_id, withdrawal in _withdrawn(participant_ids).items():
        everyone = _members(person_id)
        # Participants are locked before their samples are, as everywhere.
        registry_session.execute(
            sa.select(Participant.id)
            .where(Participant.id.in_(everyone))
            .order_by(Participant.id)
            .with_for_update()
        )
        standing = decision.decide(person_id, Use.STORE, clock.today())
        if standing.is_allowed or standing.rule not in _STANDING_RULES:
            continue
        held, cause = opening.lock(everyone), f"withdrawal:{withdrawal.id}"
        entered += opening.put(actor, held, cause=cause)
        if WithdrawalEffect.DESTROY_SAMPLES in {one.effect for one in withdrawal.asked}:
            ordering.order(actor, held, cause=cause)
    return entered


def _withdrawn(participant_ids: Collection[int]) -> dict[int, Withdrawal]:
    """The last withdrawal that stopped all use, by the person for whom it counts."""
    asked, member = orm.aliased(Participant), orm.aliased(Participant)
    person = sa.func.coalesce(asked.merged_into_id, asked.id)
    rows = registry_session.execute(
        sa.select(person, Withdrawal)
        .join(member, sa.func.coalesce(member.merged_into_id, member.id) == person)
        .join(Withdrawal, Withdrawal.participant_id == member.id)
        .join(WithdrawalChoice, WithdrawalChoice.withdrawal_id == Withdrawal.id)
        .where(asked.id.in_(participant_ids), WithdrawalChoice.effect == WithdrawalEffect.STOP_USE)
        .order_by(person, Withdrawal.id)
    )
    return dict(rows.all())


def _members(person_id: int) -> Collection[int]:
    return registry_session.scalars(
        sa.select(Participant.id).where(
            sa.or_(Participant.id == person_id, Participant.merged_into_id == person_id)
        )
    ).all()
