"""What extracts do when consent is withdrawn: recall what may no longer leave, keep what has left.

`registry.wiring` connects this to `ConsentWithdrawn`; it all happens in the
transaction of the withdrawal.
"""

from registry.applications import service as applications
from registry.applications.models import Application
from registry.applications.policies import can
from registry.consents.withdrawals.events import ConsentWithdrawn
from registry.consents.withdrawals.followup import service as followup
from registry.extracts.models import Extract
from registry.extracts.recall import reaching
from registry.extracts.recall.reaching import Reached
from registry.persistence import lock_row, registry_session
from registry.vocab.applications import Act


def on_consent_withdrawn(event: ConsentWithdrawn) -> None:
    """Withdraw every extract with the participant in it that the withdrawal reaches.

    One that was downloaded is recalled as well, so that it is not downloaded again.
    """
    followup.keep(event, reaching.releases(event))
    for found in reaching.to_recall(event):
        _recall(event, found)
    registry_session.flush()


def _recall(event: ConsentWithdrawn, found: Reached) -> None:
    application = lock_row(Application, found.application_id)
    extract = lock_row(Extract, found.extract_id)
    # Somebody else's withdrawal may have come first; a new extract is made without this one.
    if not can(application, Act.RECALL) or extract.recalled_at is not None:
        return
    applications.recall(
        event.actor, application, production=found.seq, withdrawal=event.withdrawal_id
    )
    extract.recalled_at = event.recorded_at
