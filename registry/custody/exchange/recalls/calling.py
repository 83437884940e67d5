"""Signing a recall notice for the partner's installation, as soon as the consent is withdrawn.

`registry.wiring` connects this to `ConsentWithdrawn`, after the shipments have opened the
notices; it happens in the transaction of the withdrawal.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.consents.withdrawals.events import ConsentWithdrawn
from registry.consents.withdrawals.followup.models import RecallNotice
from registry.custody.exchange import keys
from registry.custody.exchange.models import PartnerKey
from registry.custody.exchange.recalls.models import RecallAnswer, SignedRecall
from registry.custody.shipments import manifest
from registry.custody.shipments.models import Partner, Shipment, ShipmentLine
from registry.documents import signatures
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound, RuleBroken
from registry.kernel.messages import T
from registry.persistence import lock_row, registry_session, transactional
from registry.samples.models import Sample
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.consent import WithdrawalEffect
from registry.vocab.exchange import RecallAsked
from registry.vocab.shipping import AWAY
from registry.vocab.withdrawals import ReleaseKind

FORMAT = "shipment-recall/1"
#: Where the file holds the text that was signed.
PART = "recall"

Tubes = Sequence[Mapping[str, str]]


def on_consent_withdrawn(event: ConsentWithdrawn) -> None:
    """Sign the notice to each partner whose installation is known, in the withdrawal's commit."""
    known = registry_session.execute(
        sa.select(RecallNotice, PartnerKey)
        .join(Partner, Partner.name == RecallNotice.addressee)
        .join(PartnerKey, PartnerKey.partner_id == Partner.id)
        .where(
            RecallNotice.withdrawal_id == event.withdrawal_id,
            PartnerKey.compared_at.is_not(None),
            PartnerKey.retired_at.is_(None),
        )
        .order_by(RecallNotice.id)
    ).all()
    if not known:
        return
    away = _away([notice for notice, _key in known])
    for notice, key in known:
        if notice.id in away:
            _sign(event.actor, notice, key, away[notice.id])
    registry_session.flush()


@transactional
def sign(actor: Actor, notice_id: int) -> SignedRecall:
    """Sign a notice for the partner's installation: its key counts since then, or is another now.

    :raises RuleBroken: no key of the addressee counts, the notice is signed for it
        already, or nothing that it names is with the addressee still.
    """
    notice = lock_row(RecallNotice, notice_id)
    require(actor, Permission.WITHDRAWAL_FOLLOW, notice)
    key = key_for(notice)
    if key is None:
        raise RuleBroken(
            T("No key of {partner} counts: send the letter.", partner=notice.addressee)
        )
    newest = newest_of(notice.id)
    if newest is not None and newest.key_id == key.id:
        raise RuleBroken(T("This notice is signed already."))
    tubes = _away([notice]).get(notice.id)
    if not tubes:
        raise RuleBroken(T("{partner} has none of these tubes any more.", partner=notice.addressee))
    signed = _sign(actor, notice, key, tubes)
    registry_session.flush()
    return signed


def key_for(notice: RecallNotice) -> PartnerKey | None:
    """The key of the addressee's installation, if the addressee is a partner and one counts."""
    partner_id = registry_session.scalar(
        sa.select(Partner.id).where(Partner.name == notice.addressee)
    )
    return None if partner_id is None else keys.counting(partner_id)


@dataclass(frozen=True)
class Called:
    """How far a notice has come between the two installations."""

    #: As it was signed last; None when it never was.
    recall: SignedRecall | None
    #: The key of the addressee's installation that counts now.
    key: PartnerKey | None
    answers: Sequence[RecallAnswer]

    @property
    def can_be_signed(self) -> bool:
        """Whether it is not signed for the installation that the addressee has now."""
        return self.key is not None and (self.recall is None or self.recall.key_id != self.key.id)


def called(notice: RecallNotice) -> Called:
    """The same, for a notice that the actor was shown."""
    return Called(newest_of(notice.id), key_for(notice), _answers_to(notice))


def newest_of(notice_id: int) -> SignedRecall | None:
    """The notice as it was signed last."""
    return registry_session.scalar(
        sa.select(SignedRecall)
        .where(SignedRecall.notice_id == notice_id)
        .order_by(SignedRecall.id.desc())
        .limit(1)
    )


def get(actor: Actor, notice_id: int) -> SignedRecall:
    """The notice as it was signed last, for whoever follows the withdrawal.

    :raises NotFound: it was never signed.
    """
    found = newest_of(notice_id)
    if found is None:
        raise NotFound(T("There is no such signed recall."))
    require(actor, Permission.WITHDRAWAL_FOLLOW, found)
    return found


def signed(recall: SignedRecall) -> bytes:
    """The recall as the file that the partner's installation takes in."""
    return manifest.enveloped(PART, recall.text, recall.signature)


def digest(text: str) -> str:
    """What tells one signed text from every other."""
    return hashlib.sha256(text.encode()).hexdigest()


def _answers_to(notice: RecallNotice) -> Sequence[RecallAnswer]:
    """The newest first."""
    return registry_session.scalars(
        sa.select(RecallAnswer)
        .join(SignedRecall, SignedRecall.id == RecallAnswer.recall_id)
        .where(SignedRecall.notice_id == notice.id)
        .order_by(RecallAnswer.answered_at.desc(), RecallAnswer.id.desc())
    ).all()


def _away(notices: Sequence[RecallNotice]) -> Mapping[int, Tubes]:
    """The tubes of each notice that its addressee has still, by the notice."""
    named = {
        (notice.addressee, item.what): notice.id
        for notice in notices
        for item in notice.items
        if item.kind is ReleaseKind.MATERIAL
    }
    rows = registry_session.execute(
        sa.select(Partner.name, Sample.code, Shipment.code)
        .join(ShipmentLine, ShipmentLine.shipment_id == Shipment.id)
        .join(Sample, Sample.id == ShipmentLine.sample_id)
        .join(Partner, Partner.id == Shipment.partner_id)
        .where(
            Sample.code.in_({code for _name, code in named}),
            ShipmentLine.status.in_(AWAY),
            ShipmentLine.closed_at.is_(None),
        )
        .order_by(Shipment.code, Sample.code)
    )
    found: dict[int, list[Mapping[str, str]]] = {}
    for name, code, shipment in rows:
        if (name, code) in named:
            tube = {"code": code, "shipment": shipment}
            found.setdefault(named[name, code], []).append(tube)
    return found


def _sign(actor: Actor, notice: RecallNotice, key: PartnerKey, tubes: Tubes) -> SignedRecall:
    effects = {one.effect for one in notice.withdrawal.asked}
    destroys = WithdrawalEffect.DESTROY_SAMPLES in effects
    asked = RecallAsked.DESTROY if destroys else RecallAsked.RETURN
    until = clock.today() + timedelta(days=limits.RECALL_DAYS)
    said = {
        "format": FORMAT,
        "recipient_key": key.public_key,
        "recall": notice.number,
        "recalled_at": clock.now().isoformat(),
        "asked": asked.value,
        "until": until.isoformat(),
        "tubes": tubes,
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    recall = SignedRecall(
        notice=notice,
        key=key,
        asked=asked,
        until=until,
        text=text,
        digest=digest(text),
        signature=json.dumps(asdict(signatures.sign(manifest.PURPOSE, text.encode()))),
        signed_at=clock.now(),
        signed_by_id=actor.id,
    )
    registry_session.add(recall)
    registry_session.flush()
    audit.record(
        actor,
        AuditTag.RECALL_SIGNED,
        recall,
        site_id=notice.site_id,
        notice=notice.number,
        partner=key.partner_id,
        asked=asked,
        tubes=[one["code"] for one in tubes],
    )
    return recall
