"""What the recording of consents tells the rest of the registry."""

from dataclasses import dataclass

from registry.kernel.actor import Actor


@dataclass(frozen=True)
class ConsentRecorded:
    """A signed form is on record; it may correct an earlier record."""

    actor: Actor
    participant_id: int
    consent_id: int
