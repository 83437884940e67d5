"""What participants tell the rest of the registry, in the transaction that changes them."""

from dataclasses import dataclass
from datetime import date

from registry.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class ParticipantMerged:
    """A participant was merged into another, who bears its records from now on."""

    actor: Actor
    into_id: int


@dataclass(frozen=True, kw_only=True)
class DataCollected:
    """Something about a participant is being written down that was seen or drawn on a day."""

    participant_id: int
    on: date
