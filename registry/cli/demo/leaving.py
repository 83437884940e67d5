"""A participant who leaves on the last day: samples to destroy, one of them lent."""

from collections.abc import Sequence

import sqlalchemy as sa

from registry.cli.demo.people import Login, Staff
from registry.consents.withdrawals import service as withdrawals
from registry.consents.withdrawals.followup import service as followup
from registry.consents.withdrawals.followup.models import RecallNotice
from registry.custody.destruction import service as destruction
from registry.custody.models import Holding, Loan
from registry.extracts.models import ExtractMember
from registry.kernel import clock
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.samples.models import Sample
from registry.vocab.consent import Channel, WithdrawalEffect, WithdrawalScope
from registry.vocab.custody import DestructionMethod, HolderKind

_DESTROYED = 2


def leave(staff: Staff) -> None:
    """Record the withdrawal, send the notice, and destroy the first samples."""
    participant_id = _somebody()
    if participant_id is None:
        return
    officer = staff[Login.DPO]
    withdrawal = withdrawals.withdraw(
        officer,
        participant_id,
        scope=WithdrawalScope.ALL,
        effects=[WithdrawalEffect.DESTROY_SAMPLES],
        channel=Channel.LETTER,
        reason="Demande la destruction de ses échantillons.",
    )
    for notice_id in registry_session.scalars(
        sa.select(RecallNotice.id).where(RecallNotice.withdrawal_id == withdrawal.id)
    ).all():
        followup.send(officer, notice_id, sent_on=clock.today())
    destruction.carry_out(
        staff[Login.TECHNICIAN],
        _in_store(participant_id),
        witness=officer,
        method=DestructionMethod.CONTRACTOR,
    )


def _somebody() -> int | None:
    """Somebody with a sample that was not brought back and others in store, in no extract."""
    stored = (
        sa.select(Sample.participant_id)
        .join(Holding, Holding.sample_id == Sample.id)
        .where(Holding.kind == HolderKind.POSITION)
    )
    return registry_session.scalar(
        sa.select(Participant.id)
        .join(Sample, Sample.participant_id == Participant.id)
        .join(Loan, (Loan.sample_id == Sample.id) & Loan.closed_at.is_(None))
        .where(
            Participant.merged_into_id.is_(None),
            Participant.id.in_(stored),
        )
        .order_by(sa.exists().where(ExtractMember.participant_id == Participant.id), Participant.id)
        .limit(1)
    )


def _in_store(participant_id: int) -> Sequence[str]:
    return registry_session.scalars(
        sa.select(Sample.code)
        .join(Holding, Holding.sample_id == Sample.id)
        .where(Sample.participant_id == participant_id, Holding.kind == HolderKind.POSITION)
        .order_by(Sample.id)
        .limit(_DESTROYED)
    ).all()
