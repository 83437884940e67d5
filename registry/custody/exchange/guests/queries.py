"""Reading what was done with partners' tubes."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from registry.custody.exchange.guests.models import GuestAct
from registry.custody.exchange.models import ForeignShipment
from registry.custody.exchange.recalls.models import ForeignRecall, RecalledTube, RecalledTubeEnd
from registry.persistence import registry_session
from registry.vocab.exchange import GuestActKind, RecalledState


def acts_on(shipment: ForeignShipment) -> Sequence[GuestAct]:
    """What was done with the tubes of a shipment that the actor was shown, the first act first."""
    return registry_session.scalars(
        sa.select(GuestAct).where(GuestAct.shipment_id == shipment.id).order_by(GuestAct.id)
    ).all()


def ends_in(shipment: ForeignShipment) -> Mapping[str, RecalledState]:
    """What became of the tubes of a shipment that are here no more, by the code.

    Said by itself, or in answer to a recall after the shipment came.
    """
    recalled = registry_session.execute(
        sa.select(RecalledTube.code, RecalledTubeEnd.state)
        .join(RecalledTubeEnd, RecalledTubeEnd.tube_id == RecalledTube.id)
        .join(ForeignRecall, ForeignRecall.id == RecalledTube.recall_id)
        .where(
            ForeignRecall.partner_id == shipment.partner_id,
            RecalledTubeEnd.said_at >= shipment.taken_in_at,
        )
    )
    own = {one.code: one.outcome for one in acts_on(shipment) if one.outcome is not None}
    return {**dict(recalled.all()), **own}


def gone(partner_id: int, tubes: Mapping[str, str]) -> Mapping[str, RecalledState]:
    """What became of those of the partner's tubes that are here no more, by the code.

    `tubes` are the numbers of the shipments that they came with, by the code: the same
    tube may come again with another.
    """
    rows = registry_session.execute(
        sa.select(GuestAct.code, GuestAct.outcome, ForeignShipment.code)
        .join(ForeignShipment, ForeignShipment.id == GuestAct.shipment_id)
        .where(
            ForeignShipment.partner_id == partner_id,
            GuestAct.code.in_(tubes),
            GuestAct.kind == GuestActKind.GONE,
        )
    )
    return {
        code: outcome
        for code, outcome, shipment in rows
        if outcome is not None and tubes[code] == shipment
    }
