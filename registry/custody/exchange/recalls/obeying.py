"""A partner's recall: its tubes are not used from the moment it is believed, and we say so signed.

No recall is too old, and a tube that it names and that has not come yet is set apart
when it comes; only a file that cannot be believed stops nothing.  `registry.wiring`
connects this to `ForeignShipmentTakenIn`, so that the answer says then that it came.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.custody import recording
from registry.custody.exchange import believing
from registry.custody.exchange.believing import Believed, Kind
from registry.custody.exchange.events import ForeignShipmentTakenIn
from registry.custody.exchange.guests import queries as guests
from registry.custody.exchange.recalls import calling, queries
from registry.custody.exchange.recalls.models import (
    ForeignRecall,
    ForeignRecallAnswer,
    RecalledTube,
    RecalledTubeEnd,
)
from registry.custody.shipments import manifest
from registry.custody.shipments.models import Partner
from registry.documents import signatures
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.persistence import lock_row, registry_session, transactional
from registry.samples import policies as samples
from registry.samples.refusals import Refusals
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.exchange import RECALL_ENDS, RecallAsked, RecalledState

FORMAT = "recall-answer/1"

RECALL = Kind(calling.PART, calling.FORMAT, T("This is no signed recall of a shipment."))


@dataclass(frozen=True)
class _Said:
    """What a recall says."""

    number: str
    asked: RecallAsked
    until: date
    #: The shipments by the codes of their tubes.
    tubes: Mapping[str, str]


@transactional
def take_in(actor: Actor, file: bytes) -> ForeignRecall:
    """Set the tubes of a partner's recall apart, and sign the answer that says so.

    :raises InvalidInput: it is no recall, was changed, is signed by a key that
        nobody recorded, or says what is not understood.
    :raises RuleBroken: its key does not count, it is for another installation,
        or it was taken in before.
    """
    require(actor, Permission.SHIPMENT_RECEIVE)
    believed = believing.open_(actor, file, RECALL)
    said = _understood(believed)
    # Shipments of the partner are taken in before or after, never at the same time.
    partner = lock_row(Partner, believed.signer.partner_id)
    digest = calling.digest(believed.text)
    known = sa.select(ForeignRecall.id).where(ForeignRecall.digest == digest)
    if registry_session.scalar(known) is not None:
        raise RuleBroken(
            T(
                "Recall {number} of {partner} was taken in already.",
                number=said.number,
                partner=partner.name,
            ),
            field="file",
        )
    recall = ForeignRecall(
        key=believed.signer,
        partner=partner,
        number=said.number,
        asked=said.asked,
        until=said.until,
        text=believed.text,
        digest=digest,
        taken_in_at=clock.now(),
        taken_in_by_id=actor.id,
        tubes=[RecalledTube(code=code, shipment=bag) for code, bag in said.tubes.items()],
    )
    registry_session.add(recall)
    registry_session.flush()
    _end_gone(actor, recall)
    audit.record(
        actor,
        AuditTag.FOREIGN_RECALL_TAKEN_IN,
        recall,
        partner=partner.id,
        recall=said.number,
        asked=said.asked,
        tubes=list(said.tubes),
    )
    _answer(recall)
    return recall


@transactional
def end(
    actor: Actor,
    recall_id: int,
    codes: Sequence[str],
    *,
    state: RecalledState,
    note: str | None = None,
) -> ForeignRecall:
    """Say what became of recalled tubes, all or none, and sign the answer anew.

    :raises InvalidInput: some are not of this recall, or it was said of them
        already; each is named under ``codes``.
    """
    require(actor, Permission.SHIPMENT_RECEIVE)
    recall = queries.get(actor, recall_id)
    # The recall's own rows never change: what is kept from others is the partner.
    lock_row(Partner, recall.partner_id)
    registry_session.refresh(recall, ["tubes"])
    if state not in RECALL_ENDS:
        raise InvalidInput(T("Say what became of the tubes."), field="state")
    tubes = {one.code: one for one in recall.tubes}
    scanned = recording.read_codes(codes, field="codes")
    known = queries.states(recall)
    refusals = Refusals("codes")
    for code in scanned:
        with refusals.gathered(code):
            _check_can_end(recall, code, known.get(code))
    refusals.raise_if_any()
    now = clock.now()
    for code in scanned:
        tubes[code].end = RecalledTubeEnd(state=state, note=note, said_at=now, said_by_id=actor.id)
    registry_session.flush()
    audit.record(
        actor, AuditTag.FOREIGN_RECALL_ENDED, recall, reason=note, state=state, tubes=scanned
    )
    _answer(recall)
    return recall


def on_foreign_shipment_taken_in(event: ForeignShipmentTakenIn) -> None:
    """Answer anew to the recalls of tubes that have only come now."""
    found = queries.awaiting(event.partner_id, event.codes)
    for recall in sorted(set(found.values()), key=attrgetter("id")):
        _answer(recall)


def _end_gone(actor: Actor, recall: ForeignRecall) -> None:
    """Say of tubes that are here no more what became of them before the recall came."""
    outcomes = guests.gone(recall.partner_id, {one.code: one.shipment for one in recall.tubes})
    for tube in recall.tubes:
        if tube.code in outcomes:
            tube.end = RecalledTubeEnd(
                state=outcomes[tube.code], said_at=clock.now(), said_by_id=actor.id
            )
    registry_session.flush()


def _check_can_end(recall: ForeignRecall, code: str, state: RecalledState | None) -> None:
    """Refuse to say what became of a tube that is not recalled, or of which it was said.

    :raises RuleBroken: it is one of these.
    """
    if state is None:
        raise RuleBroken(
            T("{code} is not among the tubes of recall {number}.", code=code, number=recall.number)
        )
    if state in RECALL_ENDS:
        raise RuleBroken(T("It is on record already what became of {code}.", code=code))


def _answer(recall: ForeignRecall) -> None:
    said = {
        "format": FORMAT,
        "recipient_key": recall.key.public_key,
        "recall": recall.number,
        "of": recall.digest,
        "answered_at": clock.now().isoformat(),
        "tubes": queries.states(recall),
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    registry_session.add(
        ForeignRecallAnswer(
            recall_id=recall.id,
            text=text,
            signature=json.dumps(asdict(signatures.sign(manifest.PURPOSE, text.encode()))),
            signed_at=clock.now(),
        )
    )
    registry_session.flush()


def _understood(believed: Believed) -> _Said:
    """What the recall says; a word that is not understood refuses it, and says so.

    :raises InvalidInput: a part is missing, or is not understood.
    """
    said = believed.said
    try:
        number, listed = said["recall"], said["tubes"]
        asked, until = RecallAsked(said["asked"]), date.fromisoformat(said["until"])
        recalled_at = datetime.fromisoformat(said["recalled_at"])
        tubes = dict(map(_tube, listed))
        whole = _is_name(number) and all(map(_is_name, tubes.values()))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise RECALL.unreadable() from None
    if not whole or recalled_at.tzinfo is None or not tubes or len(tubes) != len(listed):
        raise RECALL.unreadable()
    return _Said(number, asked, until, tubes)


def _tube(said: Mapping[str, Any]) -> tuple[str, str]:
    code = samples.read_new_code(said["code"])
    if code != said["code"]:
        raise RECALL.unreadable()
    return code, said["shipment"]


def _is_name(said: object) -> bool:
    return isinstance(said, str) and 0 < len(said) <= limits.CODE_MAX
