"""What a withdrawal tells the rest of the registry, in the transaction that records it."""

from dataclasses import dataclass
from datetime import datetime

from registry.kernel.actor import Actor
from registry.vocab.consent import Use, WithdrawalEffect


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Whom a withdrawal is about, and what it stops and asks to be done."""

    participant_id: int
    #: The participant and whoever was merged into it.
    everyone: tuple[int, ...]
    stopped: frozenset[Use]
    #: The codes of the form's questions that are taken back.
    items: frozenset[str] = frozenset()
    #: The numbers of the requests that may use nothing of the participant any more.
    projects: frozenset[str] = frozenset()
    effects: frozenset[WithdrawalEffect] = frozenset()


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Reach):
    """A participant took something back or opposed it; it holds from this commit on."""

    actor: Actor
    withdrawal_id: int
    recorded_at: datetime

    @property
    def cause(self) -> str:
        """By what other records name the withdrawal."""
        return f"withdrawal:{self.withdrawal_id}"
