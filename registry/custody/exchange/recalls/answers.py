"""A partner's signed answer to a recall of ours: what became of each tube there."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.consents.withdrawals.followup import service as followup
from registry.consents.withdrawals.followup.models import RecallNotice
from registry.custody.exchange import believing
from registry.custody.exchange.believing import Believed, Kind
from registry.custody.exchange.recalls import calling, obeying, queries as recalls
from registry.custody.exchange.recalls.models import RecallAnswer, SignedRecall
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import Message, T
from registry.persistence import lock_row, registry_session, transactional
from registry.vocab.audit import AuditTag
from registry.vocab.exchange import RecalledState
from registry.vocab.labels import label

ANSWER = Kind(recalls.ANSWER_PART, obeying.FORMAT, T("This is no signed answer to a recall."))


@transactional
def take_in(actor: Actor, file: bytes, *, translate: Callable[[Message], str]) -> RecallAnswer:
    """Keep what the partner answered; the first answer acknowledges the notice.

    `translate` makes the sentence that the notice keeps as the answer.

    :raises InvalidInput: the answer is not believed, or not understood.
    :raises RuleBroken: it is to no recall of ours, or was taken in before.
    """
    believed = believing.open_(actor, file, ANSWER)
    recall = _recall_of(believed)
    notice = lock_row(RecallNotice, recall.notice_id)
    require(actor, Permission.WITHDRAWAL_FOLLOW, notice)
    answered_at, tubes = _understood(believed, recall)
    digest = calling.digest(believed.text)
    known = sa.select(RecallAnswer.id).where(RecallAnswer.digest == digest)
    if registry_session.scalar(known) is not None:
        raise RuleBroken(T("This answer was taken in already."), field="file")
    answer = RecallAnswer(
        recall_id=recall.id,
        key_id=believed.signer.id,
        text=believed.text,
        digest=digest,
        answered_at=answered_at,
        taken_in_at=clock.now(),
        taken_in_by_id=actor.id,
    )
    registry_session.add(answer)
    audit.record(
        actor,
        AuditTag.RECALL_ANSWER_BELIEVED,
        recall,
        site_id=notice.site_id,
        notice=notice.number,
        key=believed.signer.fingerprint,
        tubes=tubes,
    )
    _note(actor, notice, recall, _in_words(tubes, translate))
    registry_session.flush()
    return answer


def tubes_of(answer: RecallAnswer) -> Mapping[str, RecalledState]:
    """What became of each tube, by the code."""
    said = json.loads(answer.text)["tubes"]
    return {code: RecalledState(state) for code, state in sorted(said.items())}


def _recall_of(believed: Believed) -> SignedRecall:
    """The recall that is answered.

    :raises RuleBroken: it is none that was signed here for whoever answers.
    """
    recall = registry_session.scalar(
        sa.select(SignedRecall).where(SignedRecall.digest == str(believed.said.get("of")))
    )
    if recall is None or recall.key.partner_id != believed.signer.partner_id:
        raise RuleBroken(T("This answers no recall that was signed here."), field="file")
    return recall


def _understood(
    believed: Believed, recall: SignedRecall
) -> tuple[datetime, Mapping[str, RecalledState]]:
    """When it was answered, and what became of each tube of the recall.

    :raises InvalidInput: a part is missing, or is not understood.
    """
    try:
        at = datetime.fromisoformat(believed.said["answered_at"])
        tubes = {str(code): RecalledState(s) for code, s in believed.said["tubes"].items()}
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ANSWER.unreadable() from None
    named = {one["code"] for one in json.loads(recall.text)["tubes"]}
    if at.tzinfo is None or tubes.keys() != named:
        raise ANSWER.unreadable()
    return at, tubes


def _in_words(tubes: Mapping[str, RecalledState], translate: Callable[[Message], str]) -> str:
    """How many tubes are in which state; the answer itself names each."""
    counted = Counter(tubes.values())
    return ", ".join(f"{translate(label(one))}: {counted[one]}" for one in sorted(counted))


def _note(actor: Actor, notice: RecallNotice, recall: SignedRecall, words: str) -> None:
    """Close the notice by the first answer: whoever answered has it."""
    if notice.acknowledged_on is not None:
        return
    if notice.sent_on is None:
        sent_on = clock.to_paris(recall.signed_at).date()
        followup.send(actor, notice.id, sent_on=sent_on)
    followup.acknowledge(actor, notice.id, acknowledged_on=clock.today(), answer=words)
