"""Reading partners' recalls: which tubes must not be used, and what became of each."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from registry.access import Permission, allows, require
from registry.custody.exchange import taking_in
from registry.custody.exchange.models import ForeignShipment
from registry.custody.exchange.recalls.models import (
    ForeignRecall,
    ForeignRecallAnswer,
    RecalledTube,
    RecalledTubeEnd,
)
from registry.custody.shipments import manifest
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.persistence import registry_session
from registry.vocab.exchange import RecalledState

#: Where the file of an answer holds the text that was signed.
ANSWER_PART = "answer"


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


def open_count(actor: Actor) -> int:
    """How many recalls wait for the actor, who receives tubes somewhere, to follow them."""
    if not allows(actor, Permission.SHIPMENT_RECEIVE):
        return 0
    query = (
        sa.select(sa.func.count(sa.distinct(RecalledTube.recall_id)))
        .outerjoin(RecalledTube.end)
        .where(RecalledTubeEnd.tube_id.is_(None))
    )
    return registry_session.scalars(query).one()


def awaiting(partner_id: int, codes: Collection[str]) -> Mapping[str, ForeignRecall]:
    """The recalls of those of the partner's tubes of which it is still to be said what
    became, by the code: in whichever bag they are."""
    query = _naming(partner_id, codes).where(RecalledTubeEnd.tube_id.is_(None))
    return {one.code: one.recall for one in registry_session.scalars(query)}


def stopping(
    partner_id: int, codes: Collection[str], *, sent_at: datetime
) -> Mapping[str, ForeignRecall]:
    """The recalls by which tubes of a bag of the partner's must not be used, by the code.

    Only a tube that was sent back, and that the partner sent anew after that, is free
    of its recall: one that is said to be destroyed and turns up is not used.
    """
    query = _naming(partner_id, codes).where(
        sa.or_(
            RecalledTubeEnd.tube_id.is_(None),
            RecalledTubeEnd.state != RecalledState.RETURNED,
            RecalledTubeEnd.said_at >= sent_at,
        )
    )
    return {one.code: one.recall for one in registry_session.scalars(query)}


def _naming(partner_id: int, codes: Collection[str]) -> sa.Select[RecalledTube]:
    return (
        sa.select(RecalledTube)
        .join(RecalledTube.recall)
        .outerjoin(RecalledTube.end)
        .where(ForeignRecall.partner_id == partner_id, RecalledTube.code.in_(codes))
        .order_by(RecalledTube.id)
    )


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
    return manifest.enveloped(ANSWER_PART, newest.text, newest.signature)


def _state(tube: RecalledTube, arrived: set[str], announced: set[str]) -> RecalledState:
    if tube.end is not None:
        return tube.end.state
    if tube.code in arrived:
        return RecalledState.SET_APART
    return RecalledState.NOT_ARRIVED if tube.code in announced else RecalledState.UNKNOWN
