"""What taking a partner's shipment in tells the rest of the exchange, in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.kernel.actor import Actor


@dataclass(frozen=True)
class ForeignShipmentTakenIn:
    """Tubes that a partner announced have come, or are missing."""

    actor: Actor
    partner_id: int
    #: What was announced and what was found.
    codes: Sequence[str]
