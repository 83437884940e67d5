"""Keeping what had left, telling those who hold it, and writing to the participant."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.consents.withdrawals.events import ConsentWithdrawn
from registry.consents.withdrawals.followup import policies
from registry.consents.withdrawals.followup.models import (
    RecallNotice,
    RecallNoticeItem,
    WithdrawalLetter,
    WithdrawalRelease,
)
from registry.consents.withdrawals.models import Withdrawal
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.persistence import lock_row, registry_session, transactional
from registry.vocab.audit import AuditTag
from registry.vocab.consent import Language
from registry.vocab.withdrawals import ReleaseKind


@dataclass(frozen=True, order=True)
class Release:
    """Something that has left, and with whom it is or was."""

    released_on: date
    kind: ReleaseKind
    #: The code of what left: a sample's, or an extract's number.
    what: str
    recipient: str
    #: When it came back; None for what never did or cannot.
    returned_on: date | None = None

    @property
    def is_held(self) -> bool:
        """Whether the recipient has it still, and must be told."""
        return self.returned_on is None


def keep(event: ConsentWithdrawn, releases: Sequence[Release]) -> None:
    """Keep what had left with the withdrawal, and open a notice to each who has some of it still.

    In the transaction that records the withdrawal.
    """
    if not releases:
        return
    registry_session.execute(
        sa.insert(WithdrawalRelease).execution_options(render_nulls=True),
        [{"withdrawal_id": event.withdrawal_id, **vars(one)} for one in sorted(set(releases))],
    )
    held: dict[str, set[tuple[ReleaseKind, str]]] = defaultdict(set)
    for one in releases:
        if one.is_held:
            held[one.recipient].add((one.kind, one.what))
    for addressee, things in sorted(held.items()):
        notice = _notice(event, addressee)
        notice.items += [RecallNoticeItem(kind=kind, what=what) for kind, what in sorted(things)]
    registry_session.flush()


def _notice(event: ConsentWithdrawn, addressee: str) -> RecallNotice:
    """The withdrawal's notice to this addressee, who may have had some already."""
    known = registry_session.scalar(
        sa.select(RecallNotice).where(
            RecallNotice.withdrawal_id == event.withdrawal_id, RecallNotice.addressee == addressee
        )
    )
    if known is not None:
        return known
    notice = RecallNotice(
        withdrawal_id=event.withdrawal_id, addressee=addressee, opened_at=clock.now(), items=[]
    )
    registry_session.add(notice)
    registry_session.flush()
    audit.record(
        event.actor,
        AuditTag.RECALL_NOTICE_OPENED,
        notice,
        site_id=notice.site_id,
        withdrawal=event.withdrawal_id,
    )
    return notice


@transactional
def send(actor: Actor, notice_id: int, *, sent_on: date) -> RecallNotice:
    """Note that the notice went out on that day.

    :raises RuleBroken: it went out before.
    :raises InvalidInput: the day is to come, or lies before the withdrawal.
    """
    notice = lock_row(RecallNotice, notice_id)
    require(actor, Permission.WITHDRAWAL_FOLLOW, notice)
    policies.check_can_be_sent(notice)
    policies.check_day(sent_on, clock.to_paris(notice.opened_at).date(), field="sent_on")
    notice.sent_on = sent_on
    notice.sent_by_id = actor.id
    audit.record(
        actor,
        AuditTag.RECALL_NOTICE_SENT,
        notice,
        withdrawal=notice.withdrawal_id,
        sent_on=sent_on,
    )
    return notice


@transactional
def acknowledge(
    actor: Actor, notice_id: int, *, acknowledged_on: date, answer: str
) -> RecallNotice:
    """Note what the recipient answered: destroyed, sent back, kept and why.

    :raises RuleBroken: the notice was not sent yet, or is answered already.
    :raises InvalidInput: the day cannot be, or the answer says nothing.
    """
    notice = lock_row(RecallNotice, notice_id)
    require(actor, Permission.WITHDRAWAL_FOLLOW, notice)
    sent_on = policies.check_can_be_acknowledged(notice)
    policies.check_day(acknowledged_on, sent_on, field="acknowledged_on")
    notice.acknowledged_on = acknowledged_on
    notice.answer = policies.check_answer(answer)
    audit.record(
        actor,
        AuditTag.RECALL_NOTICE_ACKNOWLEDGED,
        notice,
        reason=notice.answer,
        withdrawal=notice.withdrawal_id,
        acknowledged_on=acknowledged_on,
    )
    return notice


@transactional
def send_letter(
    actor: Actor, withdrawal_id: int, *, language: Language, sent_on: date
) -> WithdrawalLetter:
    """Note that the participant has the letter about what was done.

    :raises RuleBroken: it was sent before.
    :raises InvalidInput: the day is to come, or lies before the withdrawal.
    """
    withdrawal = lock_row(Withdrawal, withdrawal_id)
    require(actor, Permission.WITHDRAWAL_FOLLOW, withdrawal)
    if registry_session.get(WithdrawalLetter, withdrawal_id) is not None:
        raise RuleBroken(T("The letter about this withdrawal was sent already."))
    policies.check_day(sent_on, clock.to_paris(withdrawal.recorded_at).date(), field="sent_on")
    letter = WithdrawalLetter(
        withdrawal_id=withdrawal_id,
        language=language,
        sent_on=sent_on,
        recorded_at=clock.now(),
        recorded_by_id=actor.id,
    )
    registry_session.add(letter)
    audit.record(
        actor,
        AuditTag.WITHDRAWAL_LETTER_SENT,
        withdrawal,
        language=language,
        sent_on=sent_on,
    )
    return letter
