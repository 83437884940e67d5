"""What custody does when consent is withdrawn: quarantine, orders to destroy, what had left.

`registry.wiring` connects this to `ConsentWithdrawn`; it all happens in the
transaction of the withdrawal, in a number of statements that does not grow.
"""

from registry.consents.withdrawals.events import ConsentWithdrawn
from registry.consents.withdrawals.followup import service as followup
from registry.custody.destruction import ordering
from registry.custody.quarantine import opening, reaching
from registry.vocab.consent import WithdrawalEffect


def on_consent_withdrawn(event: ConsentWithdrawn) -> None:
    """Put every sample of the participant in quarantine if what is there is no longer used."""
    if WithdrawalEffect.STOP_USE not in event.effects:
        return
    followup.keep(event, reaching.releases(event))
    held = opening.lock(event.everyone)
    opening.put(event.actor, held, cause=event.cause)
    if WithdrawalEffect.DESTROY_SAMPLES in event.effects:
        ordering.order(event.actor, held, cause=event.cause)
