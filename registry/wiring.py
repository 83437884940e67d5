"""Who listens to what: the one table from events to handlers.

Handlers run in the publisher's transaction.  Nothing else subscribes.
"""

from collections.abc import Callable
from typing import Any

from registry.applications.grounds import Approved
from registry.consents.duties.lines import Kind, paris_day
from registry.consents.duties.queries import KINDS
from registry.consents.signing import handlers as signing
from registry.consents.withdrawals import collecting
from registry.consents.withdrawals.events import ConsentWithdrawn
from registry.custody.destruction import duties as destruction
from registry.custody.exchange.events import ForeignShipmentTakenIn
from registry.custody.exchange.recalls import calling, obeying
from registry.custody.picking import stopping as unpicking
from registry.custody.quarantine import handlers as quarantine, late
from registry.custody.shipments import grounds, stopping
from registry.extracts.recall import handlers as recall
from registry.identity.events import (
    PersonAmended,
    PersonBuried,
    PersonDoubted,
    PersonErased,
    PersonEstablished,
    PersonsMerged,
    PersonsSplit,
)
from registry.kernel.events import subscribe
from registry.participants import handlers as participants, splitting
from registry.participants.events import DataCollected, ParticipantMerged
from registry.vocab.duties import DutyKind

HANDLERS: dict[type, tuple[Callable[[Any], None], ...]] = {
    PersonsMerged: (participants.on_persons_merged,),
    DataCollected: (collecting.on_data_collected,),
    ParticipantMerged: (late.on_participant_merged,),
    PersonAmended: (participants.on_person_amended,),
    PersonEstablished: (participants.on_person_established,),
    PersonsSplit: (splitting.on_persons_split,),
    PersonDoubted: (splitting.on_person_doubted,),
    PersonBuried: (signing.on_person_buried,),
    ConsentWithdrawn: (
        quarantine.on_consent_withdrawn,
        stopping.on_consent_withdrawn,
        calling.on_consent_withdrawn,
        unpicking.on_consent_withdrawn,
        recall.on_consent_withdrawn,
    ),
    ForeignShipmentTakenIn: (obeying.on_foreign_shipment_taken_in,),
    PersonErased: (participants.on_person_erased, signing.on_person_erased),
}


#: Duties about consents that lie in areas above consents.
DUTIES: dict[DutyKind, Kind] = {DutyKind.DESTRUCTION: Kind(destruction.orders, paris_day)}


def connect() -> None:
    """Subscribe every handler of the tables, say who answers; repeating it has no effect."""
    KINDS.update(DUTIES)
    grounds.ask(Approved())
    for event_type, handlers in HANDLERS.items():
        for handler in handlers:
            subscribe(event_type, handler)
