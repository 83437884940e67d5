"""A partner's recall: its tubes are not used from the moment it is believed, and we say so signed.

No recall is too old, and a tube that it names and that has not come yet is set apart
when it comes; only a file that cannot be believed stops nothing.  `registry.wiring`
connects this to `ForeignShipmentTakenIn`, so that the answer says then that it came.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.custody import recording
from registry.custody.exchange import believing, taking_in
from registry.custody.exchange.believing import Believed, Kind
from registry.custody.exchange.events import ForeignShipmentTakenIn
from registry.custody.exchange.models import ForeignShipment
from registry.custody.exchange.recalls import calling
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
from registry.kernel.errors import InvalidInput, NotFound, RuleBroken
from registry.kernel.messages import T
from registry.persistence import lock_row, registry_session, transactional
from registry.samples import policies as samples
from registry.samples.refusals import Refusals
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.exchange import RECALL_ENDS, RecallAsked, RecalledState

FORMAT = "recall-answer/1"
#: Where the answer's file holds the text that was signed.
PART = "answer"

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
    recall = get(actor, recall_id)
    # The recall's own rows never change: what is kept from others is the partner.
    lock_row(Partner, recall.partner_id)
    registry_session.refresh(recall, ["tubes"])
    if state not in RECALL_ENDS:
        raise InvalidInput(T("Say what became of the tubes."), field="state")
    tubes = {one.code: one for one in recall.tubes}
    scanned = recording.read_codes(codes, field="codes")
    known = states(recall)
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
    found = recalled(event.partner_id, event.codes)
    for recall in sorted(set(found.values()), key=attrgetter("id")):
        _answer(recall)


def every(actor: Actor) -> Sequence[ForeignRecall]:
    """The recalls of partners that were taken in, the newest first."""
    require(actor, Permission.SHIPMENT_READ)
    query = sa.select(ForeignRecall).order_by(ForeignRecall.id.desc())
    return registry_session.scalars(query).all()


def get(actor: Actor, recall_id: int) -> ForeignRecall:
    """One of them.

    :raises NotFound: there is none.
    """
    require(actor, Permission.SHIPMENT_READ)
    found = registry_session.get(ForeignRecall, recall_id)
    if found is None:
        raise NotFound(T("There is no such recall."))
    return found


def recalled(partner_id: int, codes: Collection[str]) -> Mapping[str, ForeignRecall]:
    """Those of the partner's tubes that must not be used, by the code: in whichever bag they are.

    A tube that was sent back or destroyed is none any more: it may come again.
    """
    rows = registry_session.scalars(
        sa.select(RecalledTube)
        .join(RecalledTube.recall)
        .outerjoin(RecalledTube.end)
        .where(
            ForeignRecall.partner_id == partner_id,
            RecalledTube.code.in_(codes),
            RecalledTubeEnd.tube_id.is_(None),
        )
        .order_by(RecalledTube.id)
    )
    return {one.code: one.recall for one in rows}


def states(recall: ForeignRecall) -> Mapping[str, RecalledState]:
    """What became of each tube of a recall, as far as it is known here, by the code."""
    arrived: set[str] = set()
    announced: set[str] = set()
    query = sa.select(ForeignShipment).where(
        ForeignShipment.partner_id == recall.partner_id,
        ForeignShipment.code.in_({one.shipment for one in recall.tubes}),
    )
    for shipment in registry_session.scalars(query):
        contents = taking_in.contents(shipment)
        arrived.update(contents.arrived)
        announced.update(contents.announced)
    return {one.code: _state(one, arrived, announced) for one in recall.tubes}


def signed_answer(recall: ForeignRecall) -> bytes:
    """The newest answer as the file that the partner's installation takes in."""
    newest = registry_session.scalars(
        sa.select(ForeignRecallAnswer)
        .where(ForeignRecallAnswer.recall_id == recall.id)
        .order_by(ForeignRecallAnswer.id.desc())
        .limit(1)
    ).one()
    return manifest.enveloped(PART, newest.text, newest.signature)


def _state(tube: RecalledTube, arrived: set[str], announced: set[str]) -> RecalledState:
    if tube.end is not None:
        return tube.end.state
    if tube.code in arrived:
        return RecalledState.SET_APART
    return RecalledState.NOT_ARRIVED if tube.code in announced else RecalledState.UNKNOWN


def _check_can_end(recall: ForeignRecall, code: str, state: RecalledState | None) -> None:
    """Refuse to say what became of a tube that is not recalled, is settled, or is still to come.

    :raises RuleBroken: it is one of these.
    """
    if state is None:
        raise RuleBroken(
            T("{code} is not among the tubes of recall {number}.", code=code, number=recall.number)
        )
    if state in RECALL_ENDS:
        raise RuleBroken(T("It is on record already what became of {code}.", code=code))
    if state is RecalledState.UNKNOWN:
        raise RuleBroken(
            T("{code} was not announced yet: it is set apart when it comes.", code=code)
        )


def _answer(recall: ForeignRecall) -> None:
    said = {
        "format": FORMAT,
        "recipient_key": recall.key.public_key,
        "recall": recall.number,
        "of": recall.digest,
        "answered_at": clock.now().isoformat(),
        "tubes": states(recall),
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
